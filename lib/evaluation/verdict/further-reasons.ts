import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { type ModelComparison, worseSlices } from '../comparison/compare-models';
import type { ModelTests } from '../model-tests/test-results';
import type { SliceReport } from '../slices/slice-report';
import type { VerdictReason } from './verdict-reason';

/** Slices that a reason names; the others are counted. */
const MOST_NAMED = 3;

/** What the tests of how a model behaves say against it; nothing where none were run. */
export function testReasons(tests: ModelTests | null): readonly VerdictReason[] {
  if (tests === null) return [];
  const failed = tests.results.filter(({ outcome }) => outcome === 'failed');
  const critical = failed.filter(({ severity }) => severity === 'critical');
  const warned = failed.filter(({ severity }) => severity === 'warning');
  const told = (of: typeof failed) => `first “${of[0]?.name}”: ${of[0]?.sentence}`;
  const failing: VerdictReason = {
    code: 'model_tests_failed',
    grade: 'not_ready',
    sentence: `${nounText(critical.length, 'test of its behaviour failed', 'tests of its behaviour failed')}, ${told(critical)}`,
  };
  const warning: VerdictReason = {
    code: 'model_tests_warned',
    grade: 'ok',
    sentence: `${nounText(warned.length, 'test of its behaviour warns', 'tests of its behaviour warn')}, ${told(warned)}`,
  };
  return [...(critical.length > 0 ? [failing] : []), ...(warned.length > 0 ? [warning] : [])];
}

/** What slices of the test rows say against a model. */
export function sliceReasons(report: SliceReport | null): readonly VerdictReason[] {
  const unequal = report?.gaps.countries.filter(({ country }) => report.gaps.unequal.includes(country)) ?? [];
  if (unequal.length === 0) return [];
  const told = unequal.slice(0, MOST_NAMED).map(({ country, recall, calibration }) => {
    const gaps = [
      recall === null ? '' : `recall ${signed(recall.value)}`,
      calibration === null ? '' : `buyers over expected ${signed(calibration.value)}`,
    ];
    return `${country} (${gaps.filter((gap) => gap !== '').join(', ')})`;
  });
  const more = unequal.length > MOST_NAMED ? ` and ${countText(unequal.length - MOST_NAMED)} more` : '';
  return [
    {
      code: 'unequal_countries',
      grade: 'ok',
      sentence: `It treats ${told.join(', ')}${more} otherwise than the other countries, beyond chance.`,
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
