import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { modelId, parseModelMetadata } from '@/lib/scoring/model-metadata';
import type { Home } from '@/lib/server/storage/home';
import { createEngineProcess, type EngineProcess } from '@/lib/server/xgboost/engine-process';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { modelDocument, modelFileBytes } from '@/lib/testing/model-files/model-document';
import { type ModelMutant, modelMutant } from '@/lib/testing/model-files/model-mutants';
import { POISONED_MODELS } from '@/lib/testing/model-files/poisoned-models';
import { writeUbjson } from '@/lib/testing/model-files/write-ubjson';
import { openRealStudies, type RealStudies, studyLaunch, unwrapped } from '@/lib/testing/real-studies';
import { MODEL_FILES, type ModelFile } from './model-files';
import { verifiedModel } from './verified-model';

const MUTANTS_OF_EACH = 100;
const SWAPS = 10;
const GIBIBYTE = 1024 ** 3;

let studies: RealStudies;
let home: Home;
let id: string;

beforeAll(async () => {
  studies = await openRealStudies();
  home = await studies.newHome();
  const { state } = await studies.finished(home, { nProcesses: 2 }, studyLaunch('one', { nTrials: 2 }));
  if (state.modelId === null) throw new Error(`Expected a model, got ${state.failure}`);
  id = state.modelId;
}, 120_000);
afterAll(() => studies.close());

const fileOf = (name: ModelFile, folder = home.modelFolder(id)) => join(folder, name);

/** Put other bytes in the place of a model's file while something is done. */
async function withFile<T>(name: ModelFile, bytes: Uint8Array, use: () => Promise<T>): Promise<T> {
  const published = readFileSync(fileOf(name));
  writeFileSync(fileOf(name), bytes);
  try {
    return await use();
  } finally {
    writeFileSync(fileOf(name), published);
  }
}

async function refusal(): Promise<string> {
  const verified = await verifiedModel(home.modelFolder(id), id);
  return verified.ok ? 'taken' : `${verified.error.code}: ${verified.error.message}`;
}

const notAsPublished = () => `model_damaged: The file model.ubj of ${id} is not the one that was published.`;

/** A copy of the model whose metadata names other bytes as its `model.ubj`, as one would forge it. */
function forgedModel(modelUbj: Uint8Array): string {
  const metadata = unwrapped(parseModelMetadata(readFileSync(fileOf('metadata.json'), 'utf8')));
  const forged = { ...metadata, model_ubj_sha256: sha256Hex(modelUbj) };
  const named = { ...forged, model_id: modelId(forged) };
  const folder = home.modelFolder(named.model_id);
  cpSync(home.modelFolder(id), folder, { recursive: true });
  writeFileSync(fileOf('model.ubj', folder), modelUbj);
  writeFileSync(fileOf('metadata.json', folder), JSON.stringify(named));
  return folder;
}

describe('verifiedModel', () => {
  it('gives the files that were published', async () => {
    const { files, metadata } = unwrapped(await verifiedModel(home.modelFolder(id), id));
    expect(Object.keys(files).sort()).toEqual(MODEL_FILES.toSorted());
    for (const name of MODEL_FILES) expect(Buffer.compare(files[name], readFileSync(fileOf(name)))).toBe(0);
    expect(metadata.model_id).toBe(id);
  });

  it(`refuses another sound model in its place, ${SWAPS} of ${SWAPS} times`, async () => {
    const other = await studies.newHome();
    const launch = studyLaunch('another', { nTrials: SWAPS, seed: 7 });
    const { state } = await studies.finished(other, { nProcesses: 2 }, launch);
    const swaps: Uint8Array[] = [readFileSync(join(other.modelFolder(state.modelId ?? ''), 'model.ubj'))];
    while (swaps.length < SWAPS) swaps.push(validVariant(swaps.length));
    for (const swap of swaps) {
      expect(checkedModelFile(swap, 'ubj').ok).toBe(true);
      expect(await withFile('model.ubj', swap, refusal)).toBe(notAsPublished());
    }
  });

  it('refuses a poisoned model by its structure where the metadata was forged to fit its digest', async () => {
    const poisoned = POISONED_MODELS.filter(({ format }) => format === 'ubj');
    for (const { bytes, says } of poisoned) {
      const verified = await verifiedModel(forgedModel(bytes), null);
      expect(verified.ok ? 'taken' : verified.error.message).toContain(says);
    }
    expect(poisoned.length).toBeGreaterThan(30);
  });

  it('refuses a sound model of other features, rounds or version than its metadata names', async () => {
    const verified = await verifiedModel(forgedModel(modelFileBytes('3.4.1', 'ubj')), null);
    expect(verified.ok ? 'taken' : verified.error.message).toMatch(
      /holds 4 trees of XGBoost 3\.4\.1, and its/,
    );
  });

  it('reads a folder wherever it lies, and refuses each file that was changed', async () => {
    const folder = join(home.root, 'elsewhere');
    cpSync(home.modelFolder(id), folder, { recursive: true });
    expect(Object.keys(unwrapped(await verifiedModel(folder, null)).files)).toHaveLength(MODEL_FILES.length);
    for (const name of MODEL_FILES) {
      const whole = readFileSync(join(folder, name));
      writeFileSync(join(folder, name), whole.subarray(1));
      const verified = await verifiedModel(folder, null);
      expect(verified.ok ? 'taken' : verified.error.code).toBe('model_damaged');
      writeFileSync(join(folder, name), whole);
    }
  });

  it('refuses the folder of one model under the id of another', async () => {
    const asked = `model-${'0'.repeat(20)}`;
    cpSync(home.modelFolder(id), home.modelFolder(asked), { recursive: true });
    const verified = await verifiedModel(home.modelFolder(asked), asked);
    expect(verified).toMatchObject({ ok: false, error: { code: 'model_damaged' } });
  });

  it('tells a model of another version from a damaged one', async () => {
    const folder = join(home.root, 'of version 2');
    cpSync(home.modelFolder(id), folder, { recursive: true });
    const text = readFileSync(join(folder, 'metadata.json'), 'utf8');
    writeFileSync(join(folder, 'metadata.json'), text.replace('"version": 3', '"version": 2'));
    expect(await verifiedModel(folder, null)).toMatchObject({
      ok: false,
      error: { code: 'model_of_another_version' },
    });
  });

  it('knows a folder that holds no model', async () => {
    expect(await verifiedModel(home.dataFolder, null)).toMatchObject({
      ok: false,
      error: { code: 'model_unknown', message: `${home.dataFolder} holds no model.` },
    });
  });
});

describe('mutated models', () => {
  const mutants = (['json', 'ubj'] as const).flatMap((format) =>
    Array.from({ length: MUTANTS_OF_EACH }, (_, i) => modelMutant(modelDocument('3.4.1'), format, i + 1)),
  );

  it('are refused by their digest, every one', async () => {
    for (const { bytes } of mutants) {
      expect(await withFile('model.ubj', bytes, refusal)).toBe(notAsPublished());
    }
  });

  it('that end an unguarded libxgboost are all refused by their structure', async () => {
    const outcomes = await nativeOutcomes(mutants);
    const ended = mutants.filter((_, i) => !['scored', 'refused'].includes(outcomes[i] ?? ''));
    const taken = mutants.filter(({ bytes, format }) => checkedModelFile(bytes, format).ok);
    expect(taken.filter((mutant) => ended.includes(mutant))).toEqual([]);
    // Were the library no danger, the tests above would prove little. Taken are changes of a number to another.
    expect(ended.length).toBeGreaterThanOrEqual(5);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(mutants.length / 4);
  }, 300_000);
});

describe('a process that loads a model', () => {
  const crashing = poisoned('a child far out of range');
  it.each<[what: string, model: Uint8Array, limits: LoadLimits, kind: TrialFailure['kind'], nTimes: number]>([
    ['crashes', crashing, { timeoutMs: 10_000, memoryLimitBytes: GIBIBYTE }, 'crashed', 16],
    [
      'takes too much memory',
      wideModel(20_000_000),
      { timeoutMs: 60_000, memoryLimitBytes: GIBIBYTE },
      'memory',
      1,
    ],
    ['takes too long', wideModel(4_000_000), { timeoutMs: 1_000 }, 'hung', 3],
  ])(
    '%s alone: it costs its request, and leaves nothing behind',
    async (_, model, limits, kind, nTimes) => {
      for (let i = 0; i < nTimes; i++) expect(await loadedOnce(model, limits)).toBe(kind);
      const children = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], {
        encoding: 'utf8',
      });
      expect(children).not.toContain(studies.engine.childPath);
      expect(children).not.toContain('defunct');
    },
    180_000,
  );
});

/** The n-th mutant with which the check has nothing to find fault. */
function validVariant(n: number): Uint8Array {
  const document = modelDocument('3.4.1');
  document.learner.learner_model_param.base_score = `[${n}E-2]`;
  let nFound = 0;
  for (let number = 1; ; number++) {
    const mutant = modelMutant(document, 'ubj', number);
    if (checkedModelFile(mutant.bytes, 'ubj').ok && ++nFound === n) return mutant.bytes;
  }
}

function poisoned(what: string): Uint8Array {
  const found = POISONED_MODELS.find((model) => model.what === what && model.format === 'ubj');
  if (found === undefined) throw new Error(`Expected a poisoned model with ${what}`);
  return found.bytes;
}

/** A model that says to score so many targets at once, for each of which libxgboost makes room. */
function wideModel(nTargets: number): Uint8Array {
  const document = modelDocument('3.4.1');
  document.learner.learner_model_param.num_target = String(nTargets);
  return writeUbjson(document);
}

function datasetFile() {
  const { datasetDigest } = studyLaunch('any').config;
  return { path: home.datasetPath(datasetDigest), digest: datasetDigest };
}

interface LoadLimits {
  readonly timeoutMs: number;
  readonly memoryLimitBytes?: number;
}

function openProcess({ memoryLimitBytes }: Pick<LoadLimits, 'memoryLimitBytes'>): EngineProcess {
  const { childPath, engine } = studies.engine;
  const setup = { childPath, engine, onLog: () => undefined };
  return createEngineProcess(memoryLimitBytes === undefined ? setup : { ...setup, memoryLimitBytes });
}

type NativeOutcome = 'scored' | TrialFailure['kind'];

async function nativeOutcome(
  process: EngineProcess,
  modelUbj: Uint8Array,
  timeoutMs: number,
): Promise<NativeOutcome> {
  const request = { type: 'native_score', dataset: datasetFile(), modelUbj } as const;
  try {
    await process.ask(request, { timeoutMs, signal: new AbortController().signal });
    return 'scored';
  } catch (error) {
    if (error instanceof TrialFailure) return error.kind;
    throw error;
  }
}

async function loadedOnce(modelUbj: Uint8Array, limits: LoadLimits): Promise<NativeOutcome> {
  const process = openProcess(limits);
  try {
    return await nativeOutcome(process, modelUbj, limits.timeoutMs);
  } finally {
    await process.kill();
  }
}

/** Load each model without any check, in as few processes as they leave alive. */
async function nativeOutcomes(models: readonly ModelMutant[]): Promise<readonly NativeOutcome[]> {
  const outcomes: NativeOutcome[] = [];
  const limits = { timeoutMs: 30_000, memoryLimitBytes: GIBIBYTE };
  let process = openProcess(limits);
  for (const { bytes } of models) {
    if (!process.isAlive()) process = openProcess(limits);
    outcomes.push(await nativeOutcome(process, bytes, limits.timeoutMs));
  }
  await process.kill();
  return outcomes;
}
