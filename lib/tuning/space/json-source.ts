import { ExpectedFailure, type Result, succeed } from '@/lib/core/result';

/** Where something stands in a text; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A JSON value with where its parts stand in the text. */
export interface SourcedJson {
  readonly value: unknown;
  /** Give the place of the key (of a list's item: of the item) at the end of a path, or of the nearest part above it. */
  readonly placeOf: (path: readonly PropertyKey[]) => TextPlace;
}

const MOST_CHARACTERS = 100_000;
const MOST_DEPTH = 32;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings hold none.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /[A-Za-z_][\w.+-]*/y;

/**
 * Read a JSON text that a person wrote, by RFC 8259: the value, and where each part of it stands. A key that an object has
 * twice is a mistake here, not the later one's victory.
 *
 * @returns a failure `bad_json` that says in which line and column what was found and what belongs there
 */
export function parsedJson(text: string): Result<SourcedJson> {
  try {
    return succeed(readJson(text));
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

function readJson(text: string): SourcedJson {
  if (text.length > MOST_CHARACTERS) {
    throw fault(text, 0, `the text has more than ${MOST_CHARACTERS} characters`, 'Shorten it.');
  }
  const offsets = new Map<string, number>();
  const reader = { text, at: 0, offsets };
  const value = readValue(reader, []);
  skipSpace(reader);
  if (reader.at < text.length) {
    throw fault(text, reader.at, 'text follows after the end', 'Remove it, or a bracket too many.');
  }
  return {
    value,
    placeOf(path) {
      for (let length = path.length; length > 0; length--) {
        const offset = offsets.get(pathKey(path.slice(0, length)));
        if (offset !== undefined) return placeAt(text, offset);
      }
      return placeAt(text, 0);
    },
  };
}

interface Reader {
  readonly text: string;
  at: number;
  /** Path to the offset of its key or item. */
  readonly offsets: Map<string, number>;
}

type Path = readonly (string | number)[];

const pathKey = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));

function readValue(reader: Reader, path: Path): unknown {
  skipSpace(reader);
  const { text, at } = reader;
  if (path.length > MOST_DEPTH) throw fault(text, at, 'brackets are nested too deep', 'Flatten it.');
  const character = text[at];
  if (character === '{') return readObject(reader, path);
  if (character === '[') return readList(reader, path);
  if (character === '"') return readString(reader);
  const number = taken(reader, NUMBER);
  if (number !== null) return Number(number);
  const word = taken(reader, WORD);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  throw fault(text, at, `expected a value, found ${found(text, at)}`, valueHint(text, at, word));
}

function valueHint(text: string, at: number, word: string | null): string {
  if (word !== null) return `Put ${word} in double quotes if it is a text.`;
  if (text[at] === "'") return 'Use double quotes.';
  if (text[at] === '}' || text[at] === ']') return 'Remove the comma before it.';
  if (text.startsWith('//', at) || text.startsWith('/*', at)) return 'Remove the comment; JSON has none.';
  return 'Write a number, a text in double quotes, a list in [ ] or an object in { }.';
}

function readObject(reader: Reader, path: Path): unknown {
  const entries = new Map<string, unknown>();
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === '}') {
    reader.at += 1;
    return {};
  }
  for (;;) {
    skipSpace(reader);
    const keyAt = reader.at;
    if (reader.text[keyAt] !== '"') {
      const hint =
        reader.text[keyAt] === '}' ? 'Remove the comma before it.' : 'Write each name in double quotes.';
      throw fault(reader.text, keyAt, `expected a name, found ${found(reader.text, keyAt)}`, hint);
    }
    const key = readString(reader);
    const below = [...path, key];
    const before = reader.offsets.get(pathKey(below));
    if (before !== undefined) {
      const { line } = placeAt(reader.text, before);
      throw fault(
        reader.text,
        keyAt,
        `${key} is given a second time, after line ${line}`,
        'Remove one of the two.',
      );
    }
    reader.offsets.set(pathKey(below), keyAt);
    expectCharacter(reader, ':', `after "${key}"`);
    entries.set(key, readValue(reader, below));
    if (isAtEnd(reader, '}')) return Object.fromEntries(entries);
  }
}

function readList(reader: Reader, path: Path): unknown {
  const items: unknown[] = [];
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === ']') {
    reader.at += 1;
    return items;
  }
  for (;;) {
    skipSpace(reader);
    const below = [...path, items.length];
    reader.offsets.set(pathKey(below), reader.at);
    items.push(readValue(reader, below));
    if (isAtEnd(reader, ']')) return items;
  }
}

/** Step over the comma or the closing bracket after an item. */
function isAtEnd(reader: Reader, closing: '}' | ']'): boolean {
  skipSpace(reader);
  const { text, at } = reader;
  if (text[at] !== ',' && text[at] !== closing) {
    throw fault(text, at, `expected a comma or ${closing}, found ${found(text, at)}`, `Put one there.`);
  }
  reader.at += 1;
  return text[at] === closing;
}

function readString(reader: Reader): string {
  const { text, at } = reader;
  const literal = taken(reader, STRING);
  if (literal === null) {
    throw fault(text, at, 'a text does not end, or holds a line break or a wrong \\', 'Close it with ".');
  }
  return String(JSON.parse(literal));
}

function expectCharacter(reader: Reader, character: string, where: string): void {
  skipSpace(reader);
  const { text, at } = reader;
  if (text[at] !== character) {
    throw fault(
      text,
      at,
      `expected ${character} ${where}, found ${found(text, at)}`,
      `Put ${character} there.`,
    );
  }
  reader.at += 1;
}

function skipSpace(reader: Reader): void {
  taken(reader, SPACE);
}

/** Take what a sticky pattern matches here, or null. */
function taken(reader: Reader, pattern: RegExp): string | null {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text)?.[0] ?? null;
  if (match !== null) reader.at += match.length;
  return match;
}

function found(text: string, at: number): string {
  if (at >= text.length) return 'the end of the text';
  WORD.lastIndex = at;
  return (WORD.exec(text)?.[0] ?? text[at] ?? '').slice(0, 40);
}

function placeAt(text: string, offset: number): TextPlace {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function fault(text: string, offset: number, what: string, hint: string): ExpectedFailure {
  const { line, column } = placeAt(text, offset);
  return new ExpectedFailure({
    code: 'bad_json',
    message: `This is not JSON: in line ${line}, column ${column}, ${what}.`,
    hint,
  });
}
