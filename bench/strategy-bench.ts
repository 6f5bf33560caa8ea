import { randomSource } from '@/lib/core/random';
import { calibratedRows } from '@/lib/evaluation/calibration/calibrated-rows';
import { parseValidationScores } from '@/lib/evaluation/scorecard/validation-scores';
import { SplitPart } from '@/lib/features/matrix';
import { specDigest } from '@/lib/features/spec-json';
import { rowsOfPart } from '@/lib/features/split';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { capacityPlan } from '@/lib/scoring/strategy/capacity-plan';
import { N_RESAMPLES } from '@/lib/scoring/strategy/chosen-strategy';
import { DEFAULT_ECONOMICS } from '@/lib/scoring/strategy/economics';
import { strategyIntervals } from '@/lib/scoring/strategy/strategy-interval';
import { DEFAULT_STRATEGY_PLAN } from '@/lib/scoring/strategy/strategy-plan';
import { PUBLISHED_STRATEGIES } from '@/lib/scoring/strategy/strategy-sentences';
import {
  bestThreshold,
  type ScoredLeads,
  type ThresholdValue,
  thresholdValues,
  valuer,
} from '@/lib/scoring/strategy/threshold-value';
import { type ModelFile, readModelFile } from '@/lib/server/models/model-files';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { BenchContext } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { type StudyBench, tunedStudy } from './finished-study';
import { unwrapped } from './prepared-demo';

const N_LISTS = 200;
const N_LEADS = 2_000;
const SAFEGUARD = 0.9;
/** Lowest score that is written to on the lists whose intervals are judged. */
const CUTOFF = 0.03;
/** Of the list that stands for the truth. */
const N_TRUTH = 2_000_000;

/** Whether the page's strategy is right on lists of which everything is known, and where it leads on the demo list. */
export async function strategyBench(context: BenchContext, bench: StudyBench): Promise<BenchTable[]> {
  context.say(`${N_LISTS} generated lists`);
  const generated = generatedTable();
  context.say('tuning on the demo list');
  return [generated, await demoTable(bench)];
}

/** A list whose scores are true probabilities. */
function listOf(n: number, seed: number): ScoredLeads {
  const random = randomSource(seed);
  const scores = Float32Array.from({ length: n }, () => 0.2 * random() ** 3);
  return { scores, labels: Uint8Array.from(scores, (score) => (random() < score ? 1 : 0)) };
}

function generatedTable(): BenchTable {
  const truth = valueAt(listOf(N_TRUTH, 99_991), CUTOFF);
  let [nSame, nSafe, nValue, nSales, nBuyers] = [0, 0, 0, 0, 0];
  for (let list = 0; list < N_LISTS; list++) {
    const leads = listOf(N_LEADS, list);
    const best = bestThreshold(thresholdValues(leads, DEFAULT_ECONOMICS), SAFEGUARD);
    if (best !== null && Math.abs(best.expectedValueUsd - bruteForce(leads)) < 1e-6) nSame += 1;
    if (best !== null && best.gain >= SAFEGUARD) nSafe += 1;
    const options = { threshold: CUTOFF, leastSalesShare: SAFEGUARD, nResamples: N_RESAMPLES, seed: list };
    const intervals = strategyIntervals(leads, DEFAULT_ECONOMICS, options);
    if (holds(intervals?.expectedValueUsd, truth.expectedValueUsd)) nValue += 1;
    if (holds(intervals?.monthlySalesUsd, truth.monthlySalesUsd)) nSales += 1;
    if (holdsBuyers(leads, listOf(N_LEADS, 10_000 + list))) nBuyers += 1;
  }
  const row = (label: string, n: number, bound: string): BenchRow => ({
    label,
    figures: { n: `${n} of ${N_LISTS}`, bound },
  });
  return {
    title: `The strategy on ${N_LISTS} generated lists of ${N_LEADS} leads, of which everything is known`,
    columns: [
      { key: 'n', label: 'lists', unit: 'figure' },
      { key: 'bound', label: 'aim', unit: 'figure' },
    ],
    rows: [
      row('the maximum is that of brute force over all cut-offs', nSame, 'all'),
      row(`the safeguard holds: ${SAFEGUARD} of the sales are kept`, nSafe, 'all'),
      row('the interval of the expected value holds the truth', nValue, '90 to 98 %'),
      row('the interval of the monthly sales holds the truth', nSales, '90 to 98 %'),
      row(
        'the interval of a week’s buyers holds those of another list',
        nBuyers,
        '90 to 98 %, whole numbers',
      ),
    ],
    notes: [
      'Brute force counts hot leads and buyers anew for every distinct score, and for nobody.',
      `The truth is a list of ${N_TRUTH} leads of the same kind.`,
    ],
  };
}

/** The largest value over all cut-offs that keep the safeguard, counting anew at each. */
function bruteForce({ scores, labels }: ScoredLeads): number {
  const nBuyers = labels.reduce((sum, label) => sum + label, 0);
  const value = valuer({ nLeads: labels.length, nBuyers }, DEFAULT_ECONOMICS);
  let best = Number.NEGATIVE_INFINITY;
  for (const cut of new Set([Number.POSITIVE_INFINITY, ...scores])) {
    let [nHot, nKept] = [0, 0];
    for (let row = 0; row < labels.length; row++) {
      if (scores[row]! < cut) continue;
      nHot += 1;
      nKept += labels[row]!;
    }
    if (nKept >= SAFEGUARD * nBuyers) best = Math.max(best, value(cut, nHot, nKept).expectedValueUsd);
  }
  return best;
}

function valueAt({ scores, labels }: ScoredLeads, cut: number): ThresholdValue {
  let [nHot, nKept, nBuyers] = [0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    nBuyers += labels[row]!;
    if (scores[row]! < cut) continue;
    nHot += 1;
    nKept += labels[row]!;
  }
  return valuer({ nLeads: labels.length, nBuyers }, DEFAULT_ECONOMICS)(cut, nHot, nKept);
}

function holds(
  interval: { readonly low: number; readonly high: number } | undefined,
  truth: number,
): boolean {
  return interval !== undefined && interval.low <= truth && truth <= interval.high;
}

/** Whether the buyers among the 300 hottest of one list lie in the interval that another list gives. */
function holdsBuyers(leads: ScoredLeads, judgedOn: ScoredLeads): boolean {
  const order = Uint32Array.from(leads.labels.keys()).sort((a, b) => leads.scores[b]! - leads.scores[a]!);
  const capacity = { ...DEFAULT_STRATEGY_PLAN.capacity, nCalls: 300, nEmails: 0 };
  const descending = Float32Array.from(order, (row) => leads.scores[row]!);
  const { called } = capacityPlan(descending, judgedOn, { ...DEFAULT_STRATEGY_PLAN, capacity });
  const nBuyers = order.slice(0, 300).reduce((sum, row) => sum + leads.labels[row]!, 0);
  return holds(called.buyersInterval, nBuyers);
}

async function demoTable(bench: StudyBench): Promise<BenchTable> {
  const { prepared, home } = bench;
  const config = studyConfigOf(DEFAULT_PIPELINE_PARAMS, {
    datasetDigest: prepared.digest,
    featureSpecDigest: specDigest(prepared.spec),
  });
  const { modelId } = await tunedStudy(bench, 'strategy bench', config);
  if (modelId === null) throw new Error('Expected a model of the demo list');
  const file = async (name: ModelFile) => unwrapped(await readModelFile(home, modelId, name)).bytes;
  const text = async (name: ModelFile) => new TextDecoder().decode(await file(name));
  const { calibration } = unwrapped(parseModelMetadata(await text('metadata.json')));
  const validation = unwrapped(parseValidationScores(await text('validation_scores.csv')));
  const { dataset } = prepared;
  const labels = Uint8Array.from(rowsOfPart(dataset.split, SplitPart.test), (row) => dataset.labels[row]!);
  const margins = new Float32Array((await file('test_margins.f32')).buffer);
  const test = calibratedRows(calibration.method, { margins, labels });
  const values = thresholdValues(
    { scores: validation.probabilities, labels: validation.labels },
    DEFAULT_ECONOMICS,
  );
  const judged = { scores: test.probabilities, labels };
  const kept = PUBLISHED_STRATEGIES.map((published) => ({
    label: `keep ${published.gainThreshold} of sales`,
    published,
    chosen: values.find(({ gain }) => gain >= Number(published.gainThreshold)),
  }));
  const optima = [0, SAFEGUARD].map((least) => ({
    label: least === 0 ? 'best, no safeguard' : `best that keeps ${least}`,
    published: null,
    chosen: bestThreshold(values, least) ?? undefined,
  }));
  return {
    title: 'Where the published assumptions lead on the demo list, beside what was published of the real one',
    columns: [
      { key: 'hotPublished', label: 'hot, published', unit: 'figure' },
      { key: 'hot', label: 'hot, here', unit: 'figure' },
      { key: 'salesPublished', label: 'sales, published', unit: 'figure' },
      { key: 'sales', label: 'sales, here', unit: 'figure' },
      { key: 'valuePublished', label: 'value, published', unit: 'figure' },
      { key: 'value', label: 'value, here', unit: 'figure' },
      { key: 'range', label: '95 %', unit: 'figure' },
    ],
    rows: [...kept, ...optima].map(({ label, published, chosen }) =>
      demoRow(label, { published, chosen, judged }),
    ),
    notes: [
      `Here: chosen on ${validation.labels.length} validation rows, valued on ${labels.length} test rows, US dollars a month; intervals by bootstrap over the test rows.`,
      'Published: over all 19,919 subscribers, training rows among them, read off the rows that chose the cut-off.',
    ],
  };
}

function demoRow(
  label: string,
  from: {
    readonly published: (typeof PUBLISHED_STRATEGIES)[number] | null;
    readonly chosen: ThresholdValue | undefined;
    readonly judged: ScoredLeads;
  },
): BenchRow {
  const { published, chosen, judged } = from;
  if (chosen === undefined) throw new Error(`Expected a cut-off for “${label}”`);
  const value = valueAt(judged, chosen.threshold);
  const options = {
    threshold: chosen.threshold,
    leastSalesShare: SAFEGUARD,
    nResamples: N_RESAMPLES,
    seed: 1,
  };
  const interval = strategyIntervals(judged, DEFAULT_ECONOMICS, options)?.expectedValueUsd;
  const whole = (usd: number | undefined) =>
    usd === undefined ? null : Math.round(usd).toLocaleString('en');
  const percent = (share: number | undefined) =>
    share === undefined ? null : `${(share * 100).toFixed(1)} %`;
  return {
    label,
    figures: {
      hotPublished: percent(published?.hotShare),
      hot: percent(value.nHot / (value.nHot + value.nCold)),
      salesPublished: whole(published?.monthlySalesUsd),
      sales: whole(value.monthlySalesUsd),
      valuePublished: whole(published?.expectedValueUsd),
      value: whole(value.expectedValueUsd),
      range: `${whole(interval?.low)} to ${whole(interval?.high)}`,
    },
  };
}
