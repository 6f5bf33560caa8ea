import type { ExpectationResult } from '../suite-result';

/** A value in a result. */
export type Json = ExpectationResult['result'][string];

/** What a sentence is made of. */
export interface Failed {
  /** Table and column, such as `Subscribers.member_rating`. */
  readonly where: string;
  readonly table: string;
  readonly kwargs: Readonly<Record<string, Json>>;
  readonly result: Readonly<Record<string, Json>>;
  /** “3 of 20 values” */
  readonly nOfValues: string;
  /** “, for example 7 in row 12”, or nothing. Rows count from 1. */
  readonly example: string;
  /** What the check is for, in the suite's words; '' where it says nothing. */
  readonly description: string;
}

/** “at least 1”, “between 1 and 5”. */
export function bounds({ min_value, max_value }: Readonly<Record<string, Json>>): string {
  if (max_value === undefined && min_value === undefined) return 'anything';
  if (max_value === undefined) return `at least ${count(min_value)}`;
  if (min_value === undefined) return `at most ${count(max_value)}`;
  return `between ${count(min_value)} and ${count(max_value)}`;
}

/** A field of an object; undefined of anything else. */
export function field(value: Json | undefined, name: string): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value[name] : undefined;
}

/** An item of a list; undefined of anything else. */
export function item(value: Json | undefined, index: number): Json | undefined {
  return Array.isArray(value) ? value[index] : undefined;
}

/** “a, b, c” */
export function list(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(text).join(', ') : text(value);
}

/** “1,234” */
export function count(value: Json | undefined): string {
  return typeof value === 'number' ? value.toLocaleString('en') : text(value);
}

/** “12.5 %” of a share. */
export function percent(value: Json | undefined): string {
  return typeof value === 'number'
    ? `${(value * 100).toLocaleString('en', { maximumFractionDigits: 2 })} %`
    : 'unknown';
}

/** A value as a text; '' where it is missing. */
export function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
