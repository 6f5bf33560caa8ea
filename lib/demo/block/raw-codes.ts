import { COUNTRIES, KEPT_COUNTRIES, MISSING_COUNTRY } from '../figures/countries';

/** A country code as it stands in the file: 165 in lower case and 18 of them in upper case as well. */
export interface RawCode {
  readonly text: string;
  readonly n: number;
  readonly isUpperCase: boolean;
  /** Buyers, or null where only an upper bound is known. */
  readonly buyers: number | null;
  /** Index of the same country in lower case, folding `US` onto `us`. */
  readonly folded: number;
}

/** The 183 raw codes; a subscriber's country is an index into this list. */
export const RAW_CODES: readonly RawCode[] = [
  ...COUNTRIES.map(({ code, n, buyers }, folded) => ({ text: code, n, isUpperCase: false, buyers, folded })),
  ...COUNTRIES.flatMap(({ code, nUpperCase }, folded) =>
    nUpperCase === 0
      ? []
      : [{ text: code.toUpperCase(), n: nUpperCase, isUpperCase: true, buyers: 0, folded }],
  ),
];

/** Stands for "no country" beside the indices into `RAW_CODES`. */
export const MISSING_CODE = RAW_CODES.length;

/** Index of a raw code. @throws Where there is no such code. */
export function rawCodeIndex(text: string): number {
  const index = RAW_CODES.findIndex((code) => code.text === text);
  if (index < 0) throw new Error(`no country code ${text}`);
  return index;
}

export const US = rawCodeIndex('us');
export const AU = rawCodeIndex('au');
export const INDIA = rawCodeIndex('in');

const KEPT: readonly string[] = KEPT_COUNTRIES;

/** Whether the source pipeline keeps the code as a level of its own; by index into `RAW_CODES`, missing last. */
export const IS_KEPT: readonly boolean[] = [...RAW_CODES.map(({ text }) => KEPT.includes(text)), false];

/** Rows for each code, missing last. */
export const CODE_COUNTS: readonly number[] = [...RAW_CODES.map(({ n }) => n), MISSING_COUNTRY.n];
