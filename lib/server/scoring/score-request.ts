import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { DEFAULT_LIVE_REASONS, MAX_LIVE_REASONS } from '@/lib/scoring/live/live-answer';
import { boundedBody } from '@/lib/server/boundary/bounded-body';
import { parseModelId } from '@/lib/server/boundary/parsed-ids';
import { parsedInput } from '@/lib/server/boundary/parsed-input';
import type { Home } from '@/lib/server/storage/home';
import type { ScoreRequest } from './score-messages';
import { servedModelId } from './served-model';

/** 10,000 leads with a hundred tags each have some 25 MB. */
export const MAX_SCORE_BODY_BYTES = 32 * 1024 * 1024;

const FORMATS: Readonly<Record<string, ScoreRequest['format']>> = {
  'application/json': 'json',
  'text/csv': 'csv',
};

/** Query of `POST /api/score`. */
export const scoreQuerySchema = z.strictObject({
  model: z.string().optional(),
  reasons: z.coerce.number().pipe(z.int().min(0).max(MAX_LIVE_REASONS)).default(DEFAULT_LIVE_REASONS),
});

/**
 * Read a request to score: which model, how many reasons, and the leads as they were sent.
 *
 * @returns or `bad_input`, `bad_id`, `model_unknown`, `unsupported_format` or `payload_too_large`
 */
export async function parsedScoreRequest(
  request: Request,
  home: Home,
): Promise<Result<Omit<ScoreRequest, 'id'>>> {
  const format =
    FORMATS[(request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''];
  if (format === undefined) {
    const hint = 'Send application/json or text/csv; GET /api/openapi.json describes both.';
    return fail('unsupported_format', 'The leads are neither JSON nor CSV by their Content-Type.', hint);
  }
  const query = parsedInput(scoreQuerySchema, Object.fromEntries(new URL(request.url).searchParams));
  if (!query.ok) return query;
  const { model, reasons: nReasons } = query.value;
  const modelId = model === undefined ? await servedModelId(home) : parseModelId(model);
  if (!modelId.ok) return modelId;
  const body = await boundedBody(request.body, {
    capBytes: MAX_SCORE_BODY_BYTES,
    hint: 'Send the leads in several requests.',
  });
  if (!body.ok) return body;
  const modelFolder = home.modelFolder(modelId.value);
  return succeed({ modelFolder, modelId: modelId.value, format, body: body.value, nReasons });
}

/** HTTP status of what can go wrong with scoring; 400 for what is not named. */
export const SCORE_STATUS: Readonly<Record<string, number>> = {
  bad_input: 400,
  bad_id: 404,
  model_unknown: 404,
  model_damaged: 409,
  model_of_another_version: 409,
  payload_too_large: 413,
  too_many_leads: 413,
  unsupported_format: 415,
  scoring_busy: 429,
  scoring_failed: 503,
  home_not_writable: 507,
};
