import { type Day, MISSING_DAY, parseDay } from '@/lib/core/day';
import type { RawValue } from './raw-crm';

/** An optional sign and digits, with a fraction of zeros at most: what reads as an integer without loss. */
const INTEGER_TEXT = /^[+-]?\d+(?:\.0*)?$/;
const NUMBER_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const PLAIN_ADDRESS = /^[!-@[-~]*$/;

/**
 * Cast a cell to the text it shows, trimmed; '' where it is missing.
 *
 * @example castText('  Ann ') // 'Ann'
 */
export function castText(value: RawValue): string {
  return value === null ? '' : String(value).trim();
}

/**
 * Cast a cell to a number; NaN where it is missing or not written as a decimal number. No locale's thousands or comma is guessed.
 *
 * @example castNumber(' 4 ') // 4
 * @example castNumber('1,234') // NaN
 */
export function castNumber(value: RawValue): number {
  if (typeof value === 'number') return value + 0;
  if (value === null) return Number.NaN;
  const text = value.trim();
  return NUMBER_TEXT.test(text) ? Number(text) + 0 : Number.NaN;
}

/**
 * Cast a cell to an identifier that compares exactly: a safe integer as a number, a longer integer as its digits.
 *
 * @returns null where it is missing or not an integer
 * @example integerKey('007') // 7
 * @example integerKey('9007199254740993') // '9007199254740993'
 */
export function integerKey(value: RawValue): number | string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : null;
  if (value === null) return null;
  const text = value.trim();
  if (!INTEGER_TEXT.test(text)) return null;
  const digits = text.replace(/\..*$/, '');
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number + 0 : BigInt(digits).toString();
}

/** Cast a cell to a day; `MISSING_DAY` where it is missing or not an ISO 8601 date. */
export function castDay(value: RawValue): Day {
  return typeof value === 'string' ? parseDay(value) : MISSING_DAY;
}

/**
 * Give the normal form in which e-mail addresses are compared: trimmed of white space, Unicode NFC, lower case by the
 * Unicode default mapping (no locale: the Turkish İ becomes i with a dot above, ß stays ß).
 *
 * @example normalEmail(' Ann@Example.COM ') // 'ann@example.com'
 */
export function normalEmail(text: string): string {
  return PLAIN_ADDRESS.test(text) ? text : text.trim().normalize('NFC').toLowerCase();
}
