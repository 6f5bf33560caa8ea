import type { z } from 'zod';
import type { Result } from '@/lib/core/result';
import { modelIdSchema, studyIdSchema } from '@/lib/tuning/study/study-events';
import { refusal } from './refusal';

/** Parse the id of a study from an address or an argument. Fails with `bad_id`; nothing is trimmed or folded. */
export function parseStudyId(raw: unknown): Result<string> {
  return parseId(studyIdSchema, raw);
}

/** Parse the id of a model from an address or an argument. Fails with `bad_id`; nothing is trimmed or folded. */
export function parseModelId(raw: unknown): Result<string> {
  return parseId(modelIdSchema, raw);
}

/** Parse one name out of a fixed list, for example a model's files. Fails with `bad_id`. */
export function parseNameOf<const Name extends string>(names: readonly Name[], raw: unknown): Result<Name> {
  const name = names.find((candidate) => candidate === raw);
  return name === undefined ? { ok: false, error: refusal('bad_id') } : { ok: true, value: name };
}

function parseId(schema: z.ZodType<string>, raw: unknown): Result<string> {
  const parsed = schema.safeParse(raw);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: refusal('bad_id') };
}
