import { type Failure, fail } from '@/lib/core/result';
import { DAMAGE_HINT } from './file-damage';

/** What the first bytes of a file say it is, when it is not a SQLite 3 database. */
interface FileKind {
  /** Bytes at `offset`, as Latin-1 text. */
  readonly magic: string;
  readonly offset?: number;
  /** Completes the sentence “… is …”. */
  readonly description: string;
  readonly hint?: string;
}

const SQLITE_MAGIC = 'SQLite format 3\0';
const CHOOSE = 'Choose the CRM database itself, a SQLite file such as crm_database.sqlite.';
const UNPACK = 'Unpack it first and choose the SQLite database inside.';
const SIDECAR = 'Choose the database file that it stands beside, the name without -wal or -journal.';

const FILE_KINDS: readonly FileKind[] = [
  {
    magic: '** This file contains an SQLite 2',
    description: 'a SQLite 2 database',
    hint: 'Convert it to SQLite 3 first.',
  },
  {
    magic: '\x37\x7f\x06\x82',
    description: 'a write-ahead log that stands beside a SQLite database',
    hint: SIDECAR,
  },
  {
    magic: '\x37\x7f\x06\x83',
    description: 'a write-ahead log that stands beside a SQLite database',
    hint: SIDECAR,
  },
  {
    magic: '\xd9\xd5\x05\xf9\x20\xa1\x63\xd7',
    description: 'a rollback journal that stands beside a SQLite database',
    hint: SIDECAR,
  },
  { magic: 'PK\x03\x04', description: 'a zip archive or an office document', hint: UNPACK },
  { magic: 'PK\x05\x06', description: 'an empty zip archive' },
  { magic: '\x1f\x8b', description: 'a gzip file', hint: UNPACK },
  { magic: 'BZh', description: 'a bzip2 file', hint: UNPACK },
  { magic: '\xfd7zXZ\0', description: 'an xz file', hint: UNPACK },
  { magic: '\x28\xb5\x2f\xfd', description: 'a zstd file', hint: UNPACK },
  { magic: '7z\xbc\xaf\x27\x1c', description: 'a 7z archive', hint: UNPACK },
  { magic: 'Rar!', description: 'a rar archive', hint: UNPACK },
  { magic: 'ustar', offset: 257, description: 'a tar archive', hint: UNPACK },
  { magic: '%PDF', description: 'a PDF document' },
  { magic: '\xd0\xcf\x11\xe0', description: 'an old office document (.xls, .doc)' },
  { magic: '\0\x01\0\0Standard ', description: 'a Microsoft Access database' },
  { magic: 'PAR1', description: 'a Parquet file' },
  { magic: 'ARROW1', description: 'an Arrow file' },
  { magic: 'DUCK', offset: 8, description: 'a DuckDB database' },
  { magic: '\x89PNG', description: 'a PNG picture' },
  { magic: '\xff\xd8\xff', description: 'a JPEG picture' },
  { magic: 'GIF8', description: 'a GIF picture' },
  { magic: '\xff\xfe', description: 'a UTF-16 text file' },
  { magic: '\xfe\xff', description: 'a UTF-16 text file' },
];

const TEXT_KINDS: readonly { readonly pattern: RegExp; readonly description: string }[] = [
  { pattern: /^<(?:!doctype html|html|head|body)/i, description: 'an HTML page' },
  { pattern: /^<[?!a-z]/i, description: 'an XML file' },
  { pattern: /^[{[]/, description: 'a JSON file' },
  {
    pattern: /^(?:--|pragma\s|begin\s|create\s|insert\s)/i,
    description: 'a text of SQL statements',
  },
  { pattern: /^[^\r\n]*([,;\t])[^\r\n]*[\r\n]+[^\r\n]*\1/, description: 'a text file with columns (CSV)' },
];

const HEADER_BYTES = 100;
const SAMPLE_BYTES = 8_192;

/**
 * Say why bytes cannot be a whole SQLite 3 database, from the header and the length alone, before SQLite sees them.
 *
 * @param bytes the whole file
 * @param subject how sentences name the file, such as `“crm.sqlite”` or `The file`
 * @returns a failure (`empty_file`, `not_a_database`, `encrypted_database`, `damaged_database`), or null when the file may be one
 */
export function headerFailure(bytes: Uint8Array, subject: string): Failure | null {
  if (bytes.length === 0) {
    return fail('empty_file', `${subject} is empty (0 bytes).`, 'Export or copy it again, then open it.')
      .error;
  }
  if (latin1(bytes, 0, SQLITE_MAGIC.length) === SQLITE_MAGIC) return lengthFailure(bytes, subject);
  const kind = FILE_KINDS.find(({ magic, offset = 0 }) => latin1(bytes, offset, magic.length) === magic);
  if (kind) return notADatabase(subject, kind.description, kind.hint);
  const text = sampleText(bytes);
  if (text !== null) {
    const described = TEXT_KINDS.find(({ pattern }) => pattern.test(text))?.description ?? 'a text file';
    return notADatabase(subject, described);
  }
  if (looksEncrypted(bytes)) {
    return fail(
      'encrypted_database',
      `${subject} has no SQLite header and looks like random bytes: it is encrypted, or no database at all.`,
      'Decrypt it with the program that made it, then open the plain database.',
    ).error;
  }
  return fail('not_a_database', `${subject} is not a SQLite database: it does not begin as one.`, CHOOSE)
    .error;
}

/** Whether the database was last written in write-ahead mode, so that newer rows may stand in a -wal file beside it. */
export function isWriteAheadDatabase(bytes: Uint8Array): boolean {
  return bytes[18] === 2;
}

function notADatabase(subject: string, description: string, hint = CHOOSE): Failure {
  const wanted = description.endsWith('SQLite database')
    ? 'the database itself'
    : description.includes('SQLite')
      ? 'a SQLite 3 database'
      : 'a SQLite database';
  return fail('not_a_database', `${subject} is ${description}, not ${wanted}.`, hint).error;
}

function lengthFailure(bytes: Uint8Array, subject: string): Failure | null {
  if (bytes.length < HEADER_BYTES) {
    return fail(
      'damaged_database',
      `${subject} is cut short: ${bytes.length} bytes, less than a SQLite header.`,
      DAMAGE_HINT,
    ).error;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stored = view.getUint16(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    return fail(
      'damaged_database',
      `${subject} is damaged: its header gives a page size of ${stored} bytes.`,
      DAMAGE_HINT,
    ).error;
  }
  // SQLite trusts the page count only where both change counters agree.
  const nPages = view.getUint32(24) === view.getUint32(92) ? view.getUint32(28) : 0;
  if (nPages * pageSize > bytes.length) {
    return fail(
      'damaged_database',
      `${subject} is cut short: its header promises ${nPages * pageSize} bytes, ${bytes.length} are there.`,
      DAMAGE_HINT,
    ).error;
  }
  return null;
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** The first bytes as text without a byte-order mark, or null where control characters or broken UTF-8 say it is none. */
function sampleText(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (sample.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return null;
  const text = new TextDecoder('utf-8').decode(sample, { stream: true });
  return text.includes('\ufffd') && !isLatin1Text(sample) ? null : text.trimStart();
}

/** Old CSV files in a one-byte encoding hold some high bytes among mostly plain ones. */
function isLatin1Text(sample: Uint8Array): boolean {
  return sample.reduce((count, byte) => count + (byte > 126 ? 1 : 0), 0) * 5 < sample.length;
}

/** Encrypted pages are uniform bytes: 4,096 of them have an entropy over 7.9 bits a byte, code and pictures less. */
function looksEncrypted(bytes: Uint8Array): boolean {
  if (bytes.length < 1_024 || bytes.length % 512 !== 0) return false;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts) {
    if (count > 0) entropy -= (count / sample.length) * Math.log2(count / sample.length);
  }
  return entropy > 7.9 - 900 / sample.length;
}
