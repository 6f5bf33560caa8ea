import { calibrationNodes, type MarginCalibration } from './calibration-nodes';
import { ELEMENT } from './onnx-messages';
import { MessageWriter } from './protobuf';
import { treeEnsembleNode } from './tree-ensemble';
import type { XgboostModel } from './xgboost-model';

/** Names of the graph's one input and two outputs, shared by writer and reader. */
export const ONNX_NAMES = { input: 'features', probability: 'probability', margin: 'margin' } as const;

/** Key of the metadata entry that lists the feature names as a JSON array of texts. */
export const FEATURE_NAMES_KEY = 'feature_names';

/** What an ONNX file is made from. */
export interface OnnxExport {
  readonly model: XgboostModel;
  /** In column order, as many as the model has features. */
  readonly featureNames: readonly string[];
  /** How margins become probabilities. Points of isotonic regression are margins of the model, so float32 holds them. */
  readonly calibration: MarginCalibration;
  /** Texts kept in the file beside the feature names, such as the model's id. Nothing that changes from run to run. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** ONNX's numbers for what is written here (onnx.proto: field numbers of each message, element types). */
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;

const IR_VERSION = 8;
const ONNX_OPSET = 15;
const ONNX_ML_OPSET = 3;

/**
 * Write a model as ONNX: input `features` (float, rows × features, NaN = missing), outputs `probability`, which is calibrated,
 * and `margin`, which is the model's own (float, rows × 1). The same model, calibration and metadata give the same bytes.
 *
 * The base margin is a first tree of one leaf, because libxgboost adds it before the trees and float32 sums depend on their
 * order; so margins equal libxgboost's to the last bit on one thread. `TreeEnsembleRegressor` ignores its own LOGISTIC
 * (github.com/microsoft/onnxruntime/issues/26596), so probabilities are spelled out: see `calibrationNodes`.
 *
 * @throws where the number of names is not the model's number of features, or metadata names `feature_names`
 */
export function onnxFromXgboost({
  model,
  featureNames,
  calibration,
  metadata,
}: OnnxExport): Uint8Array<ArrayBuffer> {
  if (featureNames.length !== model.nFeatures) {
    throw new Error(`Expected ${model.nFeatures} feature names, got ${featureNames.length}.`);
  }
  if (FEATURE_NAMES_KEY in metadata) throw new Error(`Expected no ${FEATURE_NAMES_KEY} among the metadata.`);
  const writer = new MessageWriter()
    .integer(MODEL.irVersion, IR_VERSION)
    .text(MODEL.producerName, 'leadbench')
    .message(MODEL.graph, graph(model, calibration))
    .message(MODEL.opsetImport, opset('', ONNX_OPSET))
    .message(MODEL.opsetImport, opset('ai.onnx.ml', ONNX_ML_OPSET));
  const entries = { ...metadata, [FEATURE_NAMES_KEY]: JSON.stringify(featureNames) };
  for (const [key, value] of Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.message(MODEL.metadataProps, new MessageWriter().text(1, key).text(2, value));
  }
  return writer.finish();
}

function graph(model: XgboostModel, calibration: MarginCalibration): MessageWriter {
  const { input, probability, margin } = ONNX_NAMES;
  const { nodes, initializers } = calibrationNodes(calibration, { margin, probability });
  const writer = new MessageWriter().message(GRAPH.node, treeEnsembleNode(model, input, margin));
  for (const node of nodes) writer.message(GRAPH.node, node);
  writer.text(GRAPH.name, 'leadbench');
  for (const initializer of initializers) writer.message(GRAPH.initializer, initializer);
  return writer
    .message(GRAPH.input, matrixInfo(input, model.nFeatures))
    .message(GRAPH.output, matrixInfo(probability, 1))
    .message(GRAPH.output, matrixInfo(margin, 1));
}

/** A `ValueInfoProto` of a float matrix, rows × `nColumns`. */
function matrixInfo(name: string, nColumns: number): MessageWriter {
  const rows = new MessageWriter().text(2, 'rows');
  const columns = new MessageWriter().integer(1, nColumns);
  const shape = new MessageWriter().message(1, rows).message(1, columns);
  const tensorType = new MessageWriter().integer(1, ELEMENT.float).message(2, shape);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType));
}

function opset(domain: string, version: number): MessageWriter {
  return new MessageWriter().text(1, domain).integer(2, version);
}
