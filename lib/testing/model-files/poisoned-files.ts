import { modelFileBytes } from './model-document';
import { joined } from './write-ubjson';

/** A model file that must be refused before libxgboost sees it. */
export interface PoisonedModel {
  readonly what: string;
  readonly format: 'ubj' | 'json';
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the refusal says, tree and node included where there is one. */
  readonly says: string;
}

const encode = (text: string) => new TextEncoder().encode(text);
const ubj = modelFileBytes('3.4.1', 'ubj');
const json = modelFileBytes('3.4.1', 'json');
const LENGTH_OF_5 = [0x4c, 0, 0, 0, 0, 0, 0, 0, 5];

/** The place of a text in bytes, which must be there. */
function placeOf(bytes: Uint8Array, text: string): number {
  const at = Buffer.from(bytes).indexOf(text);
  if (at < 0) throw new Error(`Expected the fixture to hold ${text}`);
  return at;
}

function withBytes(bytes: Uint8Array<ArrayBuffer>, at: number, values: readonly number[]) {
  const changed = bytes.slice();
  changed.set(values, at);
  return changed;
}

/** Files that are no document: cut off, nested without end, of lengths that are not there, of keys twice. */
export const POISONED_FILES: readonly PoisonedModel[] = [
  {
    what: 'JSON nested 200,000 deep',
    format: 'json',
    bytes: encode(`{"learner":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    says: 'it is nested deeper than 64 levels',
  },
  {
    what: 'UBJSON nested 200,000 deep',
    format: 'ubj',
    bytes: joined(Array.from({ length: 200_000 }, () => encode('{L\0\0\0\0\0\0\0\0'))),
    says: 'it is nested deeper than 64 levels',
  },
  {
    what: 'UBJSON of 10 bytes that asks for 2⁶² texts',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x23, 0x4c, 0x40, 0, 0, 0, 0, 0, 0]),
    says: 'it breaks off',
  },
  {
    what: 'UBJSON that asks for 2⁵⁰ numbers',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x24, 0x64, 0x23, 0x4c, 0, 4, 0, 0, 0, 0, 0, 0]),
    says: 'a length is 1125899906842624, and 0 bytes are left',
  },
  {
    what: 'a negative length',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x24, 0x64, 0x23, 0x4c, ...new Array(8).fill(0xff)]),
    says: 'a length is -1, and 0 bytes are left',
  },
  { what: 'no byte', format: 'ubj', bytes: new Uint8Array(), says: 'at byte 0 it breaks off' },
  { what: 'no character', format: 'json', bytes: new Uint8Array(), says: 'at character 0 it breaks off' },
  { what: 'UBJSON cut in half', format: 'ubj', bytes: ubj.slice(0, ubj.length / 2), says: 'bytes are left' },
  { what: 'JSON cut in half', format: 'json', bytes: json.slice(0, json.length / 2), says: 'breaks off' },
  {
    what: 'UBJSON with a byte behind its end',
    format: 'ubj',
    bytes: joined([ubj, encode('}')]),
    says: 'the document is over, and 1 bytes follow',
  },
  {
    what: 'JSON with a second document',
    format: 'json',
    bytes: joined([json, encode('{}')]),
    says: 'the document is over, and more follows',
  },
  {
    what: 'UBJSON with a key twice',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, 'split_type'), [...encode('categories')]),
    says: 'the key "categories" is there twice',
  },
  {
    what: 'JSON with a key twice',
    format: 'json',
    bytes: encode('{"version":[3,4,1],"version":[3,4,1]}'),
    says: 'the key "version" is there twice',
  },
  {
    what: 'UBJSON with an unknown marker',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, '[$d#'), [0x5b, 0x24, 0x48]),
    says: 'H marks no value',
  },
  {
    what: 'a text that is not UTF-8',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, 'learner'), [0xff]),
    says: 'a text is not UTF-8',
  },
  {
    what: 'JSON that is not UTF-8',
    format: 'json',
    bytes: new Uint8Array([0x22, 0xff, 0x22]),
    says: 'not UTF-8',
  },
  {
    what: 'a key of a length in another type',
    format: 'ubj',
    bytes: withBytes(ubj, 1, [0x6c]),
    says: 'l stands where L must',
  },
  {
    what: 'an array without its length',
    format: 'ubj',
    bytes: encode('[}'),
    says: 'an array does not begin with its length',
  },
  {
    what: 'a text longer than the file',
    format: 'ubj',
    bytes: new Uint8Array([0x53, ...LENGTH_OF_5, 0x61]),
    says: 'a length is 5, and 1 bytes are left',
  },
];
