import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { succeed } from '@/lib/core/result';
import { createStudyService } from '@/lib/server/studies/study-service';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { valuesBySeries } from '@/lib/testing/exposition';
import { createFakeExecutor } from '@/lib/testing/fake-study-executor';
import { launchOf, RIG_MODEL_ID, rigHome, settled, unwrapped } from '@/lib/testing/study-rig';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { createOperations } from './operations';

const folder = mkdtempSync(join(tmpdir(), 'leadbench-observed-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('metrics as the observer of a study service', () => {
  it('count what the journal of a study says', async () => {
    const home = await rigHome(folder);
    const elapsed = () => performance.now();
    const operations = createOperations({ version: '0.1.0', home: async () => succeed(home), elapsed });
    const crashes = new Set([2]);
    const executor = createFakeExecutor({
      nProcesses: 2,
      failureOf: ({ trialNumber }, attempt) =>
        crashes.has(trialNumber) && attempt === 1 ? new TrialFailure('crashed', 'gone') : null,
    });
    const engine = {
      info: { version: '3.4.1', path: 'libxgboost.so', source: 'system' as const, features: {} },
      processesFor: () => 2,
      warm: async () => undefined,
      openExecutor: () => executor,
    };
    const service = createStudyService({
      home,
      engine: async () => succeed(engine),
      makeModel: async () => succeed(RIG_MODEL_ID),
      now: () => Date.now(),
      elapsed,
      observers: [operations.metrics],
    });
    const { studyId } = unwrapped(await service.launch(launchOf('observed'))).state;
    const { state } = await settled(service, studyId);
    const values = valuesBySeries(await operations.metrics.exposition());
    const { nComplete, nRounds } = studyProgress(state);
    expect(nComplete).toBe(8);
    expect({
      complete: values.get('leadbench_tune_trials_total{status="complete"}'),
      rounds: values.get('leadbench_tune_rounds_total'),
      crashed: values.get('leadbench_tune_trial_failures_total{kind="crashed"}'),
      suggestions: values.get('leadbench_tune_sampler_duration_seconds_count{algorithm="tpe"}'),
      running: values.get('leadbench_tune_trials_running'),
      workers: values.get('leadbench_tune_workers'),
      evaluated: values.get('leadbench_tune_studies{phase="evaluated"}'),
      models: values.get('leadbench_models_published_total'),
      failures: values.get('leadbench_journal_failures_total'),
    }).toEqual({
      complete: 8,
      rounds: nRounds,
      crashed: 1,
      suggestions: 8,
      running: 0,
      workers: 0,
      evaluated: 1,
      models: 1,
      failures: 0,
    });
    // All but the first event, which comes with the journal itself.
    expect(values.get('leadbench_journal_append_duration_seconds_count')).toBe(state.lastSequence - 1);
    await service.close();
  });
});
