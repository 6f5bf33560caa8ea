import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import type { Home } from '@/lib/server/storage/home';
import type { StudyExecutor } from '@/lib/server/studies/study-engine';
import type { StudyService } from '@/lib/server/studies/study-service';
import type { ChildPool } from '@/lib/server/xgboost/child-pool';
import {
  eventOf,
  type Machine,
  openRealStudies,
  type RealStudies,
  settled,
  studyLaunch,
  unwrapped,
} from '@/lib/testing/real-studies';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { codeSha256 } from './code-version';
import { DIGEST_FILE, MODEL_FILES, readModelFile } from './model-files';

const LAUNCH = studyLaunch('the one launch');

let studies: RealStudies;
let reference: Home;
let referenceStudy: StudyState;

beforeAll(async () => {
  studies = await openRealStudies();
  reference = await studies.newHome();
  referenceStudy = (await studies.finished(reference, { nProcesses: 1 }, LAUNCH)).state;
  expect([referenceStudy.phase, referenceStudy.failure]).toEqual(['evaluated', null]);
}, 120_000);
afterEach(() => studies.closeServices());
afterAll(() => studies.close());

async function launched(
  home: Home,
  machine: Machine,
): Promise<{ readonly service: StudyService; readonly studyId: string }> {
  const service = studies.serviceOn(home, machine);
  const { studyId } = unwrapped(await service.launch(LAUNCH)).state;
  return { service, studyId };
}

const nthCompletion = (n: number) => {
  let nSeen = 0;
  return (event: StudyEvent) => event.type === 'trial_completed' && ++nSeen === n;
};

/** Every file under a folder by its path in it, as the digest of its bytes. */
function digestsUnder(folder: string, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(join(folder, path), { withFileTypes: true }).map((entry) => {
      const name = join(path, entry.name);
      return entry.isDirectory()
        ? digestsUnder(folder, name)
        : { [name]: sha256Hex(readFileSync(join(folder, name))) };
    }),
  );
}

function published(home: Home) {
  return {
    ...digestsUnder(home.root, 'models'),
    ...digestsUnder(home.root, 'checkpoints'),
    ...digestsUnder(home.root, 'data'),
  };
}

const modelIdOf = (home: Home) => readdirSync(home.modelsFolder)[0] ?? '';

describe('a study with the real library', () => {
  it('leaves the files of the design', () => {
    const id = modelIdOf(reference);
    const study = readdirSync(join(reference.root, 'checkpoints'))[0];
    expect(Object.keys(published(reference)).sort()).toEqual(
      [
        ...[...MODEL_FILES, DIGEST_FILE].map((name) => join('models', id, name)),
        ...['best.json', 'best.ubj'].map((name) => join('checkpoints', study ?? '', name)),
        'data/X_test.csv',
        'data/y_test.csv',
      ].sort(),
    );
    const xTest = readFileSync(join(reference.dataFolder, 'X_test.csv'), 'utf8').split('\n');
    expect(xTest).toHaveLength(62);
    expect(xTest[0]).toBe('feature_0,feature_1,feature_2,feature_3,feature_4');
  });

  it('records what made the model, and proves it', async () => {
    const id = modelIdOf(reference);
    const served = unwrapped(await readModelFile(reference, id, 'metadata.json'));
    const metadata = unwrapped(parseModelMetadata(new TextDecoder().decode(served.bytes)));
    const best = bestTrial(referenceStudy);
    expect(metadata).toMatchObject({
      model_id: id,
      study: LAUNCH.config,
      best_trial_number: best?.number,
      params: best?.params,
      n_rounds: best?.params.n_estimators,
      objective_value: best?.metrics.roc_auc,
      objective_standard_error: best?.standardError,
      xgboost_seed: 42,
      xgboost_version: studies.info.version,
      code_sha256: codeSha256(),
      onnx_max_margin_difference: 0,
      calibration: { n_rows: 60, seed: 1 },
      n_train: 180,
      n_validation: 60,
      n_test: 60,
    });
    const report = unwrapped(await readModelFile(reference, id, 'evaluation_report.json'));
    const parsed = evaluationReportSchema.parse(JSON.parse(new TextDecoder().decode(report.bytes)));
    expect(parsed.roc_auc).toBeGreaterThan(0.6);
    expect(parsed.roc_auc).toBe(metadata.test_roc_auc);
    const margins = unwrapped(await readModelFile(reference, id, 'test_margins.f32'));
    expect(new Float32Array(margins.bytes.buffer)).toHaveLength(60);
    execFileSync('sha256sum', ['--check', '--status', DIGEST_FILE], { cwd: reference.modelFolder(id) });
  });

  it('gives the same files with two processes as with one, six workers asked', async () => {
    const home = await studies.newHome();
    const { service, studyId } = await launched(home, { nProcesses: 2 });
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('gives the same files when a training process is killed in the middle of a trial', async () => {
    const home = await studies.newHome();
    let nKilled = 0;
    const around = (pool: ChildPool): StudyExecutor => ({
      ...pool,
      async run(job, dataset, options) {
        const outcome = pool.run(job, dataset, options);
        if (job.trialNumber === 3 && nKilled === 0) nKilled += killedChildren();
        return outcome;
      },
    });
    const { service, studyId } = await launched(home, { nProcesses: 1, around });
    const { state } = await settled(service, studyId);
    expect(nKilled).toBe(1);
    expect(state.trials[2]?.attempts).toBe(2);
    expect(state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('gives the same files when the service ends in the middle and another goes on', async () => {
    const home = await studies.newHome();
    const before = await launched(home, { nProcesses: 2 });
    await eventOf(before.service, before.studyId, nthCompletion(3));
    await before.service.close();
    const after = studies.serviceOn(home, { nProcesses: 1 });
    unwrapped(await after.resume(before.studyId));
    expect((await settled(after, before.studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('stops in the middle, makes a model of what there is when asked, and the whole one when resumed', async () => {
    const home = await studies.newHome();
    const { service, studyId } = await launched(home, { nProcesses: 1 });
    await eventOf(service, studyId, nthCompletion(2));
    unwrapped(await service.stop(studyId));
    const stopped = unwrapped(await service.get(studyId));
    expect(stopped.state.phase).toBe('tuned');
    expect(readdirSync(home.modelsFolder)).toEqual([]);
    unwrapped(await service.evaluate(studyId));
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(readdirSync(home.modelsFolder)).toHaveLength(1);
    unwrapped(await service.resume(studyId));
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toMatchObject(published(reference));
  });

  it('publishes the same model twice, and refuses to touch one that was changed', async () => {
    const home = await studies.newHome();
    const { service, studyId } = await launched(home, { nProcesses: 1 });
    await settled(service, studyId);
    const again = unwrapped(await service.launch({ ...LAUNCH, idempotencyKey: 'another launch' }));
    expect((await settled(service, again.state.studyId)).state.phase).toBe('evaluated');
    expect(readdirSync(home.modelsFolder)).toEqual([modelIdOf(reference)]);
    expect(digestsUnder(home.root, 'models')).toEqual(digestsUnder(reference.root, 'models'));

    writeFileSync(join(home.modelFolder(modelIdOf(home)), 'evaluation_report.json'), '{}');
    const third = unwrapped(await service.launch({ ...LAUNCH, idempotencyKey: 'a third launch' }));
    const { state } = await settled(service, third.state.studyId);
    expect(state.phase).toBe('failed');
    expect(state.failure).toContain('evaluation_report.json');
  });
});

/** Kill the engine processes that this process started, as the system does when memory runs out. Gives their number. */
function killedChildren(): number {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  const pids = listed.split('\n').flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid !== undefined && args?.includes(studies.engine.childPath) ? [Number(pid)] : [];
  });
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}

describe('readModelFile', () => {
  it('refuses every file that is not as published, and knows which models there are', async () => {
    const home = await studies.newHome();
    const { service, studyId } = await launched(home, { nProcesses: 2 });
    await settled(service, studyId);
    const id = modelIdOf(home);
    for (const name of MODEL_FILES) {
      const path = join(home.modelFolder(id), name);
      const whole = readFileSync(path);
      expect(new Uint8Array(unwrapped(await readModelFile(home, id, name)).bytes)).toEqual(
        new Uint8Array(whole),
      );
      const changed = Buffer.from(String(whole.toString('latin1')).replace(/.$/s, '#'), 'latin1');
      writeFileSync(path, changed);
      expect(await readModelFile(home, id, name)).toMatchObject({
        ok: false,
        error: { code: 'model_damaged' },
      });
      rmSync(path);
      expect(await readModelFile(home, id, name)).toMatchObject({
        ok: false,
        error: { code: 'model_damaged' },
      });
      writeFileSync(path, whole);
    }
    expect(await readModelFile(home, `model-${'0'.repeat(20)}`, 'model.onnx')).toMatchObject({
      ok: false,
      error: { code: 'model_unknown' },
    });
  });
});
