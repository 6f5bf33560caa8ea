/** Why a text is no expression, and where. */
export interface ExpressionFault {
  /** Character at which it goes wrong, counted from 1. */
  readonly position: number;
  /** One sentence. */
  readonly reason: string;
}

/** Thrown while parsing; `parseExpression` gives it as a result. */
export class FaultAt extends Error {
  readonly fault: ExpressionFault;

  constructor(position: number, reason: string) {
    super(reason);
    this.fault = { position, reason };
  }
}

/** A piece of an expression's text. */
export interface Token {
  readonly type: 'number' | 'name' | 'text' | 'sign' | 'end';
  /** As written; a quoted name or text without its quotes. */
  readonly text: string;
  /** Character at which it begins, counted from 1. */
  readonly position: number;
  /** Whether a name stands in double quotes, and so is no keyword. */
  readonly isQuoted: boolean;
}

const PIECES =
  /(?<blank>\s+)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|"(?<quoted>[^"]*)"|'(?<text>[^']*)'|(?<sign><=|>=|<>|!=|==|[-+*/=<>(),])/uy;

/**
 * Cut an expression into tokens, the last of which is the end.
 *
 * @throws FaultAt where a character belongs to none
 */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const piece = new RegExp(PIECES);
  while (piece.lastIndex < expression.length) {
    const position = piece.lastIndex + 1;
    const found = piece.exec(expression)?.groups;
    if (found === undefined) throw new FaultAt(position, strangeCharacter(expression, position));
    const { number, name, quoted, text, sign } = found;
    if (number !== undefined) tokens.push({ type: 'number', text: number, position, isQuoted: false });
    else if (name !== undefined) tokens.push({ type: 'name', text: name, position, isQuoted: false });
    else if (quoted !== undefined) tokens.push({ type: 'name', text: quoted, position, isQuoted: true });
    else if (text !== undefined) tokens.push({ type: 'text', text, position, isQuoted: true });
    else if (sign !== undefined) tokens.push({ type: 'sign', text: sign, position, isQuoted: false });
  }
  tokens.push({ type: 'end', text: '', position: expression.length + 1, isQuoted: false });
  return tokens;
}

function strangeCharacter(expression: string, position: number): string {
  const character = String.fromCodePoint(expression.codePointAt(position - 1) ?? 0);
  if (character === "'" || character === '"') return `The quote ${character} is not closed.`;
  return `The character ${character} has no meaning here.`;
}
