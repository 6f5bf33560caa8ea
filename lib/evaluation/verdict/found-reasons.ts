import { nounText } from '@/lib/explore/summary/plain-numbers';
import type { ModelTests, TestResult } from '../model-tests/test-results';
import type { CountryGaps } from '../slices/country-gaps';
import type { VerdictReason } from './verdict-reason';

/** What failed model tests make of a verdict: critical ones say no, the others are to be known. */
export function testReasons({ results }: Pick<ModelTests, 'results'>): VerdictReason[] {
  const failed = (severity: TestResult['severity']) =>
    results.filter((result) => result.outcome === 'failed' && result.severity === severity);
  const reason = (
    tests: readonly TestResult[],
    kind: Pick<VerdictReason, 'code' | 'grade'> & { readonly noun: string },
  ): VerdictReason[] => {
    const [first] = tests;
    if (first === undefined) return [];
    const { code, grade, noun } = kind;
    const sentence = `${nounText(tests.length, `${noun} failed`, `${noun}s failed`)}, first “${first.name}”: ${first.sentence}`;
    return [{ code, grade, sentence }];
  };
  return [
    ...reason(failed('critical'), {
      code: 'model_tests_failed',
      grade: 'not_ready',
      noun: 'critical model test',
    }),
    ...reason(failed('warning'), { code: 'model_tests_warned', grade: 'ok', noun: 'model test' }),
  ];
}

/** What gaps between countries make of a verdict: those beyond chance are to be known. */
export function countryReasons({ unequal }: Pick<CountryGaps, 'unequal'>): VerdictReason[] {
  if (unequal.length === 0) return [];
  return [
    {
      code: 'unequal_countries',
      grade: 'ok',
      sentence: `${unequal.join(', ')} ${unequal.length === 1 ? 'is' : 'are'} treated otherwise than all other countries, beyond chance.`,
    },
  ];
}
