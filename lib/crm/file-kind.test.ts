import { describe, expect, it } from 'vitest';
import { headerFailure, isWriteAheadDatabase } from './file-kind';

/** Code and sentence of a refusal; null where the header is fine. */
function refusal(bytes: Uint8Array): string | null {
  const failure = headerFailure(bytes, '“x”');
  if (failure) expect(failure.hint).not.toBe('');
  return failure && `${failure.code}: ${failure.message}`;
}

const text = (characters: string) => new TextEncoder().encode(characters);
const latin1 = (characters: string) => Uint8Array.from(characters, (character) => character.charCodeAt(0));

/** A database header: 512-byte pages, two of them. */
function header(nBytes: number): Uint8Array {
  const bytes = new Uint8Array(nBytes);
  bytes.set(text('SQLite format 3\0'));
  bytes.set([2, 0, 1, 1], 16);
  bytes.set([0, 0, 0, 7, 0, 0, 0, 2], 24);
  bytes.set([0, 0, 0, 7], 92);
  return bytes;
}

describe('headerFailure', () => {
  it.each([
    ['nothing', new Uint8Array(), 'empty_file: “x” is empty (0 bytes).'],
    ['one byte', latin1('S'), 'not_a_database: “x” is a text file, not a SQLite database.'],
    [
      'prose',
      text('Dear all,\nno columns here.'),
      'not_a_database: “x” is a text file, not a SQLite database.',
    ],
    [
      'CSV',
      text('id,name\r\n1,Ann\r\n'),
      'not_a_database: “x” is a text file with columns (CSV), not a SQLite database.',
    ],
    [
      'old CSV',
      latin1('id;name\r1;J\xfcrg Kr\xe4mer of Somewhere\r'),
      'not_a_database: “x” is a text file with columns (CSV), not a SQLite database.',
    ],
    [
      'CSV with mark',
      text('\ufeffid,name\n1,Ann\n'),
      'not_a_database: “x” is a text file with columns (CSV), not a SQLite database.',
    ],
    [
      'UTF-16 CSV',
      latin1('\xff\xfei\0d\0,\0'),
      'not_a_database: “x” is a UTF-16 text file, not a SQLite database.',
    ],
    ['HTML', text('\n<!DOCTYPE html><html>'), 'not_a_database: “x” is an HTML page, not a SQLite database.'],
    ['XML', text('<?xml version="1.0"?>'), 'not_a_database: “x” is an XML file, not a SQLite database.'],
    ['JSON', text('{"a": 1}'), 'not_a_database: “x” is a JSON file, not a SQLite database.'],
    [
      'SQL',
      text('PRAGMA foreign_keys=OFF;\nBEGIN;'),
      'not_a_database: “x” is a text of SQL statements, not a SQLite database.',
    ],
    ['PDF', latin1('%PDF-1.7\n\xe2\xe3'), 'not_a_database: “x” is a PDF document, not a SQLite database.'],
    [
      'zip',
      latin1('PK\x03\x04\x14\0'),
      'not_a_database: “x” is a zip archive or an office document, not a SQLite database.',
    ],
    ['gzip', latin1('\x1f\x8b\x08\0'), 'not_a_database: “x” is a gzip file, not a SQLite database.'],
    [
      'xls',
      latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
      'not_a_database: “x” is an old office document (.xls, .doc), not a SQLite database.',
    ],
    [
      'Access',
      latin1('\0\x01\0\0Standard ACE DB\0'),
      'not_a_database: “x” is a Microsoft Access database, not a SQLite database.',
    ],
    ['Parquet', latin1('PAR1\x15\0'), 'not_a_database: “x” is a Parquet file, not a SQLite database.'],
    [
      'DuckDB',
      latin1('\x01\x02\x03\x04\x05\x06\x07\x08DUCK'),
      'not_a_database: “x” is a DuckDB database, not a SQLite database.',
    ],
    [
      'SQLite 2',
      text('** This file contains an SQLite 2.1 database **\0'),
      'not_a_database: “x” is a SQLite 2 database, not a SQLite 3 database.',
    ],
    [
      'WAL',
      latin1('\x37\x7f\x06\x82\0\x2d\xe2\x18'),
      'not_a_database: “x” is a write-ahead log that stands beside a SQLite database, not the database itself.',
    ],
    [
      'journal',
      latin1('\xd9\xd5\x05\xf9\x20\xa1\x63\xd7'),
      'not_a_database: “x” is a rollback journal that stands beside a SQLite database, not the database itself.',
    ],
    [
      'binary',
      Uint8Array.from({ length: 700 }, (_, i) => i % 7),
      'not_a_database: “x” is not a SQLite database: it does not begin as one.',
    ],
    [
      'random bytes',
      Uint8Array.from({ length: 4096 }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 13) & 255),
      'encrypted_database: “x” has no SQLite header and looks like random bytes: it is encrypted, or no database at all.',
    ],
    [
      'header only',
      text('SQLite format 3\0'),
      'damaged_database: “x” is cut short: 16 bytes, less than a SQLite header.',
    ],
  ])('refuses %s', (_, bytes, expected) => {
    expect(refusal(bytes)).toBe(expected);
  });

  it('refuses a page size that SQLite does not have', () => {
    const bytes = header(1_024);
    bytes.set([3, 3], 16);
    expect(refusal(bytes)).toBe(
      'damaged_database: “x” is damaged: its header gives a page size of 771 bytes.',
    );
    bytes.set([0, 1], 16);
    expect(refusal(bytes)).toBe(
      'damaged_database: “x” is cut short: its header promises 131072 bytes, 1024 are there.',
    );
  });

  it('refuses a file that was cut short, and lets a whole one through', () => {
    expect(refusal(header(1_023))).toBe(
      'damaged_database: “x” is cut short: its header promises 1024 bytes, 1023 are there.',
    );
    expect(refusal(header(1_024))).toBeNull();
  });

  it('does not trust the page count of a program that did not keep it', () => {
    const bytes = header(1_024);
    bytes.set([0, 0, 0, 9], 28);
    bytes.set([0, 0, 0, 6], 92);
    expect(refusal(bytes)).toBeNull();
  });
});

describe('isWriteAheadDatabase', () => {
  it('reads the version bytes', () => {
    const bytes = header(1_024);
    expect(isWriteAheadDatabase(bytes)).toBe(false);
    bytes.set([2, 2], 18);
    expect(isWriteAheadDatabase(bytes)).toBe(true);
  });
});
