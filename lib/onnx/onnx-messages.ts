import { MessageWriter } from './protobuf';

/** ONNX's numbers of element types (`TensorProto.DataType`). */
export const ELEMENT = { float: 1, int64: 7 } as const;

/** Field numbers of `NodeProto` and `AttributeProto`. */
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const INTEGER_ATTRIBUTE = 2;

/** A `NodeProto`. Nodes are named after what they give, which is unique in a graph. */
export function operatorNode(
  opType: string,
  inputs: readonly string[],
  output: string,
  integerAttributes: Readonly<Record<string, number>> = {},
): MessageWriter {
  const writer = new MessageWriter();
  for (const input of inputs) writer.text(NODE.input, input);
  writer.text(NODE.output, output).text(NODE.name, output).text(NODE.opType, opType);
  for (const [name, value] of Object.entries(integerAttributes)) {
    const attribute = new MessageWriter()
      .text(ATTRIBUTE.name, name)
      .integer(ATTRIBUTE.integer, value)
      .integer(ATTRIBUTE.type, INTEGER_ATTRIBUTE);
    writer.message(NODE.attribute, attribute);
  }
  return writer;
}

/** A `TensorProto` of one float, without dimensions. */
export function scalarTensor(name: string, value: number): MessageWriter {
  return new MessageWriter()
    .integer(2, ELEMENT.float)
    .floats(4, new Float32Array([value]))
    .text(8, name);
}

/** A `TensorProto` of floats in one dimension. */
export function vectorTensor(name: string, values: Float32Array): MessageWriter {
  return new MessageWriter()
    .integers(1, [values.length])
    .integer(2, ELEMENT.float)
    .floats(4, values)
    .text(8, name);
}

/** A `TensorProto` of whole numbers in one dimension. */
export function wholeTensor(name: string, values: readonly number[]): MessageWriter {
  return new MessageWriter()
    .integers(1, [values.length])
    .integer(2, ELEMENT.int64)
    .integers(7, values)
    .text(8, name);
}
