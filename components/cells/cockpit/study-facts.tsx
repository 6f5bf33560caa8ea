'use client';

import { useEffect, useState } from 'react';
import { schedulerText } from '@/lib/store/cockpit-comparison';
import { type StudyFacts as Figures, type IntervalOfValue, studyFacts } from '@/lib/store/cockpit-facts';
import { SAMPLER_LABELS } from '@/lib/store/plan-words';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import { timeLeftMs } from '@/lib/tuning/study/study-progress';
import { Facts } from '../../facts';
import { countText, durationText, metricText, percentText } from '../../format';

/** What a study is and what it has come to, in one row of figures. */
export function StudyFacts({ study }: { readonly study: FollowedStudy }) {
  const { state } = study;
  const { config } = state;
  const figures = studyFacts(state);
  return (
    <Facts
      facts={[
        {
          label: `Best ${config.objective} so far`,
          value: bestText(figures.best?.objective),
          note: figures.best
            ? `${intervalText(figures.best.objective)}trial ${figures.best.trial.number}`
            : undefined,
        },
        {
          label: 'Trials',
          value: `${countText(figures.nOver)} of ${countText(figures.nTrials)}`,
          note: countsText(figures),
        },
        {
          label: 'Rounds trained',
          value: countText(figures.nRounds),
          note: shareText(figures.shareOfFullRounds),
        },
        {
          label: 'Workers',
          value: config.workers,
          note: `asked; ${countText(state.nProcesses)} ${state.nProcesses === 1 ? 'runs' : 'run'} at once`,
        },
        { label: 'Time', value: <TimeText study={study} /> },
        { label: 'Sampler', value: SAMPLER_LABELS[config.sampler], note: `seed ${config.seed}` },
        { label: 'Scheduler', value: schedulerText(config.scheduler) },
        { label: 'Study', value: <code>{state.studyId}</code> },
      ]}
    />
  );
}

/** Nothing is said of a study that trained all there was to train. */
function shareText(share: number | null): string | undefined {
  return share === null || share >= 1 ? undefined : `${percentText(share, 0)} of these trials in full`;
}

function bestText(best: IntervalOfValue | undefined): string {
  if (best === undefined) return '–';
  const error = best.standardError === null ? '' : ` ± ${metricText(best.standardError)}`;
  return `${metricText(best.value)}${error}`;
}

function intervalText({ low, high }: IntervalOfValue): string {
  return low === null || high === null ? '' : `95 %: ${metricText(low, 3)} … ${metricText(high, 3)}; `;
}

/** The states that trials are in, when that is not plainly “complete”; `pruned 3 · failed 1`. */
function countsText({ nComplete, nPruned, nFailed, nRunning, nPaused }: Figures): string | undefined {
  const counts: readonly (readonly [string, number])[] = [
    ['complete', nComplete],
    ['pruned', nPruned],
    ['failed', nFailed],
    ['running', nRunning],
    ['paused', nPaused],
  ];
  const shown = counts.filter(([, n]) => n > 0);
  if (shown.every(([state]) => state === 'complete')) return undefined;
  return shown.map(([state, n]) => `${countText(n)} ${state}`).join(' · ');
}

/** Time left while the study runs, time taken after. */
function TimeText({ study }: { readonly study: FollowedStudy }) {
  const { state, activity } = study;
  const isRunning = activity.kind === 'running' && state.tunedAtMs === null;
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
