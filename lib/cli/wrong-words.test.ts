import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCli, type TestCli } from '@/lib/testing/cli';

let cli: TestCli;
beforeAll(async () => {
  cli = await openTestCli();
}, 60_000);
afterAll(() => cli.close());

describe('wrong words', () => {
  const RUN = ['pipeline', '--db', 'FILE', '--out', 'DIR'];
  const STUDY_ID = `study-${'0'.repeat(20)}`;
  it.each<[what: string, words: readonly string[], says: RegExp]>([
    ['an unknown command', ['pipelin'], /unknown command 'pipelin'/],
    ['a model to publish without its id', ['models', 'publish'], /publish needs the id of a model/],
    ['no id of a model', ['models', 'publish', 'best'], /Expected a model’s id/],
    ['an unknown option', [...RUN, '--trails', '3'], /unknown option '--trails'/],
    ['a word too many', [...RUN, 'more'], /too many arguments/],
    ['no --out', ['ingest', '--db', 'FILE'], /required option '--out <dir>' not specified/],
    ['no --db', ['validate', '--out', 'DIR'], /required option '--db <file>' not specified/],
    ['an option without its value', [...RUN, '--seed'], /option '--seed <n>' argument missing/],
    ['no trials', [...RUN, '--trials', '0'], /'0' is invalid. Expected a whole number from 1 to 10,000\./],
    ['too many trials', [...RUN, '--trials', '10001'], /Expected a whole number from 1 to 10,000\./],
    ['half a trial', [...RUN, '--trials', '2.5'], /Expected a whole number/],
    ['trials with an exponent', [...RUN, '--trials', '1e2'], /Expected a whole number/],
    ['trials in hexadecimal', [...RUN, '--trials', '0x10'], /Expected a whole number/],
    ['trials in a very long number', [...RUN, '--trials', '9'.repeat(400)], /Expected a whole number/],
    ['workers that are no number', [...RUN, '--workers', 'many'], /Expected a whole number from 1 to 64\./],
    ['empty workers', [...RUN, '--workers', ''], /Expected a whole number/],
    ['a negative seed', [...RUN, '--seed=-1'], /Expected a whole number from 0 to 2,147,483,647\./],
    ['a seed too large', [...RUN, '--seed', '2147483648'], /Expected a whole number/],
    [
      'an unknown sampler',
      [...RUN, '--sampler', 'bayesian'],
      /Allowed choices are random, quasi_random, tpe, gp, grid\./,
    ],
    ['an unknown objective', [...RUN, '--objective', 'accuracy'], /Allowed choices are roc_auc, average_/],
    ['an unknown scheduler', [...RUN, '--scheduler', 'pbt'], /Allowed choices are none, asha, median\./],
    ['one fold', [...RUN, '--folds', '1'], /Expected a whole number from 2 to 20\./],
    ['no rounds', [...RUN, '--early-stopping', '0'], /Expected a whole number from 1 to 10,000\./],
    [
      'rounds without a scheduler',
      [...RUN, '--min-rounds', '9'],
      /--min-rounds goes with --scheduler asha or /,
    ],
    [
      'a factor without asha',
      [...RUN, '--scheduler', 'median', '--reduction-factor', '3'],
      /--reduction-factor goes with --scheduler asha\./,
    ],
    ['repeats without folds', [...RUN, '--repeats', '2'], /--repeats goes with --folds\./],
    ['a plan and more', [...RUN, '--plan', 'p.json', '--space', 'wide'], /--plan .* so --space has no place/],
    ['a direction of 2', [...RUN, '--monotone', 'tag_count=2'], /Expected feature=1 or feature=-1/],
    ['a feature twice', [...RUN, '--monotone', 'a=1,b=-1', '--monotone', 'a=1'], /It names a twice\./],
    ['no study', ['study'], /missing required argument 'id'/],
    ['no id of a study', ['study', '../x', 'stop'], /Expected the id of a study/],
    ['an unknown order', ['study', STUDY_ID, 'delete'], /Allowed choices are show, stop, pause, /],
    ['an extension to nothing', ['study', STUDY_ID, 'extend'], /extend needs --trials, the new total\./],
    ['a rerun without a seed', ['study', STUDY_ID, 'rerun'], /rerun needs --seed\./],
    ['trials to stop', ['study', STUDY_ID, 'stop', '--trials', '9'], /--trials goes with extend\./],
    ['a seed to resume', ['study', STUDY_ID, 'resume', '--seed', '9'], /--seed goes with rerun\./],
    ['a share above 1', [...RUN, '--pareto-share', '1.01'], /Expected a number from 0.05 to 1\./],
    ['a share that is no number', [...RUN, '--pareto-share', 'NaN'], /Expected a number/],
    ['an empty path', ['ingest', '--db', '', '--out', 'DIR'], /Expected a path\./],
    ['a path with a NUL', ['ingest', '--db', 'a\0b', '--out', 'DIR'], /Expected a path\./],
    [
      'a path with line ends',
      ['ingest', '--db', 'FILE', '--out', 'a\nb\u001b[2J', '--trials', 'x\ny'],
      /'x y'/,
    ],
    ['a blank reason', [...RUN, '--override-gate', '  '], /Expected a reason of 1 to 500 characters\./],
    ['a long reason', [...RUN, '--override-gate', 'x'.repeat(501)], /Expected a reason/],
    ['too few subscribers', ['generate', '--out', 'FILE', '--subscribers', '999'], /1,000 to 5,000,000/],
  ])('%s', async (_, words, says) => {
    const { exitCode, stdout, stderr } = await cli.run(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^leadbench: \S.*--help" for the words\.$/),
      '',
    ]);
    expect(stderr).toMatch(says);
  });

  it('gives the words and exit code 2 where there are none', async () => {
    const { exitCode, stdout } = await cli.run();
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Usage: leadbench');
  });

  it('gives help and version with exit code 0', async () => {
    const help = await cli.run('pipeline', '--help');
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('--trials <n>');
    expect(help.stdout).toContain('(default: 24)');
    expect(await cli.run('--version')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});
