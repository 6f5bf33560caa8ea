import { MISSING_DAY } from '@/lib/core/day';
import { castDay, castNumber, castText, integerKey, normalEmail } from '@/lib/crm/casts';
import type { BatchColumn, Cell } from './batch';
import { remembered } from './remembered';

/**
 * A column as checks look at it. Its rows are gone through once, however many checks there are; a check then looks at each
 * level once.
 */
export interface ColumnProfile {
  readonly nRows: number;
  /** Rows that are not missing. */
  readonly nPresent: number;
  /** Values: each distinct one once where there are `codes`, else one a row. Null is missing. */
  readonly levels: readonly Cell[];
  /** 1 for each level that is not missing. */
  readonly isPresent: Uint8Array;
  /** Level of each row, anything outside is missing; null where level and row are the same. */
  readonly codes: ArrayLike<number> | null;
  /** Rows of each level; null where each level is one row. */
  readonly counts: Uint32Array | null;
}

/** How cells are brought together before they are compared; undefined for not at all. */
export type NormalForm = 'integer' | 'email' | undefined;

/** So many rows tell whether values repeat enough to be told apart once. */
const N_SAMPLED = 2_048;
const MOST_DISTINCT_SHARE = 0.25;

/** Give the profile of a column. */
export const profileOf = remembered((column: BatchColumn): ColumnProfile => {
  if (column.kind === 'coded') return codedProfile(column.levels, column.codes);
  if (column.kind === 'numeric' && !(column.values instanceof Float64Array)) {
    const { values } = column;
    let most = -1;
    for (let row = 0; row < values.length; row++) most = Math.max(most, values[row]!);
    return codedProfile(
      Array.from({ length: most + 1 }, (_, value) => value),
      values,
    );
  }
  return repeats(column) ? distinctProfile(column) : rowProfile(column);
});

/** Level of a row. */
export function levelAt({ codes }: ColumnProfile, row: number): number {
  return codes === null ? row : codes[row]!;
}

/** Cell of a row. */
export function cellOf(profile: ColumnProfile, row: number): Cell {
  return profile.levels[levelAt(profile, row)] ?? null;
}

/** Marks the levels that hold something else than a whole number, to the last digit. */
export const notIntegers = remembered(({ levels, isPresent }: ColumnProfile) =>
  isPresent.map((present, level) => (integerKey(levels[level] ?? null) === null ? present : 0)),
);

/** Each level as a number; NaN where it is missing or none. */
export const numbersOf = remembered(({ levels }: ColumnProfile) =>
  new Float64Array(levels.length).map((_, level) => castNumber(levels[level] ?? null)),
);

/** Each level as days since 1970-01-01; NaN where it is missing or no date. */
export const daysOf = remembered(({ levels }: ColumnProfile) =>
  new Float64Array(levels.length).map((_, level) => {
    const day = castDay(levels[level] ?? null);
    return day === MISSING_DAY ? Number.NaN : day;
  }),
);

/** Each level as a trimmed text; '' where it is missing. */
export const textsOf = remembered(({ levels }: ColumnProfile) => levels.map(castText));

/** Characters of each level's text, as Python counts them. */
export const lengthsOf = remembered((profile: ColumnProfile) => {
  const texts = textsOf(profile);
  return new Uint32Array(texts.length).map((_, level) => nCharacters(texts[level]!));
});

function nCharacters(text: string): number {
  let n = text.length;
  // Two code units make one character outside the basic plane.
  for (let i = 1; i < text.length; i++) if (isLowAfterHigh(text, i)) n -= 1;
  return n;
}

function isLowAfterHigh(text: string, i: number): boolean {
  const low = text.charCodeAt(i);
  if (low < 0xdc00 || low > 0xdfff) return false;
  const high = text.charCodeAt(i - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/** Where each value stands. */
export interface ValueIndex {
  /** First level that holds a value. */
  readonly firstLevel: ReadonlyMap<Cell, number>;
  /** Next level that holds the same value; −1 after the last. */
  readonly nextLevel: Int32Array;
}

/** Index the levels of a column by their value. */
export const valueIndexOf = remembered(({ levels }: ColumnProfile): ValueIndex => {
  const firstLevel = new Map<Cell, number>();
  const nextLevel = new Int32Array(levels.length);
  for (let level = levels.length - 1; level >= 0; level--) {
    const cell = levels[level] ?? null;
    nextLevel[level] = firstLevel.get(cell) ?? -1;
    firstLevel.set(cell, level);
  }
  return { firstLevel, nextLevel };
});

/** Distinct values that are not missing, the most frequent first, ties by value. */
export interface Ranking {
  /** A level that holds the value. */
  readonly levels: Uint32Array;
  /** Rows that hold it. */
  readonly counts: Uint32Array;
}

/** Rank the distinct values of a column by how often they occur. */
export const rankingOf = remembered((profile: ColumnProfile): Ranking => {
  const { levels, counts } = profile;
  const firstLevel = new Map<Cell, number>();
  const totals = new Uint32Array(levels.length);
  for (let level = 0; level < levels.length; level++) {
    const cell = levels[level] ?? null;
    const count = counts === null ? 1 : counts[level]!;
    if (cell === null || count === 0) continue;
    const first = firstLevel.get(cell);
    if (first === undefined) firstLevel.set(cell, level);
    totals[first ?? level]! += count;
  }
  const order = Uint32Array.from(firstLevel.values()).sort(
    (a, b) => totals[b]! - totals[a]! || compareCells(levels[a] ?? null, levels[b] ?? null),
  );
  return { levels: order, counts: order.map((level) => totals[level]!) };
});

/** Order two cells: numbers by size, anything else by its text's code units. */
export function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const REPEATED = {
  stored: remembered((profile: ColumnProfile) => repeatedLevels(profile, (cell) => cell)),
  integer: remembered((profile: ColumnProfile) =>
    repeatedLevels(profile, (cell) => integerKey(cell) ?? cell),
  ),
  email: remembered((profile: ColumnProfile) =>
    repeatedLevels(profile, (cell) => normalEmail(castText(cell))),
  ),
};

/** Mark the levels whose value, in a normal form, stands on another row too. */
export function repeatedOf(profile: ColumnProfile, normalForm: NormalForm): Uint8Array {
  return REPEATED[normalForm ?? 'stored'](profile);
}

function repeatedLevels(
  { levels, counts }: ColumnProfile,
  keyOf: (cell: string | number) => string | number,
): Uint8Array {
  const firstLevel = new Map<string | number, number>();
  const isRepeated = new Uint8Array(levels.length);
  for (let level = 0; level < levels.length; level++) {
    const cell = levels[level] ?? null;
    const count = counts === null ? 1 : counts[level]!;
    if (cell === null || count === 0) continue;
    if (count > 1) isRepeated[level] = 1;
    const key = keyOf(cell);
    const first = firstLevel.get(key);
    if (first === undefined) firstLevel.set(key, level);
    else {
      isRepeated[first] = 1;
      isRepeated[level] = 1;
    }
  }
  return isRepeated;
}

function presentLevels(levels: readonly Cell[]): Uint8Array {
  // A typed array's own map is several times as fast as `from` with an array.
  return new Uint8Array(levels.length).map((_, level) => (levels[level] === null ? 0 : 1));
}

function repeats(column: BatchColumn): boolean {
  const nSampled = Math.min(column.nRows, N_SAMPLED);
  const distinct = new Set<Cell>();
  for (let row = 0; row < nSampled; row++) distinct.add(column.cellAt(row));
  return distinct.size <= nSampled * MOST_DISTINCT_SHARE;
}

function codedProfile(levels: readonly Cell[], codes: ArrayLike<number>): ColumnProfile {
  const counts = new Uint32Array(levels.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= 0 && code < counts.length) counts[code]! += 1;
  }
  const nPresent = levels.reduce<number>((sum, level, i) => sum + (level === null ? 0 : counts[i]!), 0);
  return { nRows: codes.length, nPresent, levels, isPresent: presentLevels(levels), codes, counts };
}

function distinctProfile(column: BatchColumn): ColumnProfile {
  const codeOf = new Map<Cell, number>();
  const levels: Cell[] = [];
  const codes = new Uint32Array(column.nRows);
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    let code = codeOf.get(cell);
    if (code === undefined) {
      code = levels.length;
      levels.push(cell);
      codeOf.set(cell, code);
    }
    codes[row] = code;
  }
  return codedProfile(levels, codes);
}

function rowProfile(column: BatchColumn): ColumnProfile {
  const levels: Cell[] = [];
  for (let row = 0; row < column.nRows; row++) levels.push(column.cellAt(row));
  const isPresent = presentLevels(levels);
  const nPresent = isPresent.reduce((n, mark) => n + mark, 0);
  return { nRows: column.nRows, nPresent, levels, isPresent, codes: null, counts: null };
}
