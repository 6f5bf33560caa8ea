import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';
import type { TuningPlan } from '@/lib/tuning/study/study-config';
import { addPlanOptions, givenPlan, parseMonotone } from './plan-options';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadbench-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The plan that words on the command line make. */
async function planOf(...words: readonly string[]): Promise<TuningPlan> {
  const command = new Command('tune').exitOverride().configureOutput({ writeErr: () => undefined });
  addPlanOptions(command);
  command.parse(words, { from: 'user' });
  return givenPlan(command.opts());
}

async function refusalOf(...words: readonly string[]): Promise<string> {
  try {
    await planOf(...words);
  } catch (error) {
    if (error instanceof ExpectedFailure) return `${error.failure.code}: ${error.failure.message}`;
    throw error;
  }
  throw new Error('Expected a refusal');
}

describe('givenPlan', () => {
  it('is the design where nothing is said', async () => {
    expect(await planOf()).toEqual(DEFAULT_TUNING_PLAN);
  });

  it('takes what is said, and leaves the rest', async () => {
    const words = [
      ...['--objective', 'logloss', '--scheduler', 'asha', '--min-rounds', '5', '--reduction-factor', '4'],
      ...['--early-stopping', '20', '--folds', '5', '--repeats', '2', '--report-every', '5'],
      ...['--max-failures', '1', '--space', 'wide', '--monotone', 'tag_count=1,member_rating=-1'],
      ...['--monotone', 'days=1'],
    ];
    expect(await planOf(...words)).toEqual({
      ...DEFAULT_TUNING_PLAN,
      objective: 'logloss',
      scheduler: { type: 'asha', minRounds: 5, reductionFactor: 4 },
      earlyStoppingRounds: 20,
      validation: { type: 'kfold', nSplits: 5, nRepeats: 2 },
      reportEveryRounds: 5,
      maxFailures: 1,
      searchSpace: WIDE_SEARCH_SPACE,
      monotoneConstraints: { tag_count: 1, member_rating: -1, days: 1 },
    });
  });

  it('gives each scheduler what it needs', async () => {
    const schedulerOf = async (...words: string[]) => (await planOf('--scheduler', ...words)).scheduler;
    expect(await schedulerOf('none')).toEqual({ type: 'none' });
    expect(await schedulerOf('asha')).toEqual({ type: 'asha', minRounds: 10, reductionFactor: 3 });
    expect(await schedulerOf('median', '--min-rounds', '30')).toEqual({
      type: 'median',
      minRounds: 30,
      nStartupTrials: 5,
    });
    expect((await planOf('--folds', '3')).validation).toEqual({ type: 'kfold', nSplits: 3, nRepeats: 1 });
  });

  it('reads a space and a whole plan from files', async () => {
    const searchSpace = { n_estimators: { type: 'randint', low: 10, high: 20 } };
    expect((await planOf('--space', written('space.json', searchSpace))).searchSpace).toEqual(searchSpace);
    const plan = {
      ...DEFAULT_TUNING_PLAN,
      objective: 'recall',
      threshold: { rule: 'top_share', share: 0.1 },
    };
    expect(await planOf('--plan', written('plan.json', plan))).toEqual(plan);
  });

  it.each<[what: string, content: unknown, says: RegExp]>([
    [
      'no JSON',
      '{"n_estimators":',
      /^space_unreadable: .*space\.json cannot be used: This is not JSON: in line 1, column 17/,
    ],
    ['a list', [], /space_unreadable/],
    ['no n_estimators', {}, /n_estimators/],
    ['an unknown parameter', { n_estimators: { type: 'randint', low: 1, high: 9 }, eta: 0.1 }, /eta/],
    [
      'bounds the wrong way',
      { n_estimators: { type: 'randint', low: 9, high: 1 } },
      /n_estimators.*low below high/,
    ],
    ['a parameter of the prototype', '{"constructor":{}}', /space_unreadable/],
  ])('refuses a space with %s', async (_, content, says) => {
    expect(await refusalOf('--space', written('space.json', content))).toMatch(says);
  });

  it('refuses a plan that lacks something, and files that are none', async () => {
    const { objective: _, ...rest } = DEFAULT_TUNING_PLAN;
    expect(await refusalOf('--plan', written('plan.json', rest))).toMatch(/^plan_unreadable: .*objective/);
    expect(await refusalOf('--plan', join(folder, 'absent.json'))).toMatch(/absent\.json does not exist/);
    mkdirSync(join(folder, 'a folder'));
    expect(await refusalOf('--space', join(folder, 'a folder'))).toMatch(/is a folder, not a file/);
    expect(await refusalOf('--space', '/dev/zero')).toMatch(/\/dev\/zero is no ordinary file/);
    expect(await refusalOf('--space', 'constructor')).toMatch(/constructor does not exist/);
  });
});

describe('parseMonotone', () => {
  it('splits at the last equals sign', () => {
    expect(parseMonotone('a=b=1')).toEqual({ 'a=b': 1 });
  });

  it.each(['', 'a', 'a=', '=1', 'a=0', 'a=+1', 'a=1,', 'a= 1', '__proto__=1'])('refuses %j', (text) => {
    expect(() => parseMonotone(text)).toThrow('Expected feature=1 or feature=-1');
  });
});
