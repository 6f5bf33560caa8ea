import { randomSource, shuffle } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { SplitPart } from '@/lib/features/matrix';
import { neutralChange, tableAt } from './lead-changes';
import { type Findings, scoreText } from './outcomes';
import { shownLead } from './shown-leads';
import { scoredLeads, type TestContext } from './test-context';
import { inventedLeads, tableOfLeads } from './test-leads';
import type { TestOf } from './test-suite';

/** Leads scored one by one, to see that those beside a lead do not move its score. */
const N_ALONE = 40;

/** Score hand-written leads, and see that each scores at least so many times the next. */
export async function orderFindings(test: TestOf<'order'>, { model }: TestContext): Promise<Findings> {
  const table = tableOfLeads(model.spec, test.leads);
  const { probabilities } = await scoredLeads(model, table);
  const pairs = test.leads.slice(1).map((_, i) => ({ better: i, worse: i + 1 }));
  const wrong = pairs.filter(
    ({ better, worse }) => !(probabilities[better]! >= test.ratio * probabilities[worse]!),
  );
  const shown = (row: number) =>
    shownLead(model.spec, table, row, { label: test.leads[row]!.label, score: probabilities[row]! });
  const [first] = wrong;
  const texts = [...probabilities].map(scoreText).join(', ');
  return {
    isPassed: wrong.length === 0,
    sentence:
      first === undefined
        ? `${nounText(test.leads.length, 'lead', 'leads')} score in the order expected: ${texts}.`
        : `“${test.leads[first.better]!.label}” scores ${scoreText(probabilities[first.better]!)}, ` +
          `${test.ratio === 1 ? 'less than' : `less than ${test.ratio} times`} “${test.leads[first.worse]!.label}” with ${scoreText(probabilities[first.worse]!)}.`,
    nChecked: pairs.length,
    nFailed: wrong.length,
    examples: wrong.map(({ better, worse }) => ({
      what: 'The first was expected to score higher than the second.',
      leads: [shown(better), shown(worse)],
    })),
  };
}

/** Score hand-written leads, and see that each lies within bounds, in units of the training rows' conversion. */
export async function rangeFindings(test: TestOf<'range'>, context: TestContext): Promise<Findings> {
  const { model } = context;
  const { lowest, highest } = test;
  const base = trainingConversion(context);
  const table = tableOfLeads(model.spec, test.leads);
  const { probabilities } = await scoredLeads(model, table);
  const times = [...probabilities].map((score) => score / base);
  const wrong = [...times.keys()].filter(
    (row) => !(times[row]! >= lowest && times[row]! <= (highest ?? Infinity)),
  );
  const bounds = highest === null ? `at least ${lowest}` : `${lowest} to ${highest}`;
  const [first] = wrong;
  const told = first ?? 0;
  return {
    isPassed: first === undefined,
    sentence: `“${test.leads[told]!.label}” scores ${scoreText(probabilities[told]!)}, ${times[told]!.toFixed(2)} times the conversion of the training rows; expected ${bounds} times.`,
    nChecked: test.leads.length,
    nFailed: wrong.length,
    measured: { conversion: base, times: times[told]! },
    examples: wrong.map((row) => ({
      what: `Expected ${scoreText(lowest * base)}${highest === null ? ' or more' : ` to ${scoreText(highest * base)}`}.`,
      leads: [
        shownLead(model.spec, table, row, { label: test.leads[row]!.label, score: probabilities[row]! }),
      ],
    })),
  };
}

function trainingConversion({ dataset: { labels, split } }: TestContext): number {
  let [n, nBuyers] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (split[row] !== SplitPart.train) continue;
    n += 1;
    nBuyers += labels[row]!;
  }
  return nBuyers / n;
}

/** Change what a model must not notice in invented leads, and see that no margin moves. */
export async function invarianceFindings(
  test: TestOf<'invariance'>,
  context: TestContext,
): Promise<Findings> {
  const { model, seed } = context;
  const table = inventedLeads(model.spec, test.nLeads, seed);
  const before = await scoredLeads(model, table);
  const after = await changedScores(test, context, table);
  const moves = Array.from(after.margins, (margin, row) => Math.abs(margin - before.margins[row]!));
  // A margin that is no number is a move too.
  const moved = [...moves.keys()].filter((row) => !(moves[row]! <= test.tolerance));
  const largest = moves.reduce((most, move) => Math.max(most, move), 0);
  const worst = moved.toSorted((a, b) => moves[b]! - moves[a]!);
  return {
    isPassed: moved.length === 0,
    sentence:
      moved.length === 0
        ? `No score of ${countText(after.margins.length)} invented leads moves.`
        : `${countText(moved.length)} of ${countText(after.margins.length)} invented leads score otherwise; the margin moves by up to ${largest.toPrecision(3)}.`,
    nChecked: after.margins.length,
    nFailed: moved.length,
    measured: { largest_move: largest },
    examples: worst.map((row) => ({
      what: `The margin moved by ${moves[row]!.toPrecision(3)}.`,
      leads: [
        shownLead(model.spec, table, row, { label: 'before', score: before.probabilities[row]! }),
        shownLead(model.spec, table, row, { label: 'after', score: after.probabilities[row]! }),
      ],
    })),
  };
}

async function changedScores(
  { change }: TestOf<'invariance'>,
  { model, seed }: TestContext,
  table: JoinedTable,
) {
  if (change === 'row_order') {
    const order = Uint32Array.from({ length: table.nRows }, (_, row) => row);
    shuffle(order, randomSource(seed));
    const shuffled = await scoredLeads(model, tableAt(table, order));
    const back = { probabilities: new Float32Array(table.nRows), margins: new Float32Array(table.nRows) };
    for (const [place, row] of order.entries()) {
      back.probabilities[row] = shuffled.probabilities[place]!;
      back.margins[row] = shuffled.margins[place]!;
    }
    return back;
  }
  if (change === 'alone') {
    const n = Math.min(N_ALONE, table.nRows);
    const back = { probabilities: new Float32Array(n), margins: new Float32Array(n) };
    for (let row = 0; row < n; row++) {
      const alone = await scoredLeads(model, tableAt(table, [row]));
      back.probabilities[row] = alone.probabilities[0]!;
      back.margins[row] = alone.margins[0]!;
    }
    return back;
  }
  return scoredLeads(model, neutralChange(table, change));
}
