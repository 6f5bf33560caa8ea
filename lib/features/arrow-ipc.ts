import { ExpectedFailure } from '@/lib/core/result';

/** One column of a record batch, as a view of the bytes that were read. */
export interface ArrowColumn {
  readonly name: string;
  readonly type: 'float32' | 'uint8' | 'other';
  readonly length: number;
  readonly nNulls: number;
  /** The column's value buffer. Not aligned to the element size where the writer did not align it. */
  readonly bytes: Uint8Array;
}

/** An Arrow table of one record batch. */
export interface ArrowTable {
  readonly metadata: ReadonlyMap<string, string>;
  readonly nRows: number;
  readonly columns: readonly ArrowColumn[];
}

const CONTINUATION = -1;
const MESSAGE_PREFIX_BYTES = 8;
/** Far above what 2,000 columns need, and small enough that nothing done with it takes noticeable time. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_BYTES = 1000;

/** Numbers of the Arrow format (Schema.fbs, Message.fbs). */
const MessageHeader = { schema: 1, recordBatch: 3 } as const;
const FieldType = { int: 2, floatingPoint: 3 } as const;
const SINGLE_PRECISION = 1;
const LITTLE_ENDIAN = 0;

/**
 * Read the layout of an Arrow IPC stream of exactly one schema and one record batch of plain columns, without copying
 * a value. Meant for bytes that cannot be trusted: every offset and count is checked against the bytes at hand before
 * it is followed, so the work is bounded by the size of the input. (Flechette's reader trusts counts and lengths.)
 *
 * @throws ExpectedFailure `dataset_malformed` where the bytes are anything else
 */
export function readArrowStream(bytes: Uint8Array): ArrowTable {
  try {
    return tableOf(bytes);
  } catch (error) {
    // A DataView refuses to read outside its bytes with a RangeError.
    if (error instanceof RangeError) throw malformed('an offset points outside the file', error);
    throw error;
  }
}

function tableOf(bytes: Uint8Array): ArrowTable {
  const schema = messageAt(bytes, 0);
  if (schema.headerType !== MessageHeader.schema) throw malformed('it does not begin with a schema');
  const batch = messageAt(bytes, schema.end);
  if (batch.headerType !== MessageHeader.recordBatch)
    throw malformed('a record batch must follow the schema');
  const ending = new DataView(bytes.buffer, bytes.byteOffset + batch.end, bytes.byteLength - batch.end);
  if (
    ending.byteLength !== 8 ||
    ending.getInt32(0, true) !== CONTINUATION ||
    ending.getInt32(4, true) !== 0
  ) {
    throw malformed('it must end after one record batch');
  }
  const endianness = fieldAt(schema.header, 0);
  if (endianness !== null && schema.header.view.getInt16(endianness, true) !== LITTLE_ENDIAN) {
    throw malformed('it is not little-endian');
  }
  const fields = vectorAt(schema.header, 1, 4).map((at) => fieldOf(tableAt(schema.header.view, at)));
  return { metadata: metadataOf(schema.header), ...columnsOf(batch, fields) };
}

interface Message {
  readonly headerType: number;
  readonly header: FlatTable;
  readonly body: Uint8Array;
  /** Offset of the byte after the message. */
  readonly end: number;
}

function messageAt(bytes: Uint8Array, start: number): Message {
  const prefix = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  if (prefix.getInt32(0, true) !== CONTINUATION) throw malformed('a message does not begin where it should');
  const headerLength = prefix.getInt32(4, true);
  if (headerLength === 0) throw malformed('it ends where a schema or a record batch should be');
  if (headerLength < 0 || headerLength > MAX_HEADER_BYTES)
    throw malformed('a message header has no valid length');
  const view = new DataView(bytes.buffer, prefix.byteOffset + MESSAGE_PREFIX_BYTES, headerLength);
  const message = tableAt(view, 0);
  const headerType = fieldAt(message, 1);
  const header = fieldAt(message, 2);
  if (headerType === null || header === null) throw malformed('a message has no header');
  const bodyLength = wholeNumberAt(message, 3);
  const bodyStart = start + MESSAGE_PREFIX_BYTES + headerLength;
  if (bodyLength > bytes.byteLength - bodyStart) throw malformed('it is cut short');
  return {
    headerType: view.getUint8(headerType),
    header: tableAt(view, header),
    body: bytes.subarray(bodyStart, bodyStart + bodyLength),
    end: bodyStart + bodyLength,
  };
}

function fieldOf(field: FlatTable): Pick<ArrowColumn, 'name' | 'type'> {
  const name = fieldAt(field, 0);
  const typeId = fieldAt(field, 2);
  const type = fieldAt(field, 3);
  if (name === null || typeId === null || type === null) throw malformed('a column has no name or no type');
  const isPlain = fieldAt(field, 4) === null && vectorAt(field, 5, 4).length === 0;
  return {
    name: textAt(field.view, name),
    type: isPlain ? typeOf(field.view.getUint8(typeId), tableAt(field.view, type)) : 'other',
  };
}

function typeOf(typeId: number, type: FlatTable): ArrowColumn['type'] {
  const first = fieldAt(type, 0);
  if (first === null) return 'other';
  if (typeId === FieldType.floatingPoint) {
    return type.view.getInt16(first, true) === SINGLE_PRECISION ? 'float32' : 'other';
  }
  const signed = fieldAt(type, 1);
  const isUnsigned = signed === null || type.view.getUint8(signed) === 0;
  return typeId === FieldType.int && type.view.getInt32(first, true) === 8 && isUnsigned ? 'uint8' : 'other';
}

function metadataOf(schema: FlatTable): Map<string, string> {
  return new Map(
    vectorAt(schema, 2, 4).map((at) => {
      const entry = tableAt(schema.view, at);
      const key = fieldAt(entry, 0);
      const value = fieldAt(entry, 1);
      if (key === null || value === null) throw malformed('an entry of its metadata has no key or no value');
      return [textAt(schema.view, key), textAt(schema.view, value)] as const;
    }),
  );
}

function columnsOf(
  { header, body }: Message,
  fields: readonly Pick<ArrowColumn, 'name' | 'type'>[],
): Pick<ArrowTable, 'nRows' | 'columns'> {
  if (fieldAt(header, 3) !== null) throw malformed('it is compressed');
  const nodes = vectorAt(header, 1, 16);
  // A plain column has two buffers: validity, values.
  const buffers = vectorAt(header, 2, 16);
  const other = fields.find((field) => field.type === 'other');
  if (other !== undefined) throw malformed(`column ${other.name} is neither float32 nor uint8`);
  if (nodes.length !== fields.length || buffers.length !== 2 * fields.length) {
    throw malformed('its record batch does not fit its schema');
  }
  const columns = fields.map((field, i) => {
    const length = countAt(header.view, nodes[i]!);
    const offset = countAt(header.view, buffers[2 * i + 1]!);
    const byteLength = countAt(header.view, buffers[2 * i + 1]! + 8);
    if (offset + byteLength > body.byteLength) throw malformed(`column ${field.name} is cut short`);
    return {
      ...field,
      length,
      nNulls: countAt(header.view, nodes[i]! + 8),
      bytes: body.subarray(offset, offset + byteLength),
    };
  });
  return { nRows: wholeNumberAt(header, 0), columns };
}

/** A table of the FlatBuffers encoding. */
interface FlatTable {
  readonly view: DataView;
  readonly position: number;
  readonly vtable: number;
}

function tableAt(view: DataView, at: number): FlatTable {
  const position = at + view.getUint32(at, true);
  return { view, position, vtable: position - view.getInt32(position, true) };
}

/** Find where the n-th field of a table lies, or null where it is left out. */
function fieldAt({ view, position, vtable }: FlatTable, index: number): number | null {
  const slot = 4 + 2 * index;
  if (slot >= view.getUint16(vtable, true)) return null;
  const offset = view.getUint16(vtable + slot, true);
  return offset === 0 ? null : position + offset;
}

/** List where the entries of a vector lie; none where the vector is left out. */
function vectorAt(table: FlatTable, index: number, stride: number): number[] {
  const field = fieldAt(table, index);
  if (field === null) return [];
  const start = field + table.view.getUint32(field, true);
  const length = table.view.getUint32(start, true);
  if (length * stride > table.view.byteLength - start - 4) throw malformed('a list is longer than the file');
  return Array.from({ length }, (_, i) => start + 4 + i * stride);
}

function textAt(view: DataView, field: number): string {
  const start = field + view.getUint32(field, true);
  const length = view.getUint32(start, true);
  if (length > MAX_TEXT_BYTES) throw malformed(`a name is longer than ${MAX_TEXT_BYTES} bytes`);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start + 4, length);
  if (start + 4 + length > view.byteLength) throw malformed('a name is cut short');
  return new TextDecoder().decode(bytes);
}

function wholeNumberAt(table: FlatTable, index: number): number {
  const field = fieldAt(table, index);
  return field === null ? 0 : countAt(table.view, field);
}

function countAt(view: DataView, at: number): number {
  const count = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(count) || count < 0) throw malformed('a count is negative or too large');
  return count;
}

function malformed(what: string, cause?: Error): ExpectedFailure {
  return new ExpectedFailure(
    {
      code: 'dataset_malformed',
      message: `The training dataset cannot be read: ${what}.`,
      hint: 'Prepare the features again; the dataset is made anew.',
    },
    { cause },
  );
}
