import { derivedSeed, randomSource, shuffle } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { roughChange, tableAt } from './lead-changes';
import { type Findings, scoreText } from './outcomes';
import { shownLead } from './shown-leads';
import { scoredLeads, type TestContext, type TestRows } from './test-context';
import type { TestExample } from './test-results';
import type { TestOf } from './test-suite';

/** Rows before and after a change. */
interface Changed {
  readonly what: string;
  readonly before: JoinedTable;
  readonly after: JoinedTable;
  readonly scoresBefore: Float32Array;
  readonly scoresAfter: Float32Array;
}

/** Draw test rows as leads. Labels play no part. */
function drawnLeads({ asLeads: { table } }: TestRows, nRows: number, seed: number): JoinedTable {
  const order = Uint32Array.from({ length: table.nRows }, (_, row) => row);
  shuffle(order, randomSource(derivedSeed(seed, 'tested rows')));
  return tableAt(table, order.subarray(0, nRows).sort());
}

async function changed(
  context: TestContext,
  what: string,
  before: JoinedTable,
  after: JoinedTable,
): Promise<Changed> {
  const [first, second] = [await scoredLeads(context.model, before), await scoredLeads(context.model, after)];
  return { what, before, after, scoresBefore: first.probabilities, scoresAfter: second.probabilities };
}

/** Raise the rating by one, step by step, and see that few leads fall. */
export async function ratingUpFindings(
  test: TestOf<'rating_up'>,
  context: TestContext,
  rows: TestRows,
): Promise<Findings | string> {
  if (rows.asLeads.untold.includes('member_rating')) return 'no feature tells the rating';
  const table = drawnLeads(rows, rows.rows.length, context.seed);
  const excepted = new Set(test.exceptions.map(({ from }) => from));
  const steps = [1, 2, 3, 4].filter((from) => !excepted.has(from));
  const moves: Changed[] = [];
  for (const from of steps) {
    const having = [...table.memberRating.keys()].filter((row) => table.memberRating[row] === from);
    if (having.length === 0) continue;
    const before = tableAt(table, having.slice(0, test.nRows));
    const after = { ...before, memberRating: before.memberRating.map((rating) => rating + 1) };
    moves.push(await changed(context, `rating ${from} to ${from + 1}`, before, after));
  }
  const exceptions = test.exceptions.map(({ from, reason }) => `${from} to ${from + 1}: ${reason}`);
  return directionFindings(test, context, { moves, exceptions, noun: 'steps' });
}

/** Add each tag in its turn to leads that lack it, counted too, and see that few leads fall. */
export async function tagUpFindings(
  test: TestOf<'tag_up'>,
  context: TestContext,
  rows: TestRows,
): Promise<Findings | string> {
  const table = rows.asLeads.table;
  if (table.tagColumns.length === 0) return 'no tag is a feature';
  const excepted = new Set(test.exceptions.map(({ tag }) => `tag_${tag}`));
  const moves: Changed[] = [];
  for (const [tag, column] of table.tagColumns.entries()) {
    if (excepted.has(column)) continue;
    const drawn = drawnLeads(rows, test.nRows, derivedSeed(context.seed, column));
    const lacking = [...drawn.tagCount.keys()].filter((row) => drawn.tagIndicators[tag]![row] === 0);
    if (lacking.length === 0) continue;
    const before = tableAt(drawn, lacking);
    const after = {
      ...before,
      tagCount: before.tagCount.map((count) => count + 1),
      tagIndicators: before.tagIndicators.map((held, other) => (other === tag ? held.map(() => 1) : held)),
    };
    moves.push(await changed(context, `tag ${column.replace(/^tag_/, '')} added`, before, after));
  }
  const exceptions = test.exceptions.filter(({ tag }) => table.tagColumns.includes(`tag_${tag}`));
  return directionFindings(test, context, {
    moves,
    exceptions: exceptions.map(({ tag, reason }) => `${tag}: ${reason}`),
    noun: 'tags',
  });
}

interface Directed {
  readonly moves: readonly Changed[];
  /** In words, with the reason. */
  readonly exceptions: readonly string[];
  readonly noun: string;
}

function directionFindings(
  { mostFalling, slack }: Pick<TestOf<'tag_up'>, 'mostFalling' | 'slack'>,
  context: TestContext,
  { moves, exceptions, noun }: Directed,
): Findings | string {
  const judged = moves.map((move) => {
    const falls = fallingRows(move, slack);
    return { move, falls, share: falls.length / move.before.nRows };
  });
  if (judged.length === 0) return `none of the ${noun} can be changed in the test rows`;
  const wrong = judged.filter(({ share }) => share > mostFalling).toSorted((a, b) => b.share - a.share);
  const [worst] = judged.toSorted((a, b) => b.share - a.share);
  const aside = exceptions.length === 0 ? '' : ` Not asked for: ${exceptions.join('; ')}.`;
  const what = `With ${worst!.move.what}, ${percentText(worst!.share)} of ${countText(worst!.move.before.nRows)} leads score more than ${percentText(slack, 0)} lower`;
  return {
    isPassed: wrong.length === 0,
    sentence: `${what}; ${percentText(mostFalling)} may. ${countText(judged.length - wrong.length)} of ${countText(judged.length)} ${noun} do as expected.${aside}`,
    nChecked: judged.length,
    nFailed: wrong.length,
    measured: Object.fromEntries(judged.map(({ move, share }) => [move.what, share])),
    examples: wrong.flatMap(({ move, falls }) =>
      falls.slice(0, 2).map((row) => beforeAndAfter(context, move, row)),
    ),
  };
}

/** Rows that fall by more than the slack, the worst first. */
function fallingRows({ scoresBefore, scoresAfter }: Changed, slack: number): readonly number[] {
  const ratio = (row: number) => scoresAfter[row]! / scoresBefore[row]!;
  return [...scoresBefore.keys()].filter((row) => ratio(row) < 1 - slack).sort((a, b) => ratio(a) - ratio(b));
}

function beforeAndAfter({ model }: TestContext, move: Changed, row: number): TestExample {
  const { what, before, after, scoresBefore, scoresAfter } = move;
  return {
    what: `With ${what} the score goes from ${scoreText(scoresBefore[row]!)} to ${scoreText(scoresAfter[row]!)}.`,
    leads: [
      shownLead(model.spec, before, row, { label: 'before', score: scoresBefore[row]! }),
      shownLead(model.spec, after, row, { label: 'after', score: scoresAfter[row]! }),
    ],
  };
}

/** Take something away or put in what no training row had: scores stay probabilities, and on the mean do not rise too far. */
export async function robustnessFindings(
  test: TestOf<'robustness'>,
  context: TestContext,
  rows: TestRows,
): Promise<Findings> {
  const before = drawnLeads(rows, test.nRows, context.seed);
  const move = await changed(
    context,
    test.change.replaceAll('_', ' '),
    before,
    roughChange(before, test.change, context.model.spec),
  );
  const { scoresBefore, scoresAfter } = move;
  const strange = [...scoresAfter.keys()].filter(
    (row) => !(scoresAfter[row]! >= 0 && scoresAfter[row]! <= 1),
  );
  const [meanBefore, meanAfter] = [mean(scoresBefore), mean(scoresAfter)];
  const rise = meanAfter / meanBefore;
  const isPassed = strange.length === 0 && rise <= test.mostRise;
  const risen = [...scoresAfter.keys()].sort(
    (a, b) => scoresAfter[b]! / scoresBefore[b]! - scoresAfter[a]! / scoresBefore[a]!,
  );
  return {
    isPassed,
    sentence:
      strange.length > 0
        ? `${countText(strange.length)} of ${countText(before.nRows)} scores are no probabilities.`
        : `All ${countText(before.nRows)} scores are probabilities; the mean goes from ${scoreText(meanBefore)} to ${scoreText(meanAfter)}, ${rise.toFixed(2)} times as high (at most ${test.mostRise} is expected).`,
    nChecked: before.nRows,
    nFailed: strange.length > 0 ? strange.length : Number(!isPassed),
    measured: { mean_before: meanBefore, mean_after: meanAfter },
    examples: isPassed
      ? []
      : (strange.length > 0 ? strange : risen).slice(0, 5).map((row) => beforeAndAfter(context, move, row)),
  };
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
