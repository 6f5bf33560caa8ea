'use client';

import { Text } from '@mantine/core';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import { occurringParameters, type TrialColumn, trialColumns } from '@/lib/store/cockpit-columns';
import { type TrialFilter, trialFilter } from '@/lib/store/cockpit-filter';
import { BY_NUMBER, queriedTrials, sortedBy, trialTableCsv } from '@/lib/store/cockpit-table';
import type { LiveReports } from '@/lib/store/workbench-state';
import { PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { begunTrials, type StudyState } from '@/lib/tuning/study/study-state';
import type { TrialRecord, TrialStatus } from '@/lib/tuning/study/trial-record';
import { useCockpit } from './cockpit-context';
import { TrialComparison } from './trial-comparison';
import { TrialFilters } from './trial-filters';
import { TrialGrid } from './trial-grid';

interface Props {
  readonly state: StudyState;
  readonly bestNumber: number | null;
  readonly liveReports: LiveReports;
}

/** Every trial of a study: sort, filter, tick, pin, compare and download. */
export function TrialTable({ state, bestNumber, liveReports }: Props) {
  const { picks, pick } = useCockpit();
  const trials = useMemo(() => begunTrials(state), [state]);
  const columns = useTrialColumns(state, trials);
  const hasFailures = trials.some(({ failure }) => failure !== null);
  // The reason stands beside the state; as a column it is for filters, comparison and download.
  const shownColumns = useMemo(() => columns.filter(({ key }) => key !== 'failure'), [columns]);
  const [query, setQuery] = useState(BY_NUMBER);
  const { filter, fault } = useFilter(query.filter, columns);
  const deferredQuery = useDeferredValue(query);
  const shown = useMemo(
    () => queriedTrials(trials, { query: deferredQuery, columns, filter }),
    [trials, deferredQuery, columns, filter],
  );
  const pinned = useMemo(
    () => picks.pinned.flatMap((number) => state.trials[number - 1] ?? []),
    [picks.pinned, state.trials],
  );
  const unpinned = useMemo(
    () => (picks.pinned.length === 0 ? shown : shown.filter(({ number }) => !picks.pinned.includes(number))),
    [shown, picks.pinned],
  );
  const handleSort = useCallback((column: TrialColumn) => setQuery((before) => sortedBy(before, column)), []);
  if (trials.length === 0) return null;
  return (
    <>
      <TrialFilters
        query={query}
        onChange={setQuery}
        counts={countsOf(state)}
        nShown={shown.length}
        nTrials={trials.length}
        fault={fault}
        onDownload={() => saveTrials(trials, columns)}
      />
      <TrialGrid
        columns={shownColumns}
        pinned={pinned}
        trials={unpinned}
        hasFailures={hasFailures}
        bestNumber={bestNumber}
        objective={state.config.objective}
        liveReports={liveReports}
        sort={{ by: query.sortBy, isDescending: query.isDescending, onSort: handleSort }}
        picks={picks}
        pick={pick}
      />
      {shown.length === 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          No trial is like that.
        </Text>
      )}
      <TrialComparison trials={state.trials} columns={columns} />
    </>
  );
}

/** The columns; the same ones until a parameter occurs for the first time, so that rows need not be drawn again. */
function useTrialColumns({ config }: StudyState, trials: readonly TrialRecord[]): readonly TrialColumn[] {
  const occurring = occurringParameters(trials).join(' ');
  return useMemo(() => {
    const names = occurring.split(' ');
    return trialColumns(
      config.objective,
      PARAMETER_NAMES.filter((name) => names.includes(name)),
    );
  }, [config.objective, occurring]);
}

/** The filter as typed, or the last one that could be read, with what is wrong. */
function useFilter(
  text: string,
  columns: readonly TrialColumn[],
): { readonly filter: TrialFilter; readonly fault: Failure | null } {
  const read = useMemo(() => trialFilter(text, columns), [text, columns]);
  const [last, setLast] = useState<TrialFilter>(() => () => true);
  if (!read.ok) return { filter: last, fault: read.error };
  if (read.value !== last) setLast(() => read.value);
  return { filter: read.value, fault: null };
}

function countsOf(state: StudyState): Readonly<Record<TrialStatus, number>> {
  const { nComplete, nPruned, nPaused, nRunning, nFailed } = studyProgress(state);
  return { complete: nComplete, pruned: nPruned, paused: nPaused, running: nRunning, failed: nFailed };
}

function saveTrials(trials: readonly TrialRecord[], columns: readonly TrialColumn[]): void {
  const csv = trialTableCsv(trials, columns);
  saveBlob(new Blob([csv], { type: 'text/csv;charset=utf-8' }), 'trials.csv');
}
