import type { Failure } from '@/lib/core/result';

/** What is said of a stage beside its words: names and values of a JSON line. No personal data. */
export type Facts = Readonly<Record<string, unknown>>;

/** How far a stage has come. */
export interface StageProgress {
  /** In a few words, such as "trials, best ROC AUC 0.81". */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly facts?: Facts;
}

/** What a stage came to. */
export interface StageOutcome {
  /** For people, without a full stop. */
  readonly sentence: string;
  readonly facts: Facts;
}

/** The end of a command. */
export interface CommandEnd {
  readonly command: string;
  /** For people, a line each. */
  readonly lines: readonly string[];
  readonly facts: Facts;
}

/** Tells what happens, to a person or as JSON lines. */
export interface Reporter {
  started(stage: string): void;
  progress(stage: string, progress: StageProgress): void;
  /** Something that the user may want to know; shown on a terminal and with `--verbose`. */
  note(stage: string, text: string): void;
  /** Something that the user should know, however the output is read. */
  warning(stage: string, text: string): void;
  finished(stage: string, elapsedMs: number, outcome: StageOutcome): void;
  /** Why a stage ended early. The line on standard error is not its business. */
  failed(stage: string, failure: Failure & { readonly exitCode: number }): void;
  ended(end: CommandEnd): void;
}

/** Where text goes. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  columns(): number;
  write(text: string): void;
}

/** Tell everything as JSON, one object a line, and nothing else. */
export function createJsonReporter(sink: Sink): Reporter {
  const line = (stage: string, event: string, facts: Facts) =>
    sink.write(`${JSON.stringify({ stage, event, ...facts })}\n`);
  return {
    started: (stage) => line(stage, 'started', {}),
    progress: (stage, { label, done, total, facts }) =>
      line(stage, 'progress', { label, done, total, ...facts }),
    note: (stage, text) => line(stage, 'note', { message: text }),
    warning: (stage, text) => line(stage, 'warning', { message: text }),
    finished: (stage, elapsedMs, { facts }) =>
      line(stage, 'finished', { elapsed_ms: Math.round(elapsedMs), ...facts }),
    failed: (stage, { code, message, hint, exitCode }) =>
      line(stage, 'failed', { code, message, hint, exit_code: exitCode }),
    ended: ({ command, facts }) => line(command, 'ended', facts),
  };
}

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Tell a person: a line a stage when it is done. On a terminal that line is there from the start and shows how far the
 * stage has come.
 */
export function createTextReporter(sink: Sink, options: { readonly isVerbose: boolean }): Reporter {
  const passing = (text: string) => {
    const width = Math.max(1, sink.columns() - 1);
    if (sink.isTerminal) sink.write(`${CLEAR_LINE}${oneLine(text).slice(0, width)}`);
  };
  const lasting = (text: string) => sink.write(`${sink.isTerminal ? CLEAR_LINE : ''}${oneLine(text)}\n`);
  return {
    started: (stage) => passing(`${stage.padEnd(10)}…`),
    progress: (stage, { label, done, total }) =>
      passing(`${stage.padEnd(10)}${count(done)} of ${count(total)} ${label}`),
    note: (_, text) => {
      if (sink.isTerminal || options.isVerbose) lasting(`          ${text}`);
    },
    warning: (_, text) => lasting(`          ${text}`),
    finished: (stage, elapsedMs, { sentence }) =>
      lasting(`${stage.padEnd(10)}${secondsText(elapsedMs).padStart(8)}  ${sentence}`),
    // Only the passing line is taken away; the failure itself goes to standard error.
    failed: () => {
      if (sink.isTerminal) sink.write(CLEAR_LINE);
    },
    ended: ({ lines }) => {
      for (const text of lines) sink.write(`${oneLine(text)}\n`);
    },
  };
}

/** Keep a text on one line: names out of a file may hold line ends, and escapes that a terminal obeys. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Write a duration. @example secondsText(1234) // '1.2 s' */
export function secondsText(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

/** Write a count with thousands separated. @example count(19919) // '19,919' */
export function count(value: number): string {
  return value.toLocaleString('en');
}
