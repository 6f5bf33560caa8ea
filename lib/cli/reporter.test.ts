import { describe, expect, it } from 'vitest';
import { createJsonReporter, createTextReporter, type Reporter, type Sink } from './reporter';

function sinkOf(
  options: { isTerminal?: boolean; columns?: number } = {},
): Sink & { readonly texts: string[] } {
  const texts: string[] = [];
  const { isTerminal = false, columns = 80 } = options;
  return { texts, isTerminal, columns: () => columns, write: (text) => texts.push(text) };
}

/** A stage from its start to its end, then one that fails. */
function told(reporter: Reporter): void {
  reporter.started('tune');
  reporter.progress('tune', { label: 'trials', done: 1, total: 1_200, facts: { n_failed: 0 } });
  reporter.note('tune', 'A note.');
  reporter.warning('tune', 'A warning.');
  reporter.finished('tune', 1_234.56, { sentence: 'all done', facts: { n_trials: 2 } });
  reporter.started('evaluate');
  reporter.failed('evaluate', { code: 'bug', message: 'It broke.', hint: 'Tell us.', exitCode: 1 });
  reporter.ended({ command: 'pipeline', lines: ['', 'The end.'], facts: { elapsed_ms: 1_235 } });
}

describe('createJsonReporter', () => {
  it('tells everything, an object a line', () => {
    const sink = sinkOf({ isTerminal: true });
    told(createJsonReporter(sink));
    for (const text of sink.texts) expect(text.match(/\n/g)).toEqual(['\n']);
    expect(sink.texts.map((text) => JSON.parse(text))).toEqual([
      { stage: 'tune', event: 'started' },
      { stage: 'tune', event: 'progress', label: 'trials', done: 1, total: 1_200, n_failed: 0 },
      { stage: 'tune', event: 'note', message: 'A note.' },
      { stage: 'tune', event: 'warning', message: 'A warning.' },
      { stage: 'tune', event: 'finished', elapsed_ms: 1_235, n_trials: 2 },
      { stage: 'evaluate', event: 'started' },
      {
        stage: 'evaluate',
        event: 'failed',
        code: 'bug',
        message: 'It broke.',
        hint: 'Tell us.',
        exit_code: 1,
      },
      { stage: 'pipeline', event: 'ended', elapsed_ms: 1_235 },
    ]);
  });
});

describe('createTextReporter', () => {
  it('tells a line a stage where nobody watches', () => {
    const sink = sinkOf();
    told(createTextReporter(sink, { isVerbose: false }));
    expect(sink.texts).toEqual([
      '          A warning.\n',
      'tune         1.2 s  all done\n',
      '\n',
      'The end.\n',
    ]);
  });

  it('tells notes too when asked', () => {
    const sink = sinkOf();
    told(createTextReporter(sink, { isVerbose: true }));
    expect(sink.texts[0]).toBe('          A note.\n');
  });

  it('keeps a line up to date at a terminal, cut to its width, and takes it away at the end', () => {
    const sink = sinkOf({ isTerminal: true, columns: 20 });
    told(createTextReporter(sink, { isVerbose: false }));
    expect(sink.texts).toEqual([
      '\r\u001b[2Ktune      …',
      '\r\u001b[2Ktune      1 of 1,20',
      '\r\u001b[2K          A note.\n',
      '\r\u001b[2K          A warning.\n',
      '\r\u001b[2Ktune         1.2 s  all done\n',
      '\r\u001b[2Kevaluate  …',
      '\r\u001b[2K',
      '\n',
      'The end.\n',
    ]);
  });

  it('lets no control character of a file reach the terminal', () => {
    const sink = sinkOf();
    const reporter = createTextReporter(sink, { isVerbose: false });
    reporter.warning('score', 'a tag named \u001b]0;owned\u0007\nx\u202ey');
    expect(sink.texts).toEqual(['          a tag named  ]0;owned x y\n']);
  });
});
