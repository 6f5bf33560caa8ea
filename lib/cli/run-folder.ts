import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { ExpectedFailure, fail } from '@/lib/core/result';
import {
  isMissing,
  makeFolderDurably,
  removeDeadTemporaries,
  withTemporary,
  writeFolderDurably,
} from '@/lib/server/storage/durable-write';
import { withFileWords } from './file-failure';

/** The stages that are commands of their own, in order. */
export const STAGE_NAMES = ['ingest', 'validate', 'explore', 'prepare', 'tune', 'evaluate'] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** Commands that measure what `prepare` or `evaluate` left, and belong to no pipeline: they train many models and throw them away. */
export const MEASURE_NAMES = ['leakage', 'learning-curve', 'model-tests', 'report'] as const;

/** A command that works in a run's folder by itself. */
export type WorkName = StageName | (typeof MEASURE_NAMES)[number];

/** What a run leaves in its folder, by the stage that writes it. */
const PRODUCERS = {
  'subscribers_joined.csv': 'ingest',
  'repair_steps.json': 'ingest',
  'validation_results.json': 'validate',
  'eda_summary.json': 'explore',
  'drift.json': 'explore',
  'eda_report.html': 'explore',
  'anomalies.json': 'explore',
  'feature_spec.json': 'prepare',
  'dataset.arrow': 'prepare',
  'X_train.csv': 'prepare',
  'y_train.csv': 'prepare',
  'X_validation.csv': 'prepare',
  'y_validation.csv': 'prepare',
  'X_test.csv': 'prepare',
  'y_test.csv': 'prepare',
  'leakage.json': 'leakage',
  'learning_curve.json': 'learning-curve',
  'trials.csv': 'tune',
  'learning_curves.csv': 'tune',
  model: 'evaluate',
  'evaluation_report.json': 'evaluate',
  'scored_leads.csv': 'evaluate',
  'slices.json': 'evaluate',
  'model_tests.json': 'model-tests',
  'scored_leads_machine.csv': 'evaluate',
  'scored_leads.xlsx': 'evaluate',
  'scored_leads.parquet': 'evaluate',
  'scored_leads.json': 'evaluate',
  'strategy.json': 'report',
  'lead_report.html': 'report',
  'lead_report.pdf': 'report',
} as const satisfies Record<string, WorkName>;

/** A file of a run's folder. */
export type RunFile = keyof typeof PRODUCERS;

const READ_BYTES = 1024 * 1024;

/** The folder that a run works in: what one stage leaves there, the next one reads. */
export class RunFolder {
  /** As the user gave it. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Open a folder that an earlier stage left. Fails with `missing_input` where there is none. */
  static async existing(path: string): Promise<RunFolder> {
    const folder = new RunFolder(path);
    const found = await withFileWords(path, () => statOrNull(path));
    if (found === null) throw folder.missing('subscribers_joined.csv');
    if (!found.isDirectory()) throw noFolder(path);
    for (const own of [path, join(path, '.leadbench')]) {
      await withFileWords(own, () => removeDeadTemporaries(own));
    }
    return folder;
  }

  /** Open a folder, made where it is missing. */
  static async made(path: string): Promise<RunFolder> {
    const found = await withFileWords(path, () => statOrNull(path));
    if (found !== null && !found.isDirectory()) throw noFolder(path);
    await withFileWords(path, () => makeFolderDurably(path));
    return RunFolder.existing(path);
  }

  /** Where a file of the run lies. */
  file(name: RunFile): string {
    return join(this.path, name);
  }

  /** The failure `missing_input` of a file that is not there, with the command that writes it. */
  missing(name: RunFile): ExpectedFailure {
    return this.runFirst(PRODUCERS[name], 'missing_input', `${this.file(name)} is missing.`);
  }

  /** A failure that another stage's command mends. */
  runFirst(stage: WorkName, code: string, message: string): ExpectedFailure {
    const needsDb = stage === 'ingest' || stage === 'validate';
    const words = `${stage}${needsDb ? ' --db FILE' : ''} --out ${this.path}`;
    return new ExpectedFailure(fail(code, message, `Run "npm run leadbench -- ${words}" first.`).error);
  }

  /** Read a file whole. Fails with `missing_input`. */
  async read(name: RunFile): Promise<Uint8Array<ArrayBuffer>> {
    return this.#present(name, async () => new Uint8Array(await readFile(this.file(name))));
  }

  async readText(name: RunFile): Promise<string> {
    return this.#present(name, () => readFile(this.file(name), 'utf8'));
  }

  /** Give the SHA-256 of a file, 64 lower-case hex digits. Fails with `missing_input`. */
  async digestOf(name: RunFile): Promise<string> {
    return this.#present(name, async () => {
      const hash = createHash('sha256');
      for await (const piece of createReadStream(this.file(name))) hash.update(piece);
      return hash.digest('hex');
    });
  }

  /** Read a text in pieces, without holding it whole; `use` must take them all. Gives its SHA-256 too. */
  async readInPieces<T>(
    name: RunFile,
    use: (pieces: Iterable<string>) => T,
  ): Promise<{ readonly value: T; readonly sha256: string }> {
    return this.#present(name, () => {
      const hash = createHash('sha256');
      const value = use(piecesOf(this.file(name), (bytes) => hash.update(bytes)));
      return { value, sha256: hash.digest('hex') };
    });
  }

  /** Write a file so that it is there whole or not at all. Gives its SHA-256. */
  async write(name: RunFile, content: string | Uint8Array | Iterable<string>): Promise<string> {
    return (await writePieces(this.file(name), content)).sha256;
  }

  /** Take a file away that belongs to an earlier run, if it is there. */
  async remove(name: RunFile): Promise<void> {
    await withFileWords(this.file(name), () => rm(this.file(name), { force: true }));
  }

  /** Put a folder of files in the place of the one of that name. */
  async replaceFolder(name: RunFile, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
    const path = this.file(name);
    const fresh = join(this.path, `.${name}.new`);
    const old = join(this.path, `.${name}.old`);
    await withFileWords(path, async () => {
      for (const leftover of [fresh, old]) await rm(leftover, { recursive: true, force: true });
      await writeFolderDurably(fresh, files);
      if ((await statOrNull(path)) !== null) await rename(path, old);
      await rename(fresh, path);
      await rm(old, { recursive: true, force: true });
    });
  }

  async #present<T>(name: RunFile, use: () => Promise<T> | T): Promise<T> {
    return withFileWords(this.file(name), async () => {
      try {
        return await use();
      } catch (error) {
        if (isMissing(error)) throw this.missing(name);
        throw error;
      }
    });
  }
}

/** Write a file so that it is there whole or not at all, whatever was there before. Gives its SHA-256 and size. */
export async function writePieces(
  path: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
): Promise<{ readonly sha256: string; readonly nBytes: number }> {
  const hash = createHash('sha256');
  let nBytes = 0;
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  await withFileWords(path, () =>
    withTemporary(path, async (file) => {
      for (const piece of pieces) {
        hash.update(piece);
        nBytes += Buffer.byteLength(piece);
        await file.writeFile(piece);
      }
    }),
  );
  return { sha256: hash.digest('hex'), nBytes };
}

/** Write a value as JSON that a person can read and compare. */
export function readableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function noFolder(path: string): ExpectedFailure {
  return new ExpectedFailure(
    fail('file_not_usable', `${path} is a file, not a folder.`, 'Give a folder to --out.').error,
  );
}

/** Give a file's text in pieces. Read synchronously, because the parsers of the stages take pieces as they come and know nothing of promises. */
export function* piecesOf(
  path: string,
  onBytes: (bytes: Uint8Array) => void = () => undefined,
): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const nBytes = readSync(file, buffer, 0, READ_BYTES, null);
      if (nBytes === 0) break;
      const bytes = buffer.subarray(0, nBytes);
      onBytes(bytes);
      yield decoder.write(bytes);
    }
    const rest = decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
