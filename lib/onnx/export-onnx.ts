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
  /** Texts kept in the file beside the feature names, such as the model's id. Nothing that changes from run to run. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** ONNX's numbers for what is written here (onnx.proto: field numbers of each message, element types). */
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, name: 3, opType: 4 } as const;
const FLOAT = 1;

const IR_VERSION = 8;
const ONNX_OPSET = 15;
const ONNX_ML_OPSET = 3;

/**
 * Write a model as ONNX: input `features` (float, rows × features, NaN = missing), outputs `margin` and `probability`
 * (float, rows × 1). The same model and metadata give the same bytes.
 *
 * The base margin is a first tree of one leaf, because libxgboost adds it before the trees and float32 sums depend on their
 * order; so margins equal libxgboost's to the last bit on one thread. The probability is 1 / (1 + e^−margin) spelled out,
 * because onnxruntime's `Sigmoid` gives exactly 0 below −18, and `TreeEnsembleRegressor` ignores its own LOGISTIC
 * (github.com/microsoft/onnxruntime/issues/26596).
 *
 * @throws where the number of names is not the model's number of features, or metadata names `feature_names`
 */
export function onnxFromXgboost({ model, featureNames, metadata }: OnnxExport): Uint8Array<ArrayBuffer> {
  if (featureNames.length !== model.nFeatures) {
    throw new Error(`Expected ${model.nFeatures} feature names, got ${featureNames.length}.`);
  }
  if (FEATURE_NAMES_KEY in metadata) throw new Error(`Expected no ${FEATURE_NAMES_KEY} among the metadata.`);
  const writer = new MessageWriter()
    .integer(MODEL.irVersion, IR_VERSION)
    .text(MODEL.producerName, 'leadbench')
    .message(MODEL.graph, graph(model))
    .message(MODEL.opsetImport, opset('', ONNX_OPSET))
    .message(MODEL.opsetImport, opset('ai.onnx.ml', ONNX_ML_OPSET));
  const entries = { ...metadata, [FEATURE_NAMES_KEY]: JSON.stringify(featureNames) };
  for (const [key, value] of Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.message(MODEL.metadataProps, new MessageWriter().text(1, key).text(2, value));
  }
  return writer.finish();
}

function graph(model: XgboostModel): MessageWriter {
  const { input, probability, margin } = ONNX_NAMES;
  return new MessageWriter()
    .message(GRAPH.node, treeEnsembleNode(model, input, margin))
    .message(GRAPH.node, node('Neg', [margin], 'negative_margin'))
    .message(GRAPH.node, node('Exp', ['negative_margin'], 'inverse_odds'))
    .message(GRAPH.node, node('Add', ['inverse_odds', 'one'], 'inverse_probability'))
    .message(GRAPH.node, node('Reciprocal', ['inverse_probability'], probability))
    .text(GRAPH.name, 'leadbench')
    .message(GRAPH.initializer, scalar('one', 1))
    .message(GRAPH.input, matrixInfo(input, model.nFeatures))
    .message(GRAPH.output, matrixInfo(probability, 1))
    .message(GRAPH.output, matrixInfo(margin, 1));
}

function node(opType: string, inputs: readonly string[], output: string): MessageWriter {
  const writer = new MessageWriter();
  for (const input of inputs) writer.text(NODE.input, input);
  return writer.text(NODE.output, output).text(NODE.name, opType.toLowerCase()).text(NODE.opType, opType);
}

/** A `TensorProto` of one float, without dimensions. */
function scalar(name: string, value: number): MessageWriter {
  return new MessageWriter()
    .integer(2, FLOAT)
    .floats(4, new Float32Array([value]))
    .text(8, name);
}

/** A `ValueInfoProto` of a float matrix, rows × `nColumns`. */
function matrixInfo(name: string, nColumns: number): MessageWriter {
  const rows = new MessageWriter().text(2, 'rows');
  const columns = new MessageWriter().integer(1, nColumns);
  const shape = new MessageWriter().message(1, rows).message(1, columns);
  const tensorType = new MessageWriter().integer(1, FLOAT).message(2, shape);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType));
}

function opset(domain: string, version: number): MessageWriter {
  return new MessageWriter().text(1, domain).integer(2, version);
}
