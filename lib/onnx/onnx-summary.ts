import { fail, type Result, succeed } from '@/lib/core/result';
import { messageFields } from './protobuf';

/** What an ONNX file says of itself: enough to decide whether to run it. */
export interface OnnxSummary {
  /** Distinct operators, as `domain:type` with an empty domain for ONNX's own, in alphabetical order. */
  readonly operators: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  /** True where the file brings functions, training steps or tensors kept in other files. */
  readonly hasForeignParts: boolean;
}

interface Parts {
  operators: Set<string>;
  inputs: string[];
  outputs: string[];
  metadata: Map<string, string>;
  hasForeignParts: boolean;
}

/** Read an ONNX file's operators, names and metadata without running anything of it. Failure: `onnx_unreadable`. */
export function onnxSummary(bytes: Uint8Array): Result<OnnxSummary> {
  const parts: Parts = {
    operators: new Set(),
    inputs: [],
    outputs: [],
    metadata: new Map(),
    hasForeignParts: false,
  };
  try {
    readModel(bytes, parts);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    return fail(
      'onnx_unreadable',
      `The file is not an ONNX model: ${error.message}`,
      'Take the file again from where it was made.',
    );
  }
  return succeed({ ...parts, operators: [...parts.operators].sort() });
}

function readModel(bytes: Uint8Array, parts: Parts): void {
  for (const field of messageFields(bytes)) {
    if (!('bytes' in field)) continue;
    if (field.number === 7) readGraph(field.bytes, parts);
    if (field.number === 14) parts.metadata.set(textField(field.bytes, 1), textField(field.bytes, 2));
    if (field.number === 20 || field.number === 25) parts.hasForeignParts = true;
  }
}

function readGraph(bytes: Uint8Array, parts: Parts): void {
  for (const field of messageFields(bytes)) {
    if (!('bytes' in field)) continue;
    if (field.number === 1) parts.operators.add(`${textField(field.bytes, 7)}:${textField(field.bytes, 4)}`);
    if (field.number === 5 && isExternalTensor(field.bytes)) parts.hasForeignParts = true;
    if (field.number === 11) parts.inputs.push(textField(field.bytes, 1));
    if (field.number === 12) parts.outputs.push(textField(field.bytes, 1));
  }
}

/** `TensorProto`: field 13 names another file, field 14 says that the data is there. */
function isExternalTensor(bytes: Uint8Array): boolean {
  for (const field of messageFields(bytes)) {
    if (field.number === 13 || (field.number === 14 && 'integer' in field && field.integer !== 0))
      return true;
  }
  return false;
}

/** The last text in a field, as Protocol Buffers reads a field given twice; '' where there is none. @throws TypeError where it is not UTF-8 */
function textField(bytes: Uint8Array, number: number): string {
  let text = '';
  for (const field of messageFields(bytes)) {
    if (field.number === number && 'bytes' in field) {
      text = new TextDecoder('utf-8', { fatal: true }).decode(field.bytes);
    }
  }
  return text;
}
