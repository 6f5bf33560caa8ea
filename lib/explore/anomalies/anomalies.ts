import { type Day, formatDay } from '@/lib/core/day';
import { derivedSeed, randomSource } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Segmenter } from '../segments/dimensions';
import { filledRows, forestColumns, type NumberColumn, scoredColumns } from './anomaly-columns';
import { type OptinDays, optinDays } from './anomaly-days';
import { impossibleValues } from './anomaly-impossible';
import { OUTLIER_Z, type RobustScores, robustScores } from './anomaly-robust-z';
import {
  type IsolationForest,
  isolationForest,
  isolationScores,
  isolationScoresFrom,
  type NumberRows,
} from './isolation-forest';

/** What makes subscribers look wrong. */
export type AnomalyKind = 'import' | 'impossible' | 'outlier' | 'isolation';

/** Subscribers that look wrong for one reason. */
export interface AnomalyGroup {
  readonly kind: AnomalyKind;
  /** Name of the group as a level to filter to. */
  readonly level: string;
  /** What is wrong, in a few words. */
  readonly reason: string;
  readonly n: number;
  readonly buyers: number;
}

/** How the values of one column were scored. */
export interface ScoredColumn {
  readonly name: string;
  /** Null where all values are equal, or there is none. */
  readonly scaleOf: RobustScores['scaleOf'] | null;
  readonly nOutliers: number;
}

/** What of a list looks wrong. */
export interface AnomalyReport {
  readonly nSubscribers: number;
  /** Null where the opt-ins span too short a time. */
  readonly days: OptinDays | null;
  /** Those with a subscriber: impossible values, outliers, what the forest sets apart, and imports by size. */
  readonly groups: readonly AnomalyGroup[];
  /** Faults that were looked for, with how many have each. */
  readonly rules: readonly { readonly name: string; readonly fault: string; readonly n: number }[];
  readonly columns: readonly ScoredColumn[];
  /** Null without subscribers. */
  readonly forest: {
    readonly columns: readonly string[];
    readonly nTrees: number;
    readonly sampleSize: number;
    readonly highest: number;
    readonly nOutliers: number;
  } | null;
}

/** A group with its subscribers. */
export interface HeldGroup {
  readonly level: string;
  /** Ascending. */
  readonly rows: Uint32Array;
  /** The same, the most conspicuous first. */
  readonly ranked: Uint32Array;
  /** What is told of each of them beside the table's own columns. */
  readonly notes: readonly { readonly label: string; readonly textOf: (row: number) => string }[];
}

/** What of a list looks wrong, and who is behind it. */
export interface Anomalies {
  readonly report: AnomalyReport;
  /** In the order of the report. */
  readonly held: readonly HeldGroup[];
}

/** Seed of the forest: the same list gives the same figures, in the page and on the command line. */
export const ANOMALY_SEED = 1;
/** The forest's score from which on a subscriber is told of. */
export const ISOLATION_LIMIT = 0.65;
const N_TREES = 100;
const SAMPLE_SIZE = 256;

interface Found extends HeldGroup {
  readonly kind: AnomalyKind;
  readonly reason: string;
}

/**
 * Look for what is wrong with all subscribers of a list: values that cannot be, days with far more opt-ins than their
 * neighbours, numbers far from the middle, and whom an isolation forest sets apart most easily.
 *
 * @param options.newestDay newest day that it can be
 */
export function anomaliesOf(
  { table, segmenter }: { readonly table: JoinedTable; readonly segmenter: Segmenter },
  { newestDay, seed }: { readonly newestDay: Day; readonly seed: number },
): Anomalies {
  const days = optinDays(table.optinDay);
  const rules = impossibleValues(table, { newestDay });
  const scored = scoredColumns(table).map((column) => ({ column, scores: robustScores(column.values) }));
  const isolated = isolatedRows(table, { segmenter, seed });
  const found = [
    ...rules.map(({ name, fault, rows }) => plainGroup('impossible', `impossible ${name}`, fault, rows)),
    ...scored.map(({ column, scores }) => outlierGroup(column, scores)),
    ...(isolated === null ? [] : [isolated.group]),
    ...importGroups(table, days),
  ].filter(({ rows }) => rows.length > 0);
  return {
    held: found,
    report: {
      nSubscribers: table.nRows,
      days,
      groups: found.map(({ kind, level, reason, rows }) => {
        return { kind, level, reason, n: rows.length, buyers: buyersOf(table, rows) };
      }),
      rules: rules.map(({ name, fault, rows }) => ({ name, fault, n: rows.length })),
      columns: scored.map(({ column, scores }) => ({
        name: column.name,
        scaleOf: scores?.scaleOf ?? null,
        nOutliers: outlierRows(scores).length,
      })),
      forest: isolated?.forest ?? null,
    },
  };
}

function plainGroup(kind: AnomalyKind, level: string, reason: string, rows: Uint32Array): Found {
  return { kind, level, reason, rows, ranked: rows, notes: [] };
}

/** Name the group of the subscribers of a day. @example importLevel(17854) // 'import 2018-11-19' */
export function importLevel(day: Day): string {
  return `import ${formatDay(day)}`;
}

function importGroups(table: JoinedTable, days: OptinDays | null): readonly Found[] {
  const spikes = (days?.days ?? []).filter(({ isSpike }) => isSpike);
  const rowsOfDay = new Map<Day, number[]>(spikes.map(({ day }) => [day, []]));
  for (let row = 0; row < table.nRows; row++) rowsOfDay.get(table.optinDay[row]!)?.push(row);
  return spikes
    .sort((a, b) => b.n - a.n || a.day - b.day)
    .map(({ day, n, expected }) => {
      const reason = `${n} opt-ins in a day, about ${expected.toFixed(0)} expected`;
      const rows = Uint32Array.from(rowsOfDay.get(day) ?? []);
      return plainGroup('import', importLevel(day), reason, rows);
    });
}

function outlierRows(scores: RobustScores | null): Uint32Array {
  const z = scores?.z ?? new Float64Array(0);
  const rows: number[] = [];
  for (let row = 0; row < z.length; row++) if (Math.abs(z[row]!) > OUTLIER_Z) rows.push(row);
  return Uint32Array.from(rows);
}

function outlierGroup({ name }: NumberColumn, scores: RobustScores | null): Found {
  const rows = outlierRows(scores);
  const zOf = (row: number) => scores?.z[row] ?? Number.NaN;
  return {
    kind: 'outlier',
    level: `outlier ${name}`,
    reason: `farther than ${OUTLIER_Z} robust standard deviations from the median`,
    rows,
    ranked: rows.slice().sort((a, b) => Math.abs(zOf(b)) - Math.abs(zOf(a)) || a - b),
    notes: [{ label: 'robust z', textOf: (row) => zOf(row).toFixed(1) }],
  };
}

function isolatedRows(
  table: JoinedTable,
  { segmenter, seed }: { readonly segmenter: Segmenter; readonly seed: number },
): { readonly group: Found; readonly forest: NonNullable<AnomalyReport['forest']> } | null {
  if (table.nRows === 0) return null;
  const columns = forestColumns(table, segmenter);
  const all = filledRows(columns, table.nRows);
  const random = randomSource(derivedSeed(seed, 'isolation forest'));
  const forest = isolationForest(all, { random, nTrees: N_TREES, sampleSize: SAMPLE_SIZE });
  const scores = highScores(forest, all);
  const chosen: number[] = [];
  let highest = 0;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score > highest) highest = score;
    if (score >= ISOLATION_LIMIT) chosen.push(row);
  }
  const rows = Uint32Array.from(chosen);
  const tellingColumn = tellingColumns(forest, { all, rows, scores });
  const group: Found = {
    kind: 'isolation',
    level: 'isolation forest',
    reason: `an isolation score of ${ISOLATION_LIMIT} or more`,
    rows,
    ranked: rows.slice().sort((a, b) => scores[b]! - scores[a]! || a - b),
    notes: [
      { label: 'isolation score', textOf: (row) => scores[row]!.toFixed(3) },
      { label: 'mostly for its', textOf: (row) => columns[tellingColumn.get(row) ?? -1]?.name ?? '' },
    ],
  };
  const names = columns.map(({ name }) => name);
  const { sampleSize } = forest;
  return { group, forest: { columns: names, nTrees: N_TREES, sampleSize, highest, nOutliers: rows.length } };
}

/** Scores of those at the limit or above, 0 for others; all scores where nobody comes so far. */
function highScores(forest: IsolationForest, all: NumberRows): Float64Array {
  const scores = isolationScoresFrom(forest, all, ISOLATION_LIMIT);
  return scores.some((score) => score > 0) ? scores : isolationScores(forest, all);
}

/** Find for each row the column whose median in its place would lower the score most. */
function tellingColumns(
  forest: IsolationForest,
  found: {
    readonly all: NumberRows & { readonly medians: Float64Array };
    readonly rows: Uint32Array;
    readonly scores: Float64Array;
  },
): ReadonlyMap<number, number> {
  const { all, rows, scores } = found;
  const { nColumns, medians } = all;
  const best = new Map<number, { column: number; drop: number }>();
  for (let column = 0; column < nColumns; column++) {
    const values = new Float64Array(rows.length * nColumns);
    for (const [place, row] of rows.entries()) {
      values.set(all.values.subarray(row * nColumns, (row + 1) * nColumns), place * nColumns);
      values[place * nColumns + column] = medians[column]!;
    }
    const changed = isolationScores(forest, { values, nRows: rows.length, nColumns });
    for (const [place, row] of rows.entries()) {
      const drop = scores[row]! - changed[place]!;
      if (drop > (best.get(row)?.drop ?? Number.NEGATIVE_INFINITY)) best.set(row, { column, drop });
    }
  }
  return new Map([...best].map(([row, { column }]) => [row, column]));
}

function buyersOf({ madePurchase }: JoinedTable, rows: Uint32Array): number {
  let buyers = 0;
  for (const row of rows) buyers += madePurchase[row]!;
  return buyers;
}
