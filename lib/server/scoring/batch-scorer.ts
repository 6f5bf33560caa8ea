import type { z } from 'zod';
import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { encodeFeatures } from '@/lib/features/encode';
import type { FeatureSpec } from '@/lib/features/spec';
import { parseFeatureSpec } from '@/lib/features/spec-json';
import type { ScoringSession } from '@/lib/onnx/scoring-session';
import { type LiveAnswer, liveAnswer } from '@/lib/scoring/live/live-answer';
import { type LiveLead, liveLeadSchemaFor } from '@/lib/scoring/live/live-lead';
import { liveTable, tagColumnsOf } from '@/lib/scoring/live/live-table';
import { leadsOfCsv, leadsOfJson } from '@/lib/scoring/live/parse-leads';
import { type ModelMetadata, parseModelMetadata } from '@/lib/scoring/model-metadata';
import type { LeadExplainer } from '@/lib/scoring/reasons/explainer';
import { readFolderFile } from '@/lib/server/models/model-files';
import { readExplainer } from '@/lib/server/models/read-explainer';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import type { ScoreRequest } from './score-messages';

/** Scores batches of raw leads with one model. */
export interface BatchScorer {
  readonly metadata: ModelMetadata;
  readonly schema: z.ZodType<LiveLead>;
  /** Score leads that were checked against the schema. */
  score(leads: readonly LiveLead[], nReasons: number): Promise<LiveAnswer>;
  close(): Promise<void>;
}

/**
 * Open the model in a folder for scoring, every file checked to be the one that was written with it.
 *
 * @param id the model that it must be; null where any will do
 * @returns or a failure as `readFolderFile`, `parseFeatureSpec`, `openScoringSession` or `openExplainer`
 */
export async function openBatchScorer(folder: string, id: string | null): Promise<Result<BatchScorer>> {
  const text = async (name: 'metadata.json' | 'feature_spec.json') => {
    const file = await readFolderFile({ folder, id, name });
    return file.ok ? succeed(new TextDecoder().decode(file.value.bytes)) : file;
  };
  const metadataText = await text('metadata.json');
  if (!metadataText.ok) return metadataText;
  const metadata = parseModelMetadata(metadataText.value);
  if (!metadata.ok) return metadata;
  const specText = await text('feature_spec.json');
  if (!specText.ok) return specText;
  const spec = parseFeatureSpec(specText.value);
  if (!spec.ok) return spec;
  const explainer = await readExplainer(folder, id, spec.value);
  if (!explainer.ok) return explainer;
  const onnx = await readFolderFile({ folder, id, name: 'model.onnx' });
  if (!onnx.ok) return onnx;
  try {
    const featureNames = spec.value.features.map(({ name }) => name);
    const session = await openNodeScoringSession(onnx.value.bytes, featureNames);
    const parts = { metadata: metadata.value, spec: spec.value, explainer: explainer.value, session };
    return succeed(batchScorer(parts));
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

function batchScorer(model: {
  readonly metadata: ModelMetadata;
  readonly spec: FeatureSpec;
  readonly explainer: LeadExplainer;
  readonly session: ScoringSession;
}): BatchScorer {
  const { metadata, spec, explainer, session } = model;
  const tagColumns = tagColumnsOf(spec);
  return {
    metadata,
    schema: liveLeadSchemaFor(spec),
    async score(leads, nReasons) {
      const table = liveTable(leads, tagColumns);
      const { matrix } = encodeFeatures(spec, table);
      const { probabilities } = await session.score(matrix);
      const rows = Uint32Array.from(leads.keys());
      const reasons =
        nReasons === 0 ? [] : explainer.topReasons({ table, values: matrix.values }, rows, nReasons);
      return liveAnswer(leads, {
        modelId: metadata.model_id,
        probabilities,
        cutoffs: metadata.tier_cutoffs,
        reasons,
      });
    },
    close: () => session.close(),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parse, check, score and explain a batch as it came over the wire. Fails as `leadsOfJson` and `leadsOfCsv`. */
export async function scoredBatch(
  scorer: BatchScorer,
  { format, body, nReasons }: Pick<ScoreRequest, 'format' | 'body' | 'nReasons'>,
): Promise<Result<string>> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return fail('bad_input', 'The body is not UTF-8.', 'Send the leads as UTF-8 text.');
  }
  const leads = format === 'json' ? leadsOfJson(text, scorer.schema) : leadsOfCsv(text, scorer.schema);
  if (!leads.ok) return leads;
  return succeed(JSON.stringify(await scorer.score(leads.value, nReasons)));
}
