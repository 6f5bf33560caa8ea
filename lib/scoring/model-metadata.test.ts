import { describe, expect, it } from 'vitest';
import { sha256HexOfText } from '@/lib/core/digest';
import { publishedMetadata } from '@/lib/testing/published-metadata';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import { modelId, parseModelMetadata } from './model-metadata';

const digest = sha256HexOfText('a');
const metadata = publishedMetadata();

function failureOf(text: string) {
  const result = parseModelMetadata(text);
  return result.ok ? 'read' : `${result.error.code}: ${result.error.message}`;
}

describe('parseModelMetadata', () => {
  it('reads what JSON.stringify wrote', () => {
    expect(parseModelMetadata(JSON.stringify(metadata))).toEqual({ ok: true, value: metadata });
  });

  it('names the first entry that is wrong', () => {
    expect(failureOf('{')).toBe('model_metadata_unreadable: The model metadata is not JSON.');
    expect(failureOf('null')).toContain('wrong at its top');
    expect(failureOf(JSON.stringify({ ...metadata, version: '2' }))).toContain('wrong at version');
    expect(failureOf(JSON.stringify({ ...metadata, model_id: '../../etc' }))).toContain('wrong at model_id');
    expect(failureOf(JSON.stringify({ ...metadata, n_rounds: 0 }))).toContain('wrong at n_rounds');
    const platt = { ...metadata.calibration, method: { kind: 'platt', slope: null, intercept: 0 } };
    expect(failureOf(JSON.stringify({ ...metadata, calibration: platt }))).toContain(
      'calibration.method.slope',
    );
    expect(failureOf(JSON.stringify({ ...metadata, code_sha256: 'HEAD' }))).toContain('wrong at code_sha256');
    expect(failureOf(JSON.stringify({ ...metadata, user_email: 'ann@example.com' }))).toContain('user_email');
    expect(failureOf(JSON.stringify({ ...metadata, tier_cutoffs: { A: 1, B: null, C: 0 } }))).toContain(
      'tier_cutoffs.B',
    );
  });
});

describe('parseModelMetadata of another version', () => {
  it('says so, whatever else is there', () => {
    expect(failureOf(JSON.stringify({ version: 1, params: {} }))).toBe(
      'model_of_another_version: The model was made by another Leadbench: its metadata is of version 1, and 3 is read here.',
    );
  });
});

describe('modelId', () => {
  const made = { model_ubj_sha256: digest, feature_spec_sha256: digest, dataset_sha256: digest };

  it('is a valid id that depends on all three digests and on which is which', () => {
    const other = sha256HexOfText('b');
    const ids = [
      made,
      { ...made, model_ubj_sha256: other },
      { ...made, feature_spec_sha256: other },
      { ...made, dataset_sha256: other },
    ].map(modelId);
    for (const id of ids) expect(modelIdSchema.safeParse(id).success).toBe(true);
    expect(new Set(ids).size).toBe(4);
    expect(modelId({ ...made })).toBe(ids[0]);
  });

  it('throws at anything but digests', () => {
    expect(() => modelId({ ...made, model_ubj_sha256: 'a' })).toThrow();
  });
});
