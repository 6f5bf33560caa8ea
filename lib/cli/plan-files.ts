import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { type FeatureChoices, featureChoicesSchema } from '@/lib/features/choices';
import {
  DEFAULT_STRATEGY_PLAN,
  type StrategyPlan,
  strategyPlanSchema,
} from '@/lib/scoring/strategy/strategy-plan';
import { DESIGN_SEARCH_SPACE, type SearchSpace, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { parseSearchSpace } from '@/lib/tuning/space/search-space-json';
import { pipelineParamsSchema } from '@/lib/tuning/study/pipeline-params';
import type { TuningPlan } from '@/lib/tuning/study/study-config';
import { withFileWords } from './file-failure';

/** The spaces that have a name. */
const NAMED_SPACES: ReadonlyMap<string, SearchSpace> = new Map([
  ['design', DESIGN_SEARCH_SPACE],
  ['wide', WIDE_SEARCH_SPACE],
]);

/**
 * Give a search space by its name, or read it from a JSON file: parameter to distribution, as in `metadata.json` under
 * `study.searchSpace`.
 *
 * @throws ExpectedFailure `file_not_usable` or `space_unreadable`
 */
export async function readSpace(nameOrPath: string): Promise<SearchSpace> {
  const named = NAMED_SPACES.get(nameOrPath);
  if (named !== undefined) return named;
  const space = parseSearchSpace(await textOf(nameOrPath));
  if (space.ok) return space.value;
  const { message, hint } = space.error;
  throw new ExpectedFailure({
    code: 'space_unreadable',
    message: `${nameOrPath} cannot be used: ${message}`,
    hint,
  });
}

/**
 * Read a whole plan from a JSON file: as `study` in a model's `metadata.json` without digests, trials, workers, sampler and
 * seed.
 *
 * @throws ExpectedFailure `file_not_usable` or `plan_unreadable`
 */
export async function readPlanFile(path: string): Promise<TuningPlan> {
  return readJsonFile(path, pipelineParamsSchema.shape.plan, 'plan_unreadable');
}

/**
 * Read what is chosen of the features from a JSON file; what it leaves out is the design's.
 *
 * @throws ExpectedFailure `file_not_usable` or `features_unreadable`
 */
export async function readFeaturesFile(path: string): Promise<FeatureChoices> {
  return readJsonFile(path, featureChoicesSchema, 'features_unreadable');
}

/**
 * Read what writing and calling cost and earn from a JSON file; what it leaves out, and all without a file, is the design's.
 *
 * @throws ExpectedFailure `file_not_usable` or `strategy_unreadable`
 */
export async function readStrategyPlan(path: string | null): Promise<StrategyPlan> {
  if (path === null) return DEFAULT_STRATEGY_PLAN;
  return readJsonFile(path, strategyPlanSchema, 'strategy_unreadable');
}

async function readJsonFile<T>(path: string, schema: z.ZodType<T>, code: string): Promise<T> {
  const text = await textOf(path);
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const why = faultOf(error);
    if (why === null) throw error;
    throw new ExpectedFailure(fail(code, `${path} cannot be used: ${why}.`, 'Mend the file.').error);
  }
}

/** Read an ordinary file as text. @throws ExpectedFailure `file_not_usable` */
export async function textOf(path: string): Promise<string> {
  return withFileWords(path, async () => {
    const found = await stat(path);
    // A pipe or a device would be read for ever.
    if (!found.isFile() && !found.isDirectory()) throw noOrdinaryFile(path);
    return readFile(path, 'utf8');
  });
}

/** Say what is wrong with a file's content, where first; null for what is no fault of the file. */
function faultOf(error: unknown): string | null {
  if (error instanceof SyntaxError) return `it is no JSON (${error.message.replace(/\.$/, '')})`;
  if (!(error instanceof z.ZodError)) return null;
  const [issue] = error.issues;
  if (issue === undefined) return 'it does not fit';
  const place = issue.path.join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

function noOrdinaryFile(path: string): ExpectedFailure {
  return new ExpectedFailure(
    fail('file_not_usable', `${path} is no ordinary file.`, 'Give the path of a JSON file.').error,
  );
}
