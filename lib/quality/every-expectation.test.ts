import { describe, expect, it } from 'vitest';
import { EXPECTATION_CASES } from '@/lib/testing/expectation-cases';
import { FURTHER_EXPECTATION_CASES } from '@/lib/testing/further-expectation-cases';
import { expectationResult } from './expectations/evaluate';
import { KWARGS_SCHEMAS } from './expectations/expectation-kwargs';
import { suiteResult } from './run-suites';
import { failureSentence } from './sentences/failure-sentence';

const CASES = [...EXPECTATION_CASES, ...FURTHER_EXPECTATION_CASES];

describe('every expectation', () => {
  it.each(CASES.map(([expectation, met, unmet]) => [expectation.type, expectation, met, unmet] as const))(
    '%s passes and fails',
    (_, expectation, met, unmet) => {
      expect(expectationResult(expectation, met)).toMatchObject({
        success: true,
        exception_info: { raised_exception: false },
      });
      expect(expectationResult(expectation, unmet)).toMatchObject({
        success: false,
        exception_info: { raised_exception: false },
      });
    },
  );

  it.each(CASES.map(([expectation, , unmet]) => [expectation.type, expectation, unmet] as const))(
    '%s says in a sentence what it found',
    (type, expectation, unmet) => {
      const result = suiteResult(
        { name: 's', table: 'T', expectations: [expectation], parameters: {} },
        unmet,
      );
      const [judged] = result.results;
      const sentence = judged === undefined ? '' : failureSentence(result, judged);
      expect(sentence).toMatch(/^T(\.a)?: .{8,}\.$/);
      expect(sentence).not.toMatch(/undefined|NaN|null|\[object/);
      expect(sentence).not.toContain(type);
    },
  );

  it('covers every type', () => {
    const types = new Set(CASES.map(([{ type }]) => type));
    const untested = Object.keys(KWARGS_SCHEMAS).filter(
      (type) => ![...types].some((known) => known === type),
    );
    expect(untested).toEqual([]);
  });
});
