import { spreadsheetSafeCsv } from '@/lib/core/csv';
import type { TrialRecord, TrialStatus } from '@/lib/tuning/study/trial-record';
import type { TrialColumn, TrialValue } from './cockpit-columns';
import type { TrialFilter } from './cockpit-filter';

/** Which trials the table shows, and in which order. */
export interface TrialQuery {
  /** Key of a column. */
  readonly sortBy: string;
  readonly isDescending: boolean;
  /** States to show; empty for all. */
  readonly states: readonly TrialStatus[];
  /** As `trialFilter` reads it. */
  readonly filter: string;
}

/** The order a trial table opens with: as the trials were begun. */
export const BY_NUMBER: TrialQuery = { sortBy: 'trial_number', isDescending: false, states: [], filter: '' };

/** Sort by a column: its better or larger values first, and the other way round at the second time. */
export function sortedBy(
  query: TrialQuery,
  { key, isLargestFirst }: Pick<TrialColumn, 'key' | 'isLargestFirst'>,
): TrialQuery {
  const isDescending = query.sortBy === key ? !query.isDescending : isLargestFirst;
  return { ...query, sortBy: key, isDescending };
}

/**
 * List the trials that a query asks for, in its order. Trials without a value come last either way; equal ones in the order
 * of their numbers.
 *
 * @param choice.filter what `query.filter` was read as
 */
export function queriedTrials(
  trials: readonly TrialRecord[],
  choice: {
    readonly query: TrialQuery;
    readonly columns: readonly TrialColumn[];
    readonly filter: TrialFilter;
  },
): readonly TrialRecord[] {
  const { query, columns, filter } = choice;
  const { states } = query;
  const shown = trials.filter(
    (trial) => (states.length === 0 || states.includes(trial.state)) && filter(trial),
  );
  const valueIn = columns.find(({ key }) => key === query.sortBy)?.valueIn;
  if (valueIn === undefined) return shown;
  const sign = query.isDescending ? -1 : 1;
  return shown
    .map((trial) => ({ trial, value: valueIn(trial) }))
    .sort((a, b) => ordered(a.value, b.value, sign) || a.trial.number - b.trial.number)
    .map(({ trial }) => trial);
}

function ordered(a: TrialValue, b: TrialValue, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  // Numbers before texts, where a parameter takes both.
  if (typeof a !== typeof b) return sign * (typeof a === 'number' ? -1 : 1);
  return sign * (a < b ? -1 : Number(a > b));
}

/** Write trials as a spreadsheet-safe CSV, in their order: a column by its key, numbers in full, nothing where there is no value. */
export function trialTableCsv(trials: readonly TrialRecord[], columns: readonly TrialColumn[]): string {
  return spreadsheetSafeCsv(
    columns.map(({ key }) => key),
    trials.map((trial) => columns.map(({ valueIn }) => valueIn(trial))),
  );
}
