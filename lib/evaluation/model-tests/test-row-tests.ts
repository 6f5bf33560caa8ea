import { countText } from '@/lib/explore/summary/plain-numbers';
import { columnsOf } from '@/lib/features/file-fit';
import { logisticBaseline } from '../baseline/logistic-baseline';
import { reliability } from '../calibration/reliability';
import { compareModels, worseSlices } from '../comparison/compare-models';
import { measuredAuc, measuredChange } from '../leakage/measured-auc';
import { aucFromComponents, pairedAucDifference, rocAucComponents } from '../paired-roc-auc';
import { sliceGroups } from '../slices/slice-groups';
import { type Bounded, rowsAt, type SliceMeasures, sliceMeasures } from '../slices/slice-measures';
import type { Findings } from './outcomes';
import { type ScoringModel, scoredLeads, type TestContext, type TestRows } from './test-context';
import type { TestOf } from './test-suite';

/** Compare buyers with expected buyers over the test rows. A bound is broken where the whole 95 % interval lies beyond it. */
export function calibrationFindings(
  test: TestOf<'calibration'>,
  { model }: TestContext,
  { judged }: TestRows,
): Findings {
  const { observedToExpected: ratio, nBuyers, expectedBuyers } = sliceMeasures(judged, model.threshold);
  const error = reliability(judged.labels, judged.probabilities).expectedCalibrationError;
  const isInBounds = ratio !== null && ratio.high >= test.lowest && ratio.low <= test.highest;
  const isPassed = isInBounds && error <= test.mostError;
  return {
    isPassed,
    sentence: `${countText(nBuyers)} test rows bought, and ${expectedBuyers.toFixed(1)} were expected to: ${boundedText(ratio)} of them, ${test.lowest} to ${test.highest} allowed. Expected calibration error ${error.toFixed(4)}, ${test.mostError} allowed.`,
    nChecked: 2,
    nFailed: Number(!isInBounds) + Number(!(error <= test.mostError)),
    measured: { observed_to_expected: ratio?.value ?? null, expected_calibration_error: error },
  };
}

const METRICS: Readonly<
  Record<TestOf<'slice_floor'>['metric'], (measures: SliceMeasures) => Bounded | null>
> = {
  roc_auc: ({ rocAuc }) => rocAuc,
  recall: ({ recall }) => recall,
  precision: ({ precision }) => precision,
  observed_to_expected: ({ observedToExpected }) => observedToExpected,
};

/** Hold each slice of the test rows to bounds. One is broken where the whole 95 % interval lies beyond it. */
export function sliceFloorFindings(
  test: TestOf<'slice_floor'>,
  { model }: TestContext,
  { judged, asLeads: { table } }: TestRows,
): Findings | string {
  const { slice, metric, lowest, highest, minRows, minBuyers } = test;
  const all = Uint32Array.from(judged.labels.keys());
  const measured = sliceGroups(table, all).flatMap((group) => {
    const [part] = group.parts;
    if (part?.dimension !== slice) return [];
    const measures = sliceMeasures(rowsAt(judged, group.members), model.threshold);
    const value = METRICS[metric](measures);
    if (measures.n < minRows || measures.nBuyers < minBuyers || value === null) return [];
    return [{ level: part.level, measures, value }];
  });
  const [any] = measured;
  if (any === undefined) {
    return `no level of ${slice} has ${minRows} test rows with ${minBuyers} buyers`;
  }
  const off = ({ value }: { value: Bounded }) =>
    Math.max(lowest - value.high, highest === null ? -Infinity : value.low - highest);
  const ranked = measured.toSorted((a, b) => off(b) - off(a));
  const broken = ranked.filter((one) => off(one) > 0);
  const told = ranked[0] ?? any;
  const bounds = highest === null ? `at least ${lowest}` : `${lowest} to ${highest}`;
  return {
    isPassed: broken.length === 0,
    sentence: `${metric} is ${boundedText(told.value)} for ${slice} ${told.level} (${countText(told.measures.n)} test rows, ${countText(told.measures.nBuyers)} buyers), ${broken.length === 0 ? 'the nearest to a bound' : 'beyond its bound'}; ${bounds} is asked of ${countText(measured.length)} levels.`,
    nChecked: measured.length,
    nFailed: broken.length,
    measured: Object.fromEntries(measured.map(({ level, value }) => [level, value.value])),
    examples: broken.map(({ level, value, measures }) => ({
      what: `${slice} ${level}: ${metric} ${boundedText(value)} over ${countText(measures.n)} rows with ${countText(measures.nBuyers)} buyers.`,
      leads: [],
    })),
  };
}

/** Compare ROC AUC with that of a logistic regression. It falls short where the whole interval of the difference lies below the lead asked for. */
export function baselineFindings(
  test: TestOf<'baseline'>,
  { model, dataset }: TestContext,
  { judged }: TestRows,
): Findings | string {
  const { labels, probabilities } = judged;
  const simple = logisticBaseline(model.spec, dataset);
  if (simple === null) return 'the training rows hold one class only';
  const own = rocAucComponents(labels, probabilities);
  const baseline = rocAucComponents(labels, simple.testLogOdds);
  const difference = pairedAucDifference(labels, own, baseline);
  const lead = measuredChange(difference.value, difference.variance);
  const auc = (components: Float64Array) => {
    const { value, variance } = aucFromComponents(labels, components);
    return measuredAuc(value, variance);
  };
  const isPassed = lead.high >= test.leastLead;
  return {
    isPassed,
    sentence: `ROC AUC is ${boundedText(auc(own))}, a logistic regression's ${boundedText(auc(baseline))}: ${boundedText(lead)} more, at least ${test.leastLead} is asked.`,
    nChecked: 1,
    nFailed: Number(!isPassed),
    measured: { roc_auc: auc(own).value, baseline_roc_auc: auc(baseline).value, lead: lead.value },
  };
}

/** Compare with the model in use over the test rows, overall and in each slice. */
export async function championFindings(
  test: TestOf<'champion'>,
  { model, champion }: TestContext,
  rows: TestRows,
): Promise<Findings | string> {
  if (champion === null) return 'no other model is in use';
  const scored = await championScores(champion, model, rows);
  if (typeof scored === 'string') return scored;
  const groups = sliceGroups(rows.asLeads.table, Uint32Array.from(rows.judged.labels.keys()));
  const comparison = compareModels(
    rows.judged.labels,
    {
      champion: { probabilities: scored, threshold: champion.threshold },
      challenger: { probabilities: rows.judged.probabilities, threshold: model.threshold },
    },
    groups,
  );
  const { rocAuc, logLoss } = comparison;
  const worse = worseSlices(comparison);
  const isBehind = rocAuc.high < test.leastLead;
  const [worst] = worse;
  const otherSplit = champion.spec.split.seed !== model.spec.split.seed;
  const where =
    worst === undefined
      ? 'no slice is worse beyond chance'
      : `${worse.length === 1 ? 'one slice is' : `${worse.length} slices are`} worse beyond chance, first ${worst.label} (log loss ${signed(worst.logLoss.value)})`;
  return {
    isPassed: !isBehind && worse.length === 0,
    sentence: `Against ${champion.modelId}, ROC AUC is ${signed(rocAuc.value)} (95 %: ${signed(rocAuc.low)} to ${signed(rocAuc.high)}), log loss ${signed(logLoss.value)}; ${where}.${otherSplit ? ' It was split by another seed, so it may have been trained on some of these rows.' : ''}`,
    nChecked: 1 + comparison.slices.length,
    nFailed: Number(isBehind) + worse.length,
    measured: {
      roc_auc_lead: rocAuc.value,
      log_loss_change: logLoss.value,
      worst_slice: worst?.label ?? null,
    },
    examples: worse.map((slice) => ({
      what: `${slice.label}: ${countText(slice.champion.n)} rows with ${countText(slice.champion.nBuyers)} buyers; ${slice.champion.expectedBuyers.toFixed(1)} were expected by the model in use, ${slice.challenger.expectedBuyers.toFixed(1)} by this one; log loss ${signed(slice.logLoss.value)}${slice.rocAuc === null ? '' : `, ROC AUC ${signed(slice.rocAuc.value)}`} (adjusted p ${slice.adjustedPValue.toPrecision(2)}).`,
      leads: [],
    })),
  };
}

/** Score the test rows by the model in use: by its own features, made from the leads that the rows are. */
async function championScores(
  champion: ScoringModel,
  { spec }: ScoringModel,
  { matrix, asLeads: { table, untold } }: TestRows,
): Promise<Float32Array | string> {
  if (JSON.stringify(champion.spec) === JSON.stringify(spec))
    return (await champion.scoreMatrix(matrix)).probabilities;
  const missing = champion.spec.features.find(
    (feature) =>
      columnsOf(feature).some((column) => untold.includes(column)) ||
      (feature.source.type === 'tag' && !table.tagColumns.includes(feature.source.tag)) ||
      (feature.source.type === 'tag_count' && untold.includes('tag_count')),
  );
  if (missing !== undefined) {
    return `the model in use needs ${missing.name}, which this one's features do not tell`;
  }
  return (await scoredLeads(champion, table)).probabilities;
}

function boundedText(bounded: Bounded | null): string {
  if (bounded === null) return 'not measurable';
  const { value, low, high } = bounded;
  return `${value.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
