import type { XgboostModel } from '@/lib/onnx/xgboost-model';

/**
 * Walk every tree for every row, as libxgboost's predictor does: float32 sums in tree order from the base margin on.
 * A second opinion for tests, sharing nothing with the ONNX way but the parsed model.
 *
 * @param values row-major, rows × features; NaN = missing
 * @returns a margin a row
 */
export function treeMargins(model: XgboostModel, values: Float32Array): Float32Array {
  const nRows = values.length / model.nFeatures;
  const margins = new Float32Array(nRows).fill(model.baseMargin);
  for (let row = 0; row < nRows; row++) {
    for (let tree = 0; tree < model.nTrees; tree++) {
      let node = model.treeStart[tree]!;
      while (model.nodeFeature[node] !== -1) {
        const value = values[row * model.nFeatures + model.nodeFeature[node]!]!;
        const isLeft = Number.isNaN(value)
          ? model.nodeDefaultLeft[node] === 1
          : value < model.nodeValue[node]!;
        node = isLeft ? model.nodeLeft[node]! : model.nodeRight[node]!;
      }
      margins[row] = margins[row]! + model.nodeValue[node]!;
    }
  }
  return margins;
}
