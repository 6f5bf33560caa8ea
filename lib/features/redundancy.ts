import { dotProduct } from '@/lib/core/cholesky';
import { correlationRatio, cramersV, midRanks, unitColumn } from './association';
import { explainedByOthers } from './explained';
import { SplitPart, type TrainingDataset } from './matrix';
import { type Feature, type FeatureSpec, missingValueOf } from './spec';
import { rowsOfPart } from './split';

/** How two features go together over the rows that have both. */
export interface Association {
  /** Place of either among the features, `a` before `b`. */
  readonly a: number;
  readonly b: number;
  /**
   * `spearman` of two that have an order (two indicators among them, where it is φ); `cramers_v` where one has more than two
   * levels without an order and the other is of levels too; `correlation_ratio` where the other is a number.
   */
  readonly measure: 'spearman' | 'cramers_v' | 'correlation_ratio';
  /** −1 … 1 of `spearman`, 0 … 1 of the others. */
  readonly value: number;
  /** Rows that have both. */
  readonly n: number;
}

/** What of the features says the same as others. */
export interface Redundancy {
  readonly names: readonly string[];
  /** Rows looked at, of the training rows evenly. */
  readonly nRows: number;
  readonly nTrainingRows: number;
  /** Features with one value, missing ones apart, or none. */
  readonly constant: readonly string[];
  /** Features that are the same in every row, missing values among them; constant ones apart. */
  readonly identical: readonly (readonly string[])[];
  /** All pairs that can be measured, strongest first. */
  readonly pairs: readonly Association[];
  /**
   * The share of each feature's ranks that a linear regression on the ranks of all others explains, most first, over the
   * rows that have all; 1 where they say all of it. Nominal and constant features take no part. Null where too few rows have
   * all, or there are too many features.
   */
  readonly explained: readonly { readonly name: string; readonly share: number }[] | null;
}

/** Pairs from this strength on say nearly the same. */
export const NEARLY_SAME = 0.8;
const MOST_ROWS = 20_000;
const LEAST_ROWS = 500;
/** Rows times pairs: about a second of work. */
const MOST_WORK = 1e9;
const MOST_FEATURES_EXPLAINED = 300;
/** A feature of more distinct values is a number, whatever it counts. */
const MOST_LEVELS = 30;

interface Column {
  /** NaN where missing. */
  readonly values: Float64Array;
  /** Columns with equal masks miss the same rows. */
  readonly mask: number;
  readonly isNominal: boolean;
  readonly isOfLevels: boolean;
  readonly isConstant: boolean;
}

/**
 * Find what features of a dataset say the same, over its training rows; with very many, over as many of them, evenly taken,
 * as about a second allows. Rows without one of two values take no part in what is said of the two.
 */
export function redundancyOf(spec: FeatureSpec, dataset: TrainingDataset): Redundancy {
  const all = rowsOfPart(dataset.split, SplitPart.train);
  const rows = thinned(all, spec.features.length);
  const columns = columnsOf(spec, dataset, rows);
  const names = spec.features.map(({ name }) => name);
  const varying = [...columns.keys()].filter((at) => !columns[at]!.isConstant);
  return {
    names,
    nRows: rows.length,
    nTrainingRows: all.length,
    constant: names.filter((_, at) => columns[at]!.isConstant),
    identical: identicalColumns(columns, varying).map((group) => group.map((at) => names[at]!)),
    pairs: associations(columns, varying),
    explained:
      explainedShares(columns, varying)?.map(({ at, share }) => ({ name: names[at]!, share })) ?? null,
  };
}

function thinned(rows: Uint32Array, nFeatures: number): Uint32Array {
  const nPairs = Math.max(1, (nFeatures * (nFeatures - 1)) / 2);
  const nMost = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_WORK / nPairs)));
  if (rows.length <= nMost) return rows;
  return Uint32Array.from({ length: nMost }, (_, at) => rows[Math.floor((at * rows.length) / nMost)]!);
}

function columnsOf(spec: FeatureSpec, { matrix }: TrainingDataset, rows: Uint32Array): Column[] {
  const missing = Math.fround(missingValueOf(spec));
  const stride = spec.features.length;
  const masks = new Map<string, number>();
  return spec.features.map(({ kind, source }, column) => {
    const values = Float64Array.from(rows, (row) => {
      const value = matrix.values[row * stride + column]!;
      return value === missing ? Number.NaN : value;
    });
    const missed = [...values.keys()].filter((at) => Number.isNaN(values[at]!)).join();
    const mask = masks.get(missed) ?? masks.size;
    masks.set(missed, mask);
    const levels = new Set(values.filter((value) => !Number.isNaN(value)));
    const isOfLevels = levels.size <= MOST_LEVELS || kind === 'categorical';
    return {
      values,
      mask,
      isNominal: isNominal({ kind, source }) && levels.size > 2,
      isOfLevels,
      isConstant: levels.size < 2,
    };
  });
}

/** Only the places of countries have numbers without an order. */
function isNominal({ kind, source }: Pick<Feature, 'kind' | 'source'>): boolean {
  return kind === 'categorical' && source.type === 'country_code';
}

function identicalColumns(columns: readonly Column[], varying: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const at of varying) {
    const { values, mask } = columns[at]!;
    const same = groups.find(([first]) => {
      const other = columns[first!]!;
      return other.mask === mask && other.values.every((value, row) => Object.is(value, values[row]));
    });
    if (same === undefined) groups.push([at]);
    else same.push(at);
  }
  return groups.filter((group) => group.length > 1);
}

function associations(columns: readonly Column[], varying: readonly number[]): Association[] {
  const pairs: Association[] = [];
  for (const group of pairsByRows(columns, varying)) {
    const [first] = group;
    if (first === undefined) continue;
    const rows = rowsWithBoth(columns[first.a]!.values, columns[first.b]!.values);
    if (rows.length < 2) continue;
    const ranks = new Map<number, Float64Array | null>();
    const partOf = (at: number) => Float64Array.from(rows, (row) => columns[at]!.values[row]!);
    const unitRanks = (at: number) => {
      const known = ranks.get(at);
      if (known !== undefined) return known;
      const made = unitColumn(midRanks(partOf(at)));
      ranks.set(at, made);
      return made;
    };
    for (const { a, b } of group) {
      const measure = measureOf(columns[a]!, columns[b]!);
      const value =
        measure === 'spearman'
          ? correlationOf(unitRanks(a), unitRanks(b))
          : measure === 'cramers_v'
            ? cramersV(partOf(a), partOf(b))
            : columns[a]!.isNominal
              ? correlationRatio(partOf(a), partOf(b))
              : correlationRatio(partOf(b), partOf(a));
      if (value !== null) pairs.push({ a, b, measure, value, n: rows.length });
    }
  }
  return pairs.sort((p, q) => Math.abs(q.value) - Math.abs(p.value) || p.a - q.a || p.b - q.b);
}

/** Pairs whose rows with both values are the same, so that ranks are made once for all of them. */
function pairsByRows(columns: readonly Column[], varying: readonly number[]) {
  const groups = new Map<string, { readonly a: number; readonly b: number }[]>();
  for (const [at, a] of varying.entries()) {
    for (const b of varying.slice(at + 1)) {
      const key = [columns[a]!.mask, columns[b]!.mask].sort((x, y) => x - y).join();
      const group = groups.get(key) ?? [];
      group.push({ a, b });
      groups.set(key, group);
    }
  }
  return groups.values();
}

function rowsWithBoth(a: Float64Array, b: Float64Array): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < a.length; row++) {
    if (!Number.isNaN(a[row]!) && !Number.isNaN(b[row]!)) rows.push(row);
  }
  return Uint32Array.from(rows);
}

function measureOf(a: Column, b: Column): Association['measure'] {
  if (!a.isNominal && !b.isNominal) return 'spearman';
  return a.isOfLevels && b.isOfLevels ? 'cramers_v' : 'correlation_ratio';
}

function correlationOf(a: Float64Array | null, b: Float64Array | null): number | null {
  if (a === null || b === null) return null;
  return Math.max(-1, Math.min(1, dotProduct(a, 0, b, 0, a.length)));
}

function explainedShares(columns: readonly Column[], varying: readonly number[]) {
  const taken = varying.filter((at) => !columns[at]!.isNominal);
  const nRows = columns[0]?.values.length ?? 0;
  const rows = Uint32Array.from({ length: nRows }, (_, row) => row).filter((row) =>
    taken.every((at) => !Number.isNaN(columns[at]!.values[row]!)),
  );
  if (taken.length < 2 || taken.length > MOST_FEATURES_EXPLAINED || rows.length < 2 * taken.length)
    return null;
  const ranked = taken.flatMap((at) => {
    const ranks = unitColumn(midRanks(Float64Array.from(rows, (row) => columns[at]!.values[row]!)));
    return ranks === null ? [] : [{ at, ranks }];
  });
  const shares = explainedByOthers(ranked.map(({ ranks }) => ranks));
  return ranked
    .map(({ at }, place) => ({ at, share: shares[place]! }))
    .sort((a, b) => b.share - a.share || a.at - b.at);
}
