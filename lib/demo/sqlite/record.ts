/** Longest text of a demo table in bytes; anything near it means a bug. */
const MAX_BODY = 4096;
const MAX_HEADER = 100;

/**
 * One row in SQLite's record format (https://www.sqlite.org/fileformat2.html#record_format): call `clear`, add the
 * columns in order, then read `header` and `body`. Reused for every row, so that a million rows make no garbage.
 */
export class RecordBuffer {
  readonly #header = new Uint8Array(MAX_HEADER);
  readonly #body = new Uint8Array(MAX_BODY);
  readonly #view = new DataView(this.#body.buffer);
  // Byte 0 is the header's own size, filled in when the record is copied out.
  #headerLength = 1;
  #bodyLength = 0;

  clear(): void {
    this.#headerLength = 1;
    this.#bodyLength = 0;
  }

  /** Add NULL: a missing value, or the column that is the row id. */
  addNull(): void {
    this.#addType(0);
  }

  /** Add a signed integer of at most 32 bits, in the fewest bytes. @throws Where it is no such integer. */
  addInteger(value: number): void {
    if (value !== (value | 0)) throw new Error(`expected a 32-bit integer, got ${value}`);
    if (value === 0 || value === 1) this.#addType(8 + value);
    else if (value >= -128 && value < 128) {
      this.#addType(1);
      this.#view.setInt8(this.#grow(1), value);
    } else if (value >= -32_768 && value < 32_768) {
      this.#addType(2);
      this.#view.setInt16(this.#grow(2), value);
    } else {
      this.#addType(4);
      this.#view.setInt32(this.#grow(4), value);
    }
  }

  /** Add a floating-point number. */
  addReal(value: number): void {
    this.#addType(7);
    this.#view.setFloat64(this.#grow(8), value);
  }

  /** Add a text given as UTF-8: the first `length` bytes of a buffer. */
  addText(utf8: Uint8Array, length = utf8.length): void {
    this.#addType(13 + 2 * length);
    copy(utf8, length, this.#body, this.#grow(length));
  }

  /** Bytes of the whole record. */
  get length(): number {
    return this.#headerLength + this.#bodyLength;
  }

  /** Copy the record to `target` at `offset`. */
  copyTo(target: Uint8Array, offset: number): void {
    this.#header[0] = this.#headerLength;
    copy(this.#header, this.#headerLength, target, offset);
    copy(this.#body, this.#bodyLength, target, offset + this.#headerLength);
  }

  #addType(serialType: number): void {
    this.#headerLength += writeVarint(this.#header, this.#headerLength, serialType);
    if (this.#headerLength > 63) throw new Error('too many columns for a header of one length byte');
  }

  #grow(nBytes: number): number {
    const at = this.#bodyLength;
    if (at + nBytes > MAX_BODY) throw new Error(`row of more than ${MAX_BODY} bytes`);
    this.#bodyLength += nBytes;
    return at;
  }
}

// For some dozen bytes a loop is quicker than `set` of a subarray, which makes an object for each call.
function copy(source: Uint8Array, length: number, target: Uint8Array, offset: number): void {
  for (let i = 0; i < length; i++) target[offset + i] = source[i]!;
}

/**
 * Write a non-negative integer below 2^35 as SQLite's variable-length integer, big-endian groups of seven bits.
 * Gives the number of bytes written.
 *
 * @example writeVarint(new Uint8Array(9), 0, 300) // 2, the bytes 0x82 0x2c
 */
export function writeVarint(target: Uint8Array, offset: number, value: number): number {
  const length = varintLength(value);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    const low = rest % 128;
    target[offset + i] = i === length - 1 ? low : low | 0x80;
    rest = (rest - low) / 128;
  }
  return length;
}

/** Bytes that `writeVarint` needs. @throws For negative numbers, fractions and 2^35 or more. */
export function varintLength(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 35)
    throw new Error(`no variable-length integer of this writer: ${value}`);
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
