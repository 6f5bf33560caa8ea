import { describe, expect, it } from 'vitest';
import { decodedForm, TRAVERSAL_FORMS } from '@/lib/testing/traversal-forms';
import { parseModelId, parseNameOf, parseStudyId } from './parsed-ids';

const STUDY = 'study-0123456789abcdef0123';
const MODEL = 'model-0123456789abcdef0123';
const FILES = ['model.onnx', 'metadata.json'] as const;
const BAD = { ok: false, error: expect.objectContaining({ code: 'bad_id' }) };

describe('parsed ids', () => {
  it('take their own form and no other', () => {
    expect(parseStudyId(STUDY)).toEqual({ ok: true, value: STUDY });
    expect(parseModelId(MODEL)).toEqual({ ok: true, value: MODEL });
    expect(parseStudyId(MODEL)).toEqual(BAD);
    expect(parseModelId(STUDY)).toEqual(BAD);
    expect(parseNameOf(FILES, 'model.onnx')).toEqual({ ok: true, value: 'model.onnx' });
  });

  it.each([undefined, null, 7, {}, [], [STUDY], { toString: () => STUDY }, ''])('refuse %j', (raw) => {
    expect([parseStudyId(raw), parseModelId(raw), parseNameOf(FILES, raw)]).toEqual([BAD, BAD, BAD]);
  });

  it.each(TRAVERSAL_FORMS)('refuse %s', (_, raw) => {
    for (const form of [raw, decodedForm(raw)]) {
      expect([parseStudyId(form), parseModelId(form), parseNameOf(FILES, form)]).toEqual([BAD, BAD, BAD]);
    }
  });
});
