'use client';

import { Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { optimisationHistoryFigure } from '@/lib/charts/optimisation-history-figure';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import { timeLeftMs } from '@/lib/tuning/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study-state';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { Figure } from '../figure';
import { countText, durationText, metricText } from '../format';

/** A study as it stands: best so far, time left, history and every trial. */
export function StudyOutput({ study }: { readonly study: FollowedStudy }) {
  const { state } = study;
  const best = bestTrial(state);
  const build = useCallback((theme: ChartTheme) => optimisationHistoryFigure(state, theme), [state]);
  const nFinished = state.trials.filter((trial) => trial && trial.state !== 'running').length;
  return (
    <>
      {study.connection === 'reconnecting' && (
        <Text size="sm" mb="xs" role="status">
          The connection to the server was cut; asking again. If the server was restarted, reload the page:
          nothing is lost.
        </Text>
      )}
      <Facts
        facts={[
          {
            label: 'Best roc_auc so far',
            value: metricText(best?.metrics.roc_auc),
            note: best ? `trial ${best.number}` : undefined,
          },
          { label: 'Trials', value: `${nFinished} of ${state.config.nTrials}` },
          {
            label: 'Workers',
            value: state.config.workers,
            note: `asked; ${countText(state.nProcesses)} ${state.nProcesses === 1 ? 'runs' : 'run'} at once`,
          },
          { label: 'Time', value: <TimeText study={study} /> },
          { label: 'Search', value: `${state.config.sampler}, seed ${state.config.seed}` },
          { label: 'Study', value: <code>{state.studyId}</code> },
        ]}
      />
      {best && <Figure build={build} fileName="optimisation_history" heightPx={240} />}
      <TrialTable state={state} bestNumber={best?.number ?? null} />
    </>
  );
}

/** Time left while the study runs, time taken after. */
function TimeText({ study }: { readonly study: FollowedStudy }) {
  const { state, activity } = study;
  const isRunning = activity.kind === 'running' && (state.phase === 'tuning' || state.phase === 'stopping');
  const nowMs = useNowMs(isRunning);
  if (!isRunning || nowMs === null) {
    return state.tunedAtMs === null ? '–' : durationText(state.tunedAtMs - state.createdAtMs);
  }
  const leftMs = timeLeftMs(state, nowMs);
  const passed = durationText(Math.max(0, nowMs - state.createdAtMs));
  return leftMs === null ? `${passed} so far` : `${passed} so far, about ${durationText(leftMs)} left`;
}

function useNowMs(isTicking: boolean): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    if (!isTicking) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}

function TrialTable({
  state,
  bestNumber,
}: {
  readonly state: StudyState;
  readonly bestNumber: number | null;
}) {
  const trials = state.trials.filter((trial) => trial !== undefined);
  if (trials.length === 0) return null;
  return (
    <DataTable
      label="Trials"
      maxHeightPx={300}
      markedRow={trials.findIndex((trial) => trial.number === bestNumber)}
      columns={[
        { key: 'number', label: 'Trial', align: 'right' },
        { key: 'state', label: 'State' },
        { key: 'roc_auc', label: 'roc_auc', align: 'right' },
        { key: 'average_precision', label: 'average_precision', align: 'right' },
        { key: 'f1_score', label: 'f1_score at 0.5', align: 'right' },
        { key: 'recall', label: 'recall at 0.5', align: 'right' },
        { key: 'max_depth', label: 'max_depth', align: 'right' },
        { key: 'learning_rate', label: 'learning_rate', align: 'right' },
        { key: 'n_estimators', label: 'n_estimators', align: 'right' },
        { key: 'subsample', label: 'subsample', align: 'right' },
        { key: 'colsample_bytree', label: 'colsample_bytree', align: 'right' },
        { key: 'time', label: 'Time', align: 'right' },
      ]}
      rows={trials.map((trial) => ({
        number: trial.number,
        state: trial.failure ? `${trial.state}: ${trial.failure}` : trial.state,
        roc_auc: metricText(trial.metrics?.roc_auc),
        average_precision: metricText(trial.metrics?.average_precision),
        f1_score: metricText(trial.metrics?.f1_score),
        recall: metricText(trial.metrics?.recall),
        max_depth: trial.params.max_depth,
        learning_rate: metricText(trial.params.learning_rate),
        n_estimators: trial.params.n_estimators,
        subsample: metricText(trial.params.subsample, 3),
        colsample_bytree: metricText(trial.params.colsample_bytree, 3),
        time: trial.durationMs === null ? '' : durationText(trial.durationMs),
      }))}
    />
  );
}
