import { crc32 } from 'node:zlib';

/** What a journal's records have in common: they are numbered from 1 without gaps. */
export interface NumberedRecord {
  readonly sequence: number;
}

/** What lies at some place of a journal's bytes. */
export type Frame =
  | { readonly kind: 'record'; readonly payload: unknown; readonly end: number }
  | {
      readonly kind: 'damaged';
      readonly why: string;
      /** Where it says that it ends, if so much can be read. */
      readonly claimedEnd: number | null;
    };

const SPACE = 0x20;
const NEWLINE = 0x0a;
/** `<length> <crc32> `: at most 8 digits, 8 hex digits and two blanks. */
const MAX_PREFIX_BYTES = 18;
const PREFIX = /^([1-9]\d{0,7}) ([0-9a-f]{8}) $/;

/**
 * Frame one record as a line that a person can read and a program can check: the payload's length in bytes, its CRC-32
 * (as in gzip, 8 hex digits), the payload as JSON, a line feed. JSON holds no raw line feed, so a line is a record.
 *
 * @example String(framed({ sequence: 1 })) // '14 21381ffd {"sequence":1}\n'
 */
export function framed(payload: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(payload), 'utf8');
  return Buffer.concat([Buffer.from(`${json.length} ${checksum(json)} `), json, Buffer.of(NEWLINE)]);
}

/** Read the frame that begins at an offset. */
export function frameAt(bytes: Buffer, start: number): Frame {
  const prefixEnd = endOfPrefix(bytes, start);
  const prefix = PREFIX.exec(bytes.toString('latin1', start, prefixEnd));
  if (prefix === null) return damaged('it does not begin with a length and a checksum', null);
  const end = prefixEnd + Number(prefix[1]) + 1;
  if (end > bytes.length) return damaged('it is cut short', end);
  const json = bytes.subarray(prefixEnd, end - 1);
  if (bytes[end - 1] !== NEWLINE || checksum(json) !== prefix[2])
    return damaged('its checksum does not fit', end);
  const payload = jsonOf(json);
  return payload === undefined ? damaged('it is not JSON', end) : { kind: 'record', payload, end };
}

/**
 * Whether a damaged frame can be the torn end of a journal: appends are synced one by one, so only the last can be torn;
 * it reaches the end of the file, and no whole record follows.
 */
export function isTornTail(bytes: Buffer, start: number, claimedEnd: number | null): boolean {
  if (claimedEnd !== null && claimedEnd < bytes.length) return false;
  return !hasRecordAfter(bytes, start);
}

function hasRecordAfter(bytes: Buffer, offset: number): boolean {
  for (
    let newline = bytes.indexOf(NEWLINE, offset);
    newline !== -1;
    newline = bytes.indexOf(NEWLINE, newline + 1)
  ) {
    if (frameAt(bytes, newline + 1).kind === 'record') return true;
  }
  return false;
}

function damaged(why: string, claimedEnd: number | null): Frame {
  return { kind: 'damaged', why, claimedEnd };
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function endOfPrefix(bytes: Buffer, start: number): number {
  const limit = Math.min(bytes.length, start + MAX_PREFIX_BYTES);
  let nBlanks = 0;
  for (let at = start; at < limit; at++) {
    if (bytes[at] === SPACE) nBlanks++;
    if (nBlanks === 2) return at + 1;
  }
  return limit;
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
