import { fail, type Result, succeed } from '@/lib/core/result';
import { DOCUMENT_LIMITS, DocumentFault, ObjectMembers, refuseDepth } from './untrusted-document';

/** A number of JSON, or one that XGBoost writes beyond it. */
const NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|NaN|Infinity)/y;
const LITERAL = /true|false|null/y;
const BLANKS = /[ \t\r\n]*/y;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Read a JSON text as `JSON.parse` does, but refuse what differs between readers or runs them down: a key that is there
 * twice, nesting beyond 64 levels, texts and objects beyond `DOCUMENT_LIMITS`. The bare numbers `NaN`, `Infinity` and
 * `-Infinity`, which XGBoost writes and reads, are read too; what they may stand for is not decided here.
 *
 * Failures: `model_unreadable` naming the character, `model_too_large`.
 */
export function readStrictJson(text: string): Result<unknown> {
  if (text.length > DOCUMENT_LIMITS.bytes) {
    const limit = DOCUMENT_LIMITS.bytes / 1024 / 1024;
    return fail(
      'model_too_large',
      `The model file holds more than ${limit} MB.`,
      'Train fewer or smaller trees.',
    );
  }
  const reader = new JsonReader(text);
  try {
    return succeed(reader.document());
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    const message = `The model file is no JSON as XGBoost writes it: at character ${reader.position} ${error.message}.`;
    return fail('model_unreadable', message, 'Take the file again from where the model was made.');
  }
}

class JsonReader {
  position = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  document(): unknown {
    const value = this.value(0);
    if (this.position < this.source.length) throw new DocumentFault('the document is over, and more follows');
    return value;
  }

  /** A value with the blanks around it. */
  private value(depth: number): unknown {
    this.taken(BLANKS);
    const value = this.bareValue(depth);
    this.taken(BLANKS);
    return value;
  }

  private bareValue(depth: number): unknown {
    const first = this.source[this.position];
    if (first === '{') return this.object(depth + 1);
    if (first === '[') return this.array(depth + 1);
    if (first === '"') return this.text();
    const literal = this.taken(LITERAL);
    if (literal !== null) return LITERALS.get(literal);
    const number = this.taken(NUMBER);
    if (number === null) throw new DocumentFault(this.whatStands('no value stands'));
    return Number(number);
  }

  private object(depth: number): unknown {
    refuseDepth(depth);
    this.position += 1;
    const members = new ObjectMembers();
    this.taken(BLANKS);
    while (!this.took('}')) {
      if (!members.isEmpty()) this.expect(',');
      this.taken(BLANKS);
      const key = this.text();
      members.expect(key);
      this.taken(BLANKS);
      this.expect(':');
      members.set(key, this.value(depth));
    }
    return members.finish();
  }

  private array(depth: number): unknown[] {
    refuseDepth(depth);
    this.position += 1;
    const values: unknown[] = [];
    this.taken(BLANKS);
    while (!this.took(']')) {
      if (values.length > 0) this.expect(',');
      values.push(this.value(depth));
    }
    return values;
  }

  private text(): string {
    if (this.source[this.position] !== '"') throw new DocumentFault(this.whatStands('no text stands'));
    const end = this.source.indexOf('"', this.position + 1);
    const token = this.source.slice(this.position, this.closingQuote(end) + 1);
    if (token.length > DOCUMENT_LIMITS.textBytes) {
      throw new DocumentFault(`a text is ${token.length} characters long`);
    }
    const text = parsedText(token);
    this.position += token.length;
    return text;
  }

  /** The first quote at or behind a position with an even number of backslashes before it. */
  private closingQuote(quote: number): number {
    let found = quote;
    while (found >= 0) {
      let nBackslashes = 0;
      while (this.source[found - 1 - nBackslashes] === '\\') nBackslashes++;
      if (nBackslashes % 2 === 0) return found;
      found = this.source.indexOf('"', found + 1);
    }
    throw new DocumentFault('a text breaks off');
  }

  private took(character: string): boolean {
    if (this.source[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.took(character)) throw new DocumentFault(this.whatStands(`no ${character} stands`));
  }

  private whatStands(what: string): string {
    return this.position < this.source.length ? `${what} where one must` : 'it breaks off';
  }

  /** The token of a kind at the position, and move behind it; null where there is none. */
  private taken(token: RegExp): string | null {
    token.lastIndex = this.position;
    const found = token.exec(this.source)?.[0];
    if (found === undefined) return null;
    this.position += found.length;
    return found;
  }
}

function parsedText(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    throw new DocumentFault('a text holds a character or an escape that JSON forbids');
  }
}
