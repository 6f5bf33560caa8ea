import { countText } from '@/lib/explore/summary/plain-numbers';
import { columnsOf } from '@/lib/features/file-fit';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { logisticBaseline } from '../baseline/logistic-baseline';
import { reliability } from '../calibration/reliability';
import { type ComparedSlice, compareModels, worseSlices } from '../comparison/compare-models';
import { measuredAuc, measuredChange } from '../leakage/measured-auc';
import { aucFromComponents, pairedAucDifference, rocAucComponents } from '../paired-roc-auc';
import { sliceGroups } from '../slices/slice-groups';
import { type Bounded, rowsAt, type SliceMeasures, sliceMeasures } from '../slices/slice-measures';
import type { Findings } from './outcomes';
import { type ChampionModel, matrixAt, scoredLeads, type TestContext, type TestRows } from './test-context';
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

/** Compare with the model in use over rows that neither was trained on, overall and in each slice. */
export async function championFindings(
  test: TestOf<'champion'>,
  context: TestContext,
  rows: TestRows,
): Promise<Findings | string> {
  const { model, champion } = context;
  if (champion === null) return 'no other model is in use';
  const common = await commonRows(champion, context, rows);
  if (typeof common === 'string') return common;
  const judged = rowsAt(rows.judged, common.places);
  const { n, nBuyers } = sliceMeasures(judged, model.threshold);
  if (nBuyers < 2 || n - nBuyers < 2) return 'too few rows are test rows of both models';
  const comparison = compareModels(
    judged.labels,
    {
      champion: { probabilities: common.championProbabilities, threshold: champion.threshold },
      challenger: { probabilities: judged.probabilities, threshold: model.threshold },
    },
    sliceGroups(rows.asLeads.table, common.places),
  );
  const { rocAuc, logLoss } = comparison;
  const worse = worseSlices(comparison);
  const isBehind = rocAuc.high < test.leastLead;
  const [worst] = worse;
  const where =
    worst === undefined
      ? 'no slice is worse beyond chance'
      : `${worse.length === 1 ? 'one slice is' : `${worse.length} slices are`} worse beyond chance, first ${worst.label} (log loss ${signed(worst.logLoss.value)})`;
  return {
    isPassed: !isBehind && worse.length === 0,
    sentence: `Against ${champion.modelId}, on ${countText(n)} ${common.which}, ROC AUC is ${signed(rocAuc.value)} (95 %: ${signed(rocAuc.low)} to ${signed(rocAuc.high)}), log loss ${signed(logLoss.value)}; ${where}.`,
    nChecked: 1 + comparison.slices.length,
    nFailed: Number(isBehind) + worse.length,
    measured: {
      n_rows: n,
      roc_auc_lead: rocAuc.value,
      log_loss_change: logLoss.value,
      worst_slice: worst?.label ?? null,
    },
    examples: worse.map((slice) => ({ what: worseText(slice), leads: [] })),
  };
}

function worseText({ label, champion, challenger, logLoss, rocAuc, adjustedPValue }: ComparedSlice): string {
  const ranking = rocAuc === null ? '' : `, ROC AUC ${signed(rocAuc.value)}`;
  return `${label}: ${countText(champion.n)} rows with ${countText(champion.nBuyers)} buyers; ${champion.expectedBuyers.toFixed(1)} were expected by the model in use, ${challenger.expectedBuyers.toFixed(1)} by this one; log loss ${signed(logLoss.value)}${ranking} (adjusted p ${adjustedPValue.toPrecision(2)}).`;
}

/** Rows that both models may be judged on. */
interface CommonRows {
  /** Among the test rows of the model that is tested. */
  readonly places: Uint32Array;
  readonly championProbabilities: Float32Array;
  readonly which: string;
}

/**
 * Find the rows that are test rows of both models, and score them by the one in use: from its own dataset where that is of the
 * same list, row by row; else from the leads that the rows are.
 */
async function commonRows(
  champion: ChampionModel,
  { model, dataset }: TestContext,
  { rows, matrix, asLeads: { table, untold } }: TestRows,
): Promise<CommonRows | string> {
  const theirs = champion.dataset;
  if (theirs !== null && isSameList(theirs, dataset)) {
    const places = Uint32Array.from(rows.keys()).filter(
      (place) => theirs.split[rows[place]!] === SplitPart.test,
    );
    const common = places.map((place) => rows[place]!);
    const { probabilities } = await champion.scoreMatrix(matrixAt(theirs.matrix, common));
    const which = places.length === rows.length ? 'test rows' : 'rows that are test rows of both';
    return { places, championProbabilities: probabilities, which };
  }
  const places = Uint32Array.from(rows.keys());
  const which = 'test rows, some of which it may have been trained on';
  if (JSON.stringify(champion.spec) === JSON.stringify(model.spec)) {
    return { places, championProbabilities: (await champion.scoreMatrix(matrix)).probabilities, which };
  }
  const missing = champion.spec.features.find(
    (feature) =>
      columnsOf(feature).some((column) => untold.includes(column)) ||
      (feature.source.type === 'tag' && !table.tagColumns.includes(feature.source.tag)) ||
      (feature.source.type === 'tag_count' && untold.includes('tag_count')),
  );
  if (missing !== undefined) {
    return `the model in use needs ${missing.name}, which this one's features do not tell`;
  }
  return { places, championProbabilities: (await scoredLeads(champion, table)).probabilities, which };
}

/** Whether two datasets are of one list: every row that either judges on bought in both, or in neither. */
function isSameList(a: TrainingDataset, b: TrainingDataset): boolean {
  return (
    a.labels.length === b.labels.length &&
    a.labels.every(
      (label, row) =>
        label === b.labels[row] || (a.split[row] !== SplitPart.test && b.split[row] !== SplitPart.test),
    )
  );
}

function boundedText(bounded: Bounded | null): string {
  if (bounded === null) return 'not measurable';
  const { value, low, high } = bounded;
  return `${value.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
