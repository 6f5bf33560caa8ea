'use client';

import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { failureOf } from '@/lib/store/cell-runs';
import { LatestWork } from '@/lib/store/cockpit-latest';
import type { ParameterImportances } from '@/lib/tuning/insight/parameter-importances';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { isComplete } from '@/lib/tuning/study/trial-record';
import type { StudyApi } from '@/lib/workers/study-api';
import { WorkerClient } from '@/lib/workers/worker-client';

/** Training needs the processors more than a figure that grows by a trial. */
const PAUSE_MS = 3000;

/** What is known of the importances of a study's parameters. */
export interface KnownImportances {
  /** Of the trials that were complete when it was begun; null before the first answer. */
  readonly importances: ParameterImportances | null;
  readonly failure: Failure | null;
}

const NOTHING_KNOWN: KnownImportances = { importances: null, failure: null };

/** Answers that were given already, so that going back to the figure costs nothing. */
const known = new WeakMap<StudyState['trials'], ParameterImportances>();

/**
 * Work the importances out in a worker, again as trials complete.
 *
 * @param isWanted whether anyone looks at them; without, there is no worker
 */
export function useImportances(state: StudyState, isWanted: boolean): KnownImportances {
  const [answer, setAnswer] = useState<KnownImportances>(NOTHING_KNOWN);
  const [work, setWork] = useState<LatestWork<StudyState> | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    const worker = new Worker(new URL('../../../lib/workers/study.worker.ts', import.meta.url), {
      type: 'module',
    });
    const client = new WorkerClient<StudyApi>(worker, 'the study worker');
    let isLeft = false;
    const latest = new LatestWork<StudyState>(async (asked) => {
      const next = await answerOf(client, asked);
      if (isLeft) return;
      setAnswer((before) => ({ ...before, ...next }));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    });
    setWork(latest);
    return () => {
      isLeft = true;
      latest.end();
      client.close();
      setWork(null);
    };
  }, [isWanted]);
  useEffect(() => work?.ask(state), [work, state]);
  return answer;
}

async function answerOf(
  client: WorkerClient<StudyApi>,
  { config, trials }: StudyState,
): Promise<Partial<KnownImportances>> {
  const before = known.get(trials);
  if (before !== undefined) return { importances: before, failure: null };
  try {
    // Without curves and stretches, which are most of a trial and nothing to the importances.
    const complete = trials.filter(isComplete).map((trial) => ({ ...trial, curve: [], stretches: [] }));
    const importances = await client.call('importances', { config, trials: complete, seed: config.seed });
    known.set(trials, importances);
    return { importances, failure: null };
  } catch (error) {
    return { failure: failureOf(error, 'Parameter importances') };
  }
}
