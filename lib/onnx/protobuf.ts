const textEncoder = new TextEncoder();

/** Wire types of Protocol Buffers (protobuf.dev/programming-guides/encoding). */
export const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Collects the fields of one Protocol Buffers message in the order of the calls, so equal calls give equal bytes.
 * Repeated numbers are written packed. Field numbers are those of the `.proto` file.
 */
export class MessageWriter {
  private bytes = new Uint8Array(64);
  private length = 0;

  /** Write an int32, int64, bool or enum field. @param value whole, within ±2⁵³ */
  integer(field: number, value: number): this {
    this.varint(field * 8 + WIRE_TYPE.varint);
    this.varint(value);
    return this;
  }

  /** Write a `string` or `bytes` field; a text in UTF-8. */
  text(field: number, value: string | Uint8Array): this {
    const bytes = typeof value === 'string' ? textEncoder.encode(value) : value;
    this.varint(field * 8 + WIRE_TYPE.bytes);
    this.varint(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** Write a field that is a message. */
  message(field: number, message: MessageWriter): this {
    return this.text(field, message.finish());
  }

  /** Write a repeated int64 field. @param values whole, within ±2⁵³ */
  integers(field: number, values: Iterable<number>): this {
    const packed = new MessageWriter();
    for (const value of values) packed.varint(value);
    return this.message(field, packed);
  }

  /** Write a repeated float field. */
  floats(field: number, values: Float32Array): this {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => {
      view.setFloat32(i * 4, value, true);
    });
    return this.text(field, bytes);
  }

  /** Give a copy of the bytes written so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  private varint(value: number): void {
    this.room(10);
    if (value >= 0 && value <= 0x7fffffff) {
      let rest = value;
      while (rest > 0x7f) {
        this.bytes[this.length++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      this.bytes[this.length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  private room(nBytes: number): void {
    if (this.length + nBytes <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + nBytes));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** One field of a message: a whole number, or the bytes of a text, a message, a packed list or a fixed number. */
export type Field =
  | { readonly number: number; readonly integer: number }
  | { readonly number: number; readonly bytes: Uint8Array };

/**
 * Read the fields of one Protocol Buffers message, one at a time, without copying. Numbers beyond ±2⁵³ lose precision.
 *
 * @throws RangeError where the bytes are no message: cut short, or with a wire type that is not in use
 */
export function* messageFields(bytes: Uint8Array): Generator<Field> {
  const cursor = { position: 0 };
  while (cursor.position < bytes.length) {
    const tag = readVarint(bytes, cursor);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number === 0) throw new RangeError(`Field number 0 at byte ${cursor.position}.`);
    if (wireType === WIRE_TYPE.varint) {
      yield { number, integer: readVarint(bytes, cursor) };
      continue;
    }
    const length = fieldLength(bytes, cursor, wireType);
    if (length > bytes.length - cursor.position) throw new RangeError(`Field ${number} is cut short.`);
    yield { number, bytes: bytes.subarray(cursor.position, cursor.position + length) };
    cursor.position += length;
  }
}

function fieldLength(bytes: Uint8Array, cursor: { position: number }, wireType: number): number {
  if (wireType === WIRE_TYPE.bytes) return readVarint(bytes, cursor);
  if (wireType === WIRE_TYPE.fixed64) return 8;
  if (wireType === WIRE_TYPE.fixed32) return 4;
  throw new RangeError(`Wire type ${wireType} at byte ${cursor.position}.`);
}

function readVarint(bytes: Uint8Array, cursor: { position: number }): number {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.position++];
    if (byte === undefined) throw new RangeError('A number is cut short.');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
  throw new RangeError(`A number is longer than 10 bytes at byte ${cursor.position}.`);
}
