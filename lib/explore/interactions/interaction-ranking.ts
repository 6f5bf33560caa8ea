import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Segmenter } from '../segments/dimensions';
import { adjustedPValues } from '../statistics/benjamini-hochberg';
import { type InteractionTest, interactionOf } from './interaction';
import { AXIS_DIMENSIONS, type AxisName, interactionAxis } from './interaction-axes';

/** A pair of axes and how strongly they interact. */
export interface RankedInteraction extends InteractionTest {
  readonly along: AxisName;
  readonly up: AxisName;
  /** For having looked at all pairs (Benjamini & Hochberg 1995). */
  readonly adjustedPValue: number;
}

/** Tags looked at: those that most subscribers hold. */
const N_TAGS = 8;

/** List the axes that an interaction may be between: the dimensions, then the tags, most held first. */
export function axisNames(table: JoinedTable): readonly AxisName[] {
  const holders = table.tagIndicators.map((indicators) => indicators.reduce((sum, one) => sum + one, 0));
  const tags = table.tagColumns
    .map((name, column) => ({ name: name as AxisName, n: holders[column] ?? 0 }))
    .sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
  return [...AXIS_DIMENSIONS, ...tags.map(({ name }) => name)];
}

/**
 * Rank pairs of dimensions, and of the most held tags with a dimension, by how much of what lies between their cells only
 * both together explain; those that chance may have made come last. Tags with the tag count, which is made of them, and
 * with each other are left out.
 */
export function rankedInteractions(
  segmenter: Segmenter,
  table: JoinedTable,
  options: Options = {},
): readonly RankedInteraction[] {
  const steps = rankingSteps(segmenter, table, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

interface Options {
  /** The rows to count, each at most once; all where left out. */
  readonly rows?: Uint32Array | undefined;
}

/** The same in steps of one pair each, so that something else can be done in between. */
export function* rankingSteps(
  segmenter: Segmenter,
  table: JoinedTable,
  { rows }: Options = {},
): Generator<void, readonly RankedInteraction[]> {
  const names = axisNames(table).slice(0, AXIS_DIMENSIONS.length + N_TAGS);
  const axes = names.map((name) => interactionAxis(segmenter, table, name));
  const tested: (InteractionTest & { readonly along: AxisName; readonly up: AxisName })[] = [];
  for (const [i, along] of axes.entries()) {
    for (const up of axes.slice(i + 1)) {
      if (isOfTags(along.name) && isOfTags(up.name)) continue;
      yield;
      const { test } = interactionOf(along, up, { madePurchase: table.madePurchase, rows });
      if (test !== null) tested.push({ along: along.name, up: up.name, ...test });
    }
  }
  const adjusted = adjustedPValues(tested.map(({ pValue }) => pValue));
  return tested
    .map((pair, i) => ({ ...pair, adjustedPValue: adjusted[i]! }))
    .sort((a, b) => Number(isBeyondChance(b)) - Number(isBeyondChance(a)) || b.strength - a.strength);
}

const MOST_CHANCE = 0.05;

/** Whether chance alone would hardly have made the interaction, for all pairs that were looked at. */
export function isBeyondChance({ adjustedPValue }: Pick<RankedInteraction, 'adjustedPValue'>): boolean {
  return adjustedPValue <= MOST_CHANCE;
}

function isOfTags(name: AxisName): boolean {
  return name === 'tag_count' || name.startsWith('tag_');
}
