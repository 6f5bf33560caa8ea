import { fail, type Result, succeed } from '@/lib/core/result';
import { DOCUMENT_LIMITS, DocumentFault, ObjectMembers, refuseDepth } from './untrusted-document';

/** How a number of a kind is read; UBJSON is big-endian. */
interface NumberKind {
  readonly nBytes: number;
  read(view: DataView, position: number): number;
}

const NUMBER_KINDS: ReadonlyMap<string, NumberKind> = new Map<string, NumberKind>([
  ['i', { nBytes: 1, read: (view, position) => view.getInt8(position) }],
  ['U', { nBytes: 1, read: (view, position) => view.getUint8(position) }],
  ['I', { nBytes: 2, read: (view, position) => view.getInt16(position) }],
  ['l', { nBytes: 4, read: (view, position) => view.getInt32(position) }],
  ['L', { nBytes: 8, read: wholeNumber }],
  ['d', { nBytes: 4, read: (view, position) => view.getFloat32(position) }],
  ['D', { nBytes: 8, read: (view, position) => view.getFloat64(position) }],
]);

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['T', true],
  ['F', false],
  ['Z', null],
]);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Read the part of UBJSON (ubjson.org, draft 12) that XGBoost writes its model files in, into the values that the same
 * file as JSON would give: lengths and keys by `L`, arrays with their length first, typed or not.
 *
 * Meant for bytes that nobody vouches for: every length is checked against the bytes that are there before anything is
 * made for it, nesting is bounded, keys are unique, nothing may follow the end. Numbers may be NaN or infinite.
 *
 * Failures: `model_unreadable` naming the byte, `model_too_large`.
 */
export function readUbjson(bytes: Uint8Array): Result<unknown> {
  if (bytes.length > DOCUMENT_LIMITS.bytes) {
    const limit = DOCUMENT_LIMITS.bytes / 1024 / 1024;
    return fail(
      'model_too_large',
      `The model file holds more than ${limit} MB.`,
      'Train fewer or smaller trees.',
    );
  }
  const reader = new UbjsonReader(bytes);
  try {
    return succeed(reader.document());
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    const message = `The model file is no UBJSON as XGBoost writes it: at byte ${reader.position} ${error.message}.`;
    return fail('model_unreadable', message, 'Take the file again from where the model was made.');
  }
}

class UbjsonReader {
  position = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(): unknown {
    const value = this.value(0);
    const nLeft = this.bytes.length - this.position;
    if (nLeft > 0) throw new DocumentFault(`the document is over, and ${nLeft} bytes follow`);
    return value;
  }

  private value(depth: number): unknown {
    const marker = this.marker();
    if (marker === '{') return this.object(depth + 1);
    if (marker === '[') return this.array(depth + 1);
    if (marker === 'S') return this.text();
    const literal = LITERALS.get(marker);
    return literal === undefined ? this.number(numberKind(marker)) : literal;
  }

  private object(depth: number): unknown {
    refuseDepth(depth);
    const members = new ObjectMembers();
    while (this.bytes[this.position] !== CLOSING_BRACE) {
      const key = this.text();
      members.expect(key);
      members.set(key, this.value(depth));
    }
    this.position += 1;
    return members.finish();
  }

  private array(depth: number): unknown[] {
    refuseDepth(depth);
    const first = this.marker();
    if (first === '$') {
      const kind = numberKind(this.marker());
      this.expectMarker('#');
      return this.numbers(kind, this.length(kind.nBytes));
    }
    if (first !== '#') throw new DocumentFault('an array does not begin with its length');
    const nValues = this.length(1);
    const values: unknown[] = [];
    for (let i = 0; i < nValues; i++) values.push(this.value(depth));
    return values;
  }

  private numbers(kind: NumberKind, nValues: number): number[] {
    const values = new Array<number>(nValues);
    for (let i = 0; i < nValues; i++) values[i] = this.number(kind);
    return values;
  }

  private number(kind: NumberKind): number {
    const value = kind.read(this.view, this.room(kind.nBytes));
    this.position += kind.nBytes;
    return value;
  }

  private text(): string {
    const nBytes = this.length(1);
    if (nBytes > DOCUMENT_LIMITS.textBytes) throw new DocumentFault(`a text holds ${nBytes} bytes`);
    const start = this.room(nBytes);
    this.position += nBytes;
    try {
      return utf8.decode(this.bytes.subarray(start, start + nBytes));
    } catch {
      throw new DocumentFault('a text is not UTF-8');
    }
  }

  /** A length, which the bytes that are left can hold when each thing takes at least so many. */
  private length(nBytesEach: number): number {
    this.expectMarker('L');
    const length = wholeNumber(this.view, this.room(8));
    this.position += 8;
    const nLeft = this.bytes.length - this.position;
    if (length >= 0 && length * nBytesEach <= nLeft) return length;
    throw new DocumentFault(`a length is ${length}, and ${nLeft} bytes are left`);
  }

  private expectMarker(expected: string): void {
    const found = this.marker();
    if (found !== expected) throw new DocumentFault(`${shown(found)} stands where ${expected} must`);
  }

  private marker(): string {
    const byte = this.bytes[this.room(1)] ?? 0;
    this.position += 1;
    return String.fromCharCode(byte);
  }

  /** The position, if so many bytes follow it. */
  private room(nBytes: number): number {
    if (this.position + nBytes <= this.bytes.length) return this.position;
    throw new DocumentFault('it breaks off');
  }
}

const CLOSING_BRACE = '}'.charCodeAt(0);

function numberKind(marker: string): NumberKind {
  const kind = NUMBER_KINDS.get(marker);
  if (kind === undefined) throw new DocumentFault(`${shown(marker)} marks no value`);
  return kind;
}

function wholeNumber(view: DataView, position: number): number {
  const value = Number(view.getBigInt64(position));
  if (!Number.isSafeInteger(value)) throw new DocumentFault(`a whole number is ${value}, beyond ±2⁵³`);
  return value;
}

function shown(marker: string): string {
  return /^[!-~]$/.test(marker) ? marker : `byte ${marker.charCodeAt(0)}`;
}
