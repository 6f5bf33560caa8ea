import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256HexOfText } from '@/lib/core/digest';
import { fail, type Result, succeed } from '@/lib/core/result';
import { type FeatureSpec, featureSpecSchema } from '@/lib/features/spec';
import { parseFeatureSpec, specDigest, specJson } from '@/lib/features/spec-json';
import { type ValidationCounts, validationCountsSchema } from '@/lib/quality/validation-counts';
import { datasetFacts } from '@/lib/server/storage/dataset-store';
import { isMissing, writeFolderDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { journalStart } from '@/lib/server/storage/journal';
import { foldLeakFault } from '@/lib/tuning/study/fold-leak';
import { type StudyChange, studyConfigSchema, studyEventSchema } from '@/lib/tuning/study/study-events';

/** What a client sends to launch a study. */
export const studyLaunchSchema = z.strictObject({
  /** Made by the client once for each launch meant; the same key twice is the same study. */
  idempotencyKey: z.string().min(8).max(200),
  config: studyConfigSchema,
  spec: featureSpecSchema,
  /** Why the quality gate was overridden; null when it was open. */
  gateOverrideReason: z.string().min(1).max(500).nullable(),
  /** What the quality checks came to, in counts; kept beside the study. */
  validation: validationCountsSchema.nullable().optional(),
});

export type StudyLaunch = z.infer<typeof studyLaunchSchema>;

const JOURNAL_FILE = 'journal.log';
const SPEC_FILE = 'feature_spec.json';
const VALIDATION_FILE = 'validation_results.json';

/**
 * Derive a study's id from the client's key, so that a repeated launch finds its study, even after a restart.
 *
 * @example studyIdForKey('a key of a client') // 'study-' and 20 hex digits
 */
export function studyIdForKey(idempotencyKey: string): string {
  return `study-${sha256HexOfText(`study:${idempotencyKey}`).slice(0, 20)}`;
}

/** Name a study's journal. */
export function studyJournalPath(home: Home, studyId: string): string {
  return join(home.studyFolder(studyId), JOURNAL_FILE);
}

/**
 * Check that the quality gate lets a launch from outside pass: its checks ran and no critical one failed, or somebody said why it
 * goes on all the same.
 *
 * @returns a failure `gate_shut` or `gate_unknown`
 */
export function gateFault({ gateOverrideReason, validation = null }: StudyLaunch): Result<void> {
  if (gateOverrideReason !== null) return succeed(undefined);
  if (validation === null) {
    return fail(
      'gate_unknown',
      'No study starts on data whose quality checks were not run.',
      'Run the quality gate, then launch the study.',
    );
  }
  const { open, n_critical } = validation.gate;
  if (open && n_critical === 0) return succeed(undefined);
  return fail(
    'gate_shut',
    `The quality gate is shut: ${n_critical} critical ${n_critical === 1 ? 'check' : 'checks'} failed.`,
    'Mend the data or leave the failing rows out, or override the gate with a reason.',
  );
}

/**
 * Check that a launch fits together: the specification is the one named, and the dataset is here, whole and made with it.
 *
 * @returns a failure `feature_spec_mismatch`, `feature_unknown`,
 * `target_encoding_leaks`, `dataset_spec_mismatch`, or as `datasetFacts`
 */
export async function launchFault(home: Home, { config, spec }: StudyLaunch): Promise<Result<void>> {
  if (specDigest(spec) !== config.featureSpecDigest) {
    return fail(
      'feature_spec_mismatch',
      'The feature specification sent is not the one that the study names.',
      'Prepare the features again, then launch the study.',
    );
  }
  const unknown = Object.keys(config.monotoneConstraints).find(
    (constrained) => !spec.features.some(({ name }) => name === constrained),
  );
  if (unknown !== undefined) {
    return fail(
      'feature_unknown',
      `There is no feature ${unknown} to hold monotone.`,
      'Choose among the features of the prepared data.',
    );
  }
  const leak = foldLeakFault(config.validation, spec);
  if (leak !== null) return { ok: false, error: leak };
  const dataset = await datasetFacts(home, config.datasetDigest);
  if (!dataset.ok) return dataset;
  const expected = spec.features.map(({ name }) => name);
  const actual = dataset.value.featureNames;
  const at = Array.from({ length: Math.max(expected.length, actual.length) }, (_, i) => i).find(
    (i) => expected[i] !== actual[i],
  );
  if (at === undefined) return succeed(undefined);
  return fail(
    'dataset_spec_mismatch',
    `Column ${at + 1} of the dataset is ${actual[at] ?? 'missing'}, and of the feature specification ${expected[at] ?? 'missing'}.`,
    'Prepare the features again, then launch the study.',
  );
}

/** Make a study's folder with its specification and a journal that holds its creation, all at once. */
export async function createStudyFolder(
  home: Home,
  options: {
    readonly created: StudyChange & { readonly type: 'study_created' };
    readonly spec: FeatureSpec;
    readonly atMs: number;
    readonly validation?: ValidationCounts | null;
  },
): Promise<void> {
  const { created, spec, atMs, validation = null } = options;
  const event = studyEventSchema.parse({ ...created, sequence: 1, atMs });
  await writeFolderDurably(home.studyFolder(created.studyId), {
    [JOURNAL_FILE]: journalStart([event]),
    [SPEC_FILE]: specJson(spec),
    ...(validation === null ? {} : { [VALIDATION_FILE]: `${JSON.stringify(validation, null, 2)}\n` }),
  });
}

/** Read a study's feature specification. Failures as `parseFeatureSpec`. */
export async function readStudySpec(home: Home, studyId: string): Promise<Result<FeatureSpec>> {
  return parseFeatureSpec(await readFile(join(home.studyFolder(studyId), SPEC_FILE), 'utf8'));
}

/** Read what the quality checks of a study's data came to, as it was written; null where it was not sent along. */
export async function readStudyValidation(home: Home, studyId: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(join(home.studyFolder(studyId), VALIDATION_FILE)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
