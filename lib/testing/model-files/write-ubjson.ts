const encoder = new TextEncoder();

/** How XGBoost types the arrays of a key; the others, and numbers that stand alone, are written one by one. */
const ARRAY_MARKERS: ReadonlyMap<string, 'd' | 'l' | 'L' | 'U'> = new Map([
  ...pairs('d', ['base_weights', 'loss_changes', 'split_conditions', 'sum_hessian']),
  ...pairs('l', ['categories', 'categories_nodes', 'feature_segments', 'sorted_idx']),
  ...pairs('l', ['left_children', 'right_children', 'parents', 'split_indices']),
  ...pairs('L', ['categories_segments', 'categories_sizes']),
  ...pairs('U', ['default_left', 'split_type']),
]);

function pairs<T extends string>(marker: T, keys: readonly string[]): [string, T][] {
  return keys.map((key) => [key, marker]);
}

const BYTES_OF = { d: 4, l: 4, L: 8, U: 1 } as const;

/**
 * Write a document as libxgboost writes UBJSON, byte for byte for its own models. An array of numbers whose key has a
 * typed array takes that type, so that numbers too large for it wrap around as they do in C++.
 */
export function writeUbjson(document: unknown): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  writeValue(document, '', pieces);
  return joined(pieces);
}

/** Join pieces of a file. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

function writeValue(value: unknown, key: string, pieces: Uint8Array[]): void {
  if (typeof value === 'string') pieces.push(ascii('S'), text(value));
  else if (typeof value === 'number') pieces.push(loneNumber(value));
  else if (Array.isArray(value)) writeArray(value, key, pieces);
  else if (typeof value === 'object' && value !== null) {
    pieces.push(ascii('{'));
    for (const [name, member] of Object.entries(value)) {
      pieces.push(text(name));
      writeValue(member, name, pieces);
    }
    pieces.push(ascii('}'));
  } else pieces.push(ascii(value === null ? 'Z' : value ? 'T' : 'F'));
}

function writeArray(values: readonly unknown[], key: string, pieces: Uint8Array[]): void {
  const marker = ARRAY_MARKERS.get(key);
  const numbers = values.filter((value) => typeof value === 'number');
  if (marker !== undefined && numbers.length === values.length) {
    pieces.push(ascii(`[$${marker}#`), wholeNumber('L', numbers.length), typedNumbers(marker, numbers));
    return;
  }
  pieces.push(ascii('[#'), wholeNumber('L', values.length));
  for (const value of values) writeValue(value, '', pieces);
}

function typedNumbers(marker: 'd' | 'l' | 'L' | 'U', numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * BYTES_OF[marker]));
  numbers.forEach((value, i) => {
    if (marker === 'd') view.setFloat32(i * 4, value);
    if (marker === 'l') view.setInt32(i * 4, value);
    if (marker === 'L') view.setBigInt64(i * 8, BigInt(Math.trunc(value) || 0));
    if (marker === 'U') view.setUint8(i, value);
  });
  return new Uint8Array(view.buffer);
}

/** A number in the smallest type that holds it. */
function loneNumber(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) return joined([ascii('d'), typedNumbers('d', [value])]);
  if (value >= -128 && value < 128) return wholeNumber('i', value);
  if (value >= -32_768 && value < 32_768) return wholeNumber('I', value);
  return wholeNumber(Math.abs(value) < 2 ** 31 ? 'l' : 'L', value);
}

function wholeNumber(marker: 'i' | 'I' | 'l' | 'L', value: number): Uint8Array {
  const nBytes = { i: 1, I: 2, l: 4, L: 8 }[marker];
  const view = new DataView(new ArrayBuffer(1 + nBytes));
  view.setUint8(0, marker.charCodeAt(0));
  if (marker === 'i') view.setInt8(1, value);
  if (marker === 'I') view.setInt16(1, value);
  if (marker === 'l') view.setInt32(1, value);
  if (marker === 'L') view.setBigInt64(1, BigInt(value));
  return new Uint8Array(view.buffer);
}

/** A text behind its length, as keys and values have it. */
function text(value: string): Uint8Array {
  const bytes = encoder.encode(value);
  return joined([wholeNumber('L', bytes.length), bytes]);
}

function ascii(marks: string): Uint8Array {
  return encoder.encode(marks);
}
