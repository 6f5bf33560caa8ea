import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { type ModelComparison, worseSlices } from '../comparison/compare-models';
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
      sentence: `In ${unequal.join(', ')} other numbers bought than the scores promise, beyond chance.`,
    },
  ];
}

/** What a comparison with the model in use says against a challenger. */
export function comparisonReasons(
  comparison: ModelComparison | null,
  championId: string,
): readonly VerdictReason[] {
  if (comparison === null) return [];
  const { rocAuc, n } = comparison;
  const worse = worseSlices(comparison);
  const behind: VerdictReason = {
    code: 'worse_than_champion',
    grade: 'not_ready',
    sentence: `Over ${countText(n)} rows it ranks worse than ${championId}, which is in use: ROC AUC ${signed(rocAuc.value)} (95 %: ${signed(rocAuc.low)} to ${signed(rocAuc.high)}).`,
  };
  const [worst] = worse;
  const more = worse.length > 1 ? ` and ${nounText(worse.length - 1, 'more slice', 'more slices')}` : '';
  return [
    ...(rocAuc.high < 0 ? [behind] : []),
    ...(worst === undefined
      ? []
      : [
          {
            code: 'worse_for_some',
            grade: 'ok',
            sentence: `It turned worse than ${championId} for ${worst.label}${more}: ${countText(worst.champion.nBuyers)} bought there, ${worst.champion.expectedBuyers.toFixed(1)} were expected by the model in use and ${worst.challenger.expectedBuyers.toFixed(1)} by this one (log loss ${signed(worst.logLoss.value)}, adjusted p ${worst.adjustedPValue.toPrecision(2)}).`,
          } satisfies VerdictReason,
        ]),
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
