import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelTestsOf } from '@/lib/evaluation/model-tests/test-results';
import type { Home } from '@/lib/server/storage/home';
import { openRealStudies, type RealStudies, studyLaunch } from '@/lib/testing/real-studies';
import { createModelRegistry, type ModelRegistry } from './model-registry';
import { writeModelTests } from './model-tests-file';
import { readRegistry } from './registry-journal';

const ONE_PROCESS = { nProcesses: 1 };
const NEVER_MADE = `model-${'0'.repeat(20)}`;

let real: RealStudies;
let home: Home;
let registry: ModelRegistry;
let ids: readonly [string, string];
let clock = 0;

async function made(seed: number): Promise<string> {
  const launch = studyLaunch(`registry-${seed}`, { seed, nTrials: 1, workers: 1 });
  const { state } = await real.finished(home, ONE_PROCESS, launch);
  if (state.modelId === null) throw new Error('Expected the study to make a model');
  return state.modelId;
}

beforeAll(async () => {
  real = await openRealStudies();
  home = await real.newHome();
  ids = [await made(1), await made(2)];
  registry = newRegistry();
}, 60_000);
afterAll(() => real.close());

function newRegistry(): ModelRegistry {
  return createModelRegistry({ home, now: () => ++clock });
}

async function testedAgainst(modelId: string, championId: string | null, isPassed = true): Promise<void> {
  const sha = 'a'.repeat(64);
  const about = { model_id: modelId, dataset_sha256: sha, suite_name: 'x', suite_sha256: sha, seed: 1 };
  const outcome = isPassed ? ('passed' as const) : ('failed' as const);
  const result = {
    name: 'Nobody is harmed',
    type: 'order',
    severity: 'critical',
    outcome,
    sentence: 'Bad.',
  } as const;
  const results = [{ ...result, n_checked: 1, n_failed: 1, measured: {}, examples: [] }];
  await writeModelTests(home, modelTestsOf({ ...about, champion_model_id: championId }, results, null));
}

const promote = (modelId: string, overrideReason: string | null = null) =>
  registry.promote({ modelId, overrideReason });
const codeOf = async (answer: Promise<{ ok: boolean; error?: { code: string } }>) =>
  (await answer).error?.code ?? 'done';
const stages = async () => {
  const listing = await registry.list();
  if (!listing.ok) throw new Error(listing.error.message);
  return Object.fromEntries(listing.value.models.map(({ modelId, stage }) => [modelId, stage]));
};

describe('createModelRegistry', () => {
  it('publishes what passed, refuses what did not, takes a reason, and goes back', async () => {
    const [first, second] = ids;
    expect(await stages()).toEqual({ [first]: 'candidate', [second]: 'candidate' });
    expect(await codeOf(promote(NEVER_MADE, 'because I say so'))).toBe('model_unknown');
    expect(await codeOf(promote(first))).toBe('model_not_tested');
    await testedAgainst(first, null, false);
    const refused = await promote(first);
    expect(refused).toMatchObject({ ok: false, error: { code: 'model_tests_failed' } });
    expect(refused.ok ? '' : refused.error.message).toContain('first “Nobody is harmed”: Bad.');
    await testedAgainst(first, null);
    const few = await promote(first);
    expect(few).toMatchObject({ ok: false, error: { code: 'model_not_ready' } });
    expect(few.ok ? '' : few.error.message).toContain('nothing can be said of the model');
    expect(await codeOf(promote(first, 'It is a small list.'))).toBe('done');
    expect(await codeOf(promote(first))).toBe('already_champion');
    expect(await codeOf(registry.revert({ fromModelId: first, reason: null }))).toBe('nothing_to_revert_to');

    await testedAgainst(second, null);
    expect(await codeOf(promote(second))).toBe('model_tests_outdated');
    await testedAgainst(second, first, false);
    expect(await codeOf(promote(second))).toBe('model_tests_failed');
    expect(await promote(second, 'The fair is on Monday.')).toMatchObject({
      ok: true,
      value: { testsPassed: false, overrideReason: 'The fair is on Monday.' },
    });
    expect(await stages()).toEqual({ [first]: 'archived', [second]: 'champion' });
    expect(await codeOf(registry.revert({ fromModelId: first, reason: null }))).toBe('champion_changed');
    expect(await registry.revert({ fromModelId: second, reason: 'It was wrong.' })).toEqual({
      ok: true,
      value: first,
    });
    expect(await stages()).toEqual({ [first]: 'champion', [second]: 'archived' });
  });

  it('finds all of it again after a crash in the middle of a write', async () => {
    const [first, second] = ids;
    const whole = readFileSync(home.registryPath);
    appendFileSync(home.registryPath, '120 01234567 {"sequence":4,"ty');
    registry = newRegistry();
    expect(await stages()).toEqual({ [first]: 'champion', [second]: 'archived' });
    expect(await codeOf(promote(second, 'Once more, then.'))).toBe('done');
    expect(readFileSync(home.registryPath).subarray(0, whole.length)).toEqual(whole);
    const state = await readRegistry(home);
    expect(state.ok && state.value.events.map(({ type }) => type)).toEqual([
      'model_promoted',
      'model_promoted',
      'model_reverted',
      'model_promoted',
    ]);
    expect(state.ok && state.value.inUse).toEqual([first, second]);
  });

  it('carries orders out one after the other: of two reverts of one model one is too late', async () => {
    const [, second] = ids;
    const answers = await Promise.all(
      [1, 2].map(() => codeOf(registry.revert({ fromModelId: second, reason: null }))),
    );
    expect(answers).toEqual(['done', 'champion_changed']);
  });

  it('puts no model to use whose files were changed, and still lists the others', async () => {
    const [first, second] = ids;
    const path = join(home.modelFolder(second), 'model.onnx');
    const sound = readFileSync(path);
    writeFileSync(path, sound.subarray(1));
    expect(await codeOf(promote(second, 'Whatever it is.'))).toBe('model_damaged');
    writeFileSync(path, sound);
    rmSync(join(home.modelFolder(second), 'metadata.json'));
    const listing = await registry.list();
    expect(listing.ok && listing.value.models.map(({ modelId }) => modelId)).toEqual([first]);
    expect(listing.ok && listing.value.unreadable).toMatchObject([
      { modelId: second, failure: { code: 'model_damaged' } },
    ]);
  });
});
