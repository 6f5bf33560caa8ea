import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '@/lib/core/result';
import { type ModelTests, modelTestsSchema } from '@/lib/evaluation/model-tests/test-results';
import { isMissing, writeFileDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';

/** Name of the file beside a model's own. It is not among the files that prove a model: tests can be run again. */
export const MODEL_TESTS_FILE = 'model_tests.json';

/** Keep what tests of a model came to, in the place of what earlier ones did. */
export async function writeModelTests(home: Home, tests: ModelTests): Promise<void> {
  await writeFileDurably(
    join(home.modelFolder(tests.model_id), MODEL_TESTS_FILE),
    `${JSON.stringify(tests, null, 2)}\n`,
  );
}

/**
 * Read what the newest tests of a model came to.
 *
 * @returns null where none were run; a failure `model_tests_unreadable` where the file is not one that was written here
 */
export async function readModelTests(home: Home, modelId: string): Promise<Result<ModelTests | null>> {
  let text: string;
  try {
    text = await readFile(join(home.modelFolder(modelId), MODEL_TESTS_FILE), 'utf8');
  } catch (error) {
    if (isMissing(error)) return succeed(null);
    throw error;
  }
  const parsed = modelTestsSchema.safeParse(jsonOrNull(text));
  if (parsed.success && parsed.data.model_id === modelId) return succeed(parsed.data);
  return fail(
    'model_tests_unreadable',
    `The file ${MODEL_TESTS_FILE} of ${modelId} was not written by this Leadbench.`,
    'Run the tests of the model again.',
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
