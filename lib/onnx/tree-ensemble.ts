import { MessageWriter } from './protobuf';
import type { XgboostModel } from './xgboost-model';

/** `AttributeProto`: field number of each value, and the number of its type. */
const ATTRIBUTE = {
  integer: { field: 3, type: 2 },
  text: { field: 4, type: 3 },
  floats: { field: 7, type: 6 },
  integers: { field: 8, type: 7 },
  texts: { field: 9, type: 8 },
} as const;
const ATTRIBUTE_TYPE = 20;

/** Split nodes and leaves in the arrays that ONNX asks for. */
interface EnsembleColumns {
  readonly treeId: number[];
  readonly nodeId: number[];
  readonly feature: number[];
  readonly value: Float32Array;
  readonly mode: string[];
  readonly trueNode: number[];
  readonly falseNode: number[];
  readonly missingTrue: number[];
  readonly leafTreeId: number[];
  readonly leafNodeId: number[];
  readonly leafWeight: number[];
}

/**
 * Write the operator `TreeEnsembleRegressor` (ai.onnx.ml 3, one target, summed): tree 0 is a leaf of the base margin, the
 * model's trees follow. `BRANCH_LT` is XGBoost's own comparison; a missing value takes the true branch where XGBoost's default is left.
 */
export function treeEnsembleNode(model: XgboostModel, input: string, output: string): MessageWriter {
  const columns = ensembleColumns(model);
  const node = new MessageWriter()
    .text(1, input)
    .text(2, output)
    .text(3, 'trees')
    .text(4, 'TreeEnsembleRegressor')
    .message(5, textAttribute('aggregate_function', 'SUM'))
    .message(5, integerAttribute('n_targets', 1))
    .message(5, integersAttribute('nodes_falsenodeids', columns.falseNode))
    .message(5, integersAttribute('nodes_featureids', columns.feature))
    .message(5, integersAttribute('nodes_missing_value_tracks_true', columns.missingTrue))
    .message(5, textsAttribute('nodes_modes', columns.mode))
    .message(5, integersAttribute('nodes_nodeids', columns.nodeId))
    .message(5, integersAttribute('nodes_treeids', columns.treeId))
    .message(5, integersAttribute('nodes_truenodeids', columns.trueNode))
    .message(5, floatsAttribute('nodes_values', columns.value))
    .message(5, textAttribute('post_transform', 'NONE'))
    .message(5, integersAttribute('target_ids', new Uint8Array(columns.leafWeight.length)))
    .message(5, integersAttribute('target_nodeids', columns.leafNodeId))
    .message(5, integersAttribute('target_treeids', columns.leafTreeId))
    .message(5, floatsAttribute('target_weights', Float32Array.from(columns.leafWeight)));
  return node.text(7, 'ai.onnx.ml');
}

function ensembleColumns(model: XgboostModel): EnsembleColumns {
  const nNodes = model.nodeFeature.length + 1;
  const columns: EnsembleColumns = {
    treeId: [0],
    nodeId: [0],
    feature: [0],
    value: new Float32Array(nNodes),
    mode: ['LEAF'],
    trueNode: [0],
    falseNode: [0],
    missingTrue: [0],
    leafTreeId: [0],
    leafNodeId: [0],
    leafWeight: [model.baseMargin],
  };
  for (let tree = 0; tree < model.nTrees; tree++) {
    const start = model.treeStart[tree]!;
    for (let node = start; node < model.treeStart[tree + 1]!; node++)
      addNode(columns, model, tree + 1, node, start);
  }
  return columns;
}

function addNode(
  columns: EnsembleColumns,
  model: XgboostModel,
  treeId: number,
  node: number,
  start: number,
): void {
  const isLeaf = model.nodeFeature[node] === -1;
  columns.treeId.push(treeId);
  columns.nodeId.push(node - start);
  columns.feature.push(isLeaf ? 0 : model.nodeFeature[node]!);
  columns.mode.push(isLeaf ? 'LEAF' : 'BRANCH_LT');
  columns.trueNode.push(isLeaf ? 0 : model.nodeLeft[node]! - start);
  columns.falseNode.push(isLeaf ? 0 : model.nodeRight[node]! - start);
  columns.missingTrue.push(model.nodeDefaultLeft[node]!);
  if (isLeaf) {
    columns.leafTreeId.push(treeId);
    columns.leafNodeId.push(node - start);
    columns.leafWeight.push(model.nodeValue[node]!);
  } else {
    columns.value[node + 1] = model.nodeValue[node]!;
  }
}

function attribute(name: string, type: number): MessageWriter {
  return new MessageWriter().text(1, name).integer(ATTRIBUTE_TYPE, type);
}

function integerAttribute(name: string, value: number): MessageWriter {
  return attribute(name, ATTRIBUTE.integer.type).integer(ATTRIBUTE.integer.field, value);
}

function textAttribute(name: string, value: string): MessageWriter {
  return attribute(name, ATTRIBUTE.text.type).text(ATTRIBUTE.text.field, value);
}

function integersAttribute(name: string, values: Iterable<number>): MessageWriter {
  return attribute(name, ATTRIBUTE.integers.type).integers(ATTRIBUTE.integers.field, values);
}

function floatsAttribute(name: string, values: Float32Array): MessageWriter {
  return attribute(name, ATTRIBUTE.floats.type).floats(ATTRIBUTE.floats.field, values);
}

function textsAttribute(name: string, values: readonly string[]): MessageWriter {
  const writer = attribute(name, ATTRIBUTE.texts.type);
  for (const value of values) writer.text(ATTRIBUTE.texts.field, value);
  return writer;
}
