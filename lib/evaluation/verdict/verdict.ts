import { chiSquareAbove } from '@/lib/core/special-functions';
import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { EvaluationReport } from '../evaluation-report';
import type { ReliabilityReport } from '../scorecard/scorecard-schema';
import { type Verdict, type VerdictReason, verdictOf } from './verdict-reason';

/** What a verdict is made of. */
export interface VerdictInput {
  readonly report: EvaluationReport;
  /** Features as good as certain to know of the purchase, with the reason. */
  readonly leakage: readonly { readonly feature: string; readonly reason: string }[];
  /** Why the quality gate was overridden; null where it was open. */
  readonly gateOverrideReason: string | null;
  /** Distinct models judged on the same test rows, this one among them. */
  readonly nTestLooks: number;
  /** What slices, model tests and the comparison with the model in use say. */
  readonly furtherReasons: readonly VerdictReason[];
}

/** Buyers among the test rows below which nothing can be said, and below which little can. */
const FEW_BUYERS = { not_ready: 30, ok: 100 } as const;
/** Looks at the test rows from which the best of them flatters. */
const MANY_LOOKS = { ok: 5, not_ready: 30 } as const;
/** Calibration error as a share of conversion, where it is beyond chance. */
const WRONG_BY = { ok: 0.15, not_ready: 0.5 } as const;
/** Lists where subscribers can be told apart this well are rarer than leaks. */
const TOO_GOOD = 0.97;
const ALPHA = 0.01;

/** Judge whether a model may be used, with its reasons. */
export function modelVerdict(input: VerdictInput): Verdict {
  const { report } = input;
  return verdictOf([
    ...leakReasons(input),
    ...conversionReasons(report),
    ...rankingReasons(report),
    ...baselineReasons(report),
    ...calibrationReasons(report),
    ...lookReasons(input),
    ...gateReasons(input),
    ...input.furtherReasons,
  ]);
}

function leakReasons({ leakage, report }: VerdictInput): VerdictReason[] {
  if (leakage.length > 0) {
    const names = leakage.map(({ feature }) => feature).join(', ');
    const first = leakage[0]!;
    return [
      {
        code: 'certain_leak',
        grade: 'not_ready',
        sentence: `${names} as good as certainly ${leakage.length === 1 ? 'knows' : 'know'} of the purchase (${first.feature}: ${first.reason.replace(/\.$/, '')}), so the model will do worse with those still to be called.`,
      },
    ];
  }
  if (report.roc_auc < TOO_GOOD) return [];
  return [
    {
      code: 'too_good',
      grade: 'ok',
      sentence: `ROC AUC ${report.roc_auc.toFixed(3)} is better than buyers can usually be told: look for a feature that is known only after the purchase.`,
    },
  ];
}

function conversionReasons({ n_test_buyers: nBuyers, n_test: nTest }: EvaluationReport): VerdictReason[] {
  const grade = nBuyers < FEW_BUYERS.not_ready ? 'not_ready' : nBuyers < FEW_BUYERS.ok ? 'ok' : null;
  if (grade === null) return [];
  return [
    {
      code: 'too_few_conversions',
      grade,
      sentence: `The ${countText(nTest)} test rows hold ${nounText(nBuyers, 'buyer', 'buyers')}; below ${FEW_BUYERS[grade]} ${grade === 'not_ready' ? 'nothing can be said of the model' : 'its figures are rough'}.`,
    },
  ];
}

function rankingReasons({ roc_auc, intervals, validation_roc_auc }: EvaluationReport): VerdictReason[] {
  const interval = intervals.roc_auc;
  if (interval === null || interval.low <= 0.5) {
    const range = interval === null ? 'has no interval' : `lies between ${ranged(interval)}`;
    return [
      {
        code: 'no_better_than_chance',
        grade: 'not_ready',
        sentence: `ROC AUC ${roc_auc.toFixed(3)} ${range}, which includes 0.5: the model may rank no better than chance.`,
      },
    ];
  }
  if (validation_roc_auc <= interval.high) return [];
  return [
    {
      code: 'worse_than_in_tuning',
      grade: 'ok',
      sentence: `ROC AUC was ${validation_roc_auc.toFixed(3)} on the validation rows, above the interval of the test rows (${ranged(interval)}): tuning has fitted itself to the validation rows.`,
    },
  ];
}

function baselineReasons({ baseline }: EvaluationReport): VerdictReason[] {
  const difference = baseline?.roc_auc_difference ?? null;
  if (difference === null || difference.low > 0) return [];
  const figures = `${signed(difference.value)} ROC AUC against logistic regression (95 %: ${signed(difference.low)} to ${signed(difference.high)})`;
  if (difference.high < 0) {
    return [
      {
        code: 'worse_than_logistic',
        grade: 'not_ready',
        sentence: `${figures}: the simpler model ranks better.`,
      },
    ];
  }
  return [
    {
      code: 'not_better_than_logistic',
      grade: 'ok',
      sentence: `${figures}: not shown to be better than the simpler model.`,
    },
  ];
}

function calibrationReasons({
  calibration,
  n_test,
  n_test_buyers,
  n_validation,
}: EvaluationReport): VerdictReason[] {
  const conversion = n_test_buyers / n_test;
  const { after } = calibration;
  const wrongBy = after.expected_calibration_error / conversion;
  const p = calibrationP(after, n_test / n_validation);
  const grade = wrongBy >= WRONG_BY.not_ready ? 'not_ready' : wrongBy >= WRONG_BY.ok ? 'ok' : null;
  if (grade === null || p >= ALPHA) return [];
  const expected = after.bins.reduce((sum, bin) => sum + bin.n * bin.mean_probability, 0);
  return [
    {
      code: 'miscalibrated',
      grade,
      sentence: `Scores are off by ${percentText(after.expected_calibration_error, 2)} on average, with a conversion of ${percentText(conversion, 2)}: they promise ${countText(Math.round(expected))} buyers among the test rows, and there are ${countText(n_test_buyers)} (p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}).`,
    },
  ];
}

/**
 * Test whether scores mean what they say: the Pearson statistic of buyers against the sum of scores in the bins, chi-square with as
 * many degrees of freedom as bins, since the scores were fitted on other rows (Hosmer & Lemeshow 1980, external). Those rows were
 * drawn by chance too, so that the variance of a bin counts 1 + test rows ÷ rows fitted on times: at most what fitting a bin of its
 * own would add.
 *
 * @param testToFitted test rows ÷ rows that the scores were fitted on; 0 where scores are taken as given
 */
export function calibrationP({ bins }: Pick<ReliabilityReport, 'bins'>, testToFitted: number): number {
  let statistic = 0;
  for (const { n, n_buyers, mean_probability: p } of bins) {
    const variance = n * p * (1 - p) * (1 + testToFitted);
    // A bin that promises certainty is refuted by one row.
    statistic +=
      variance === 0
        ? n_buyers === n * p
          ? 0
          : Number.POSITIVE_INFINITY
        : (n_buyers - n * p) ** 2 / variance;
  }
  if (bins.length === 0) return 1;
  return statistic === Number.POSITIVE_INFINITY ? 0 : chiSquareAbove(statistic, bins.length);
}

function lookReasons({ nTestLooks, report }: VerdictInput): VerdictReason[] {
  const grade = nTestLooks >= MANY_LOOKS.not_ready ? 'not_ready' : nTestLooks >= MANY_LOOKS.ok ? 'ok' : null;
  if (grade === null) return [];
  const interval = report.intervals.roc_auc;
  // The expected largest of n normal draws is at most √(2 ln n) standard errors.
  const byChance =
    interval === null
      ? ''
      : `; the best of as many equal models looks up to ${(((interval.high - interval.low) / 3.92) * Math.sqrt(2 * Math.log(nTestLooks))).toFixed(3)} ROC AUC too good by chance`;
  return [
    {
      code: 'test_rows_worn',
      grade,
      sentence: `The test rows were looked at ${countText(nTestLooks)} times${byChance}. Another split seed gives fresh ones.`,
    },
  ];
}

function gateReasons({ gateOverrideReason }: VerdictInput): VerdictReason[] {
  if (gateOverrideReason === null) return [];
  return [
    {
      code: 'gate_overridden',
      grade: 'ok',
      sentence: `It was trained behind a shut quality gate: “${gateOverrideReason}”.`,
    },
  ];
}

const ranged = ({ low, high }: { readonly low: number; readonly high: number }) =>
  `${low.toFixed(3)} and ${high.toFixed(3)}`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
