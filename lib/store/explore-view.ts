import { formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import { areApart, type DayRange, type DriftRanges } from '@/lib/explore/drift/drift-windows';
import { AXIS_DIMENSIONS, type AxisName } from '@/lib/explore/interactions/interaction-axes';
import {
  type Dimension,
  type FilterDimension,
  filterDimensionOf,
  SEGMENT_DIMENSIONS,
} from '@/lib/explore/segments/dimensions';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import type { AxisPair, Filters } from './services';

/** What of the exploration is looked at. The page's address holds it whole. */
export interface ExploreView {
  /** In the order in which they were set. */
  readonly filters: Filters;
  /** What the Pareto segments by. */
  readonly dimension: Dimension;
  /** What the interaction is between. */
  readonly pair: AxisPair;
  /** Opt-in days that are compared; null for those that suggest themselves. */
  readonly driftRanges: DriftRanges | null;
  /** Column whose change is drawn; null for the one that changed most. */
  readonly driftColumn: string | null;
}

/** What the page opens with. */
export const WHOLE_VIEW: ExploreView = {
  filters: [],
  dimension: 'country',
  pair: { along: 'tag_count', up: 'member_rating' },
  driftRanges: null,
  driftColumn: null,
};

const BY = 'by';
const ALONG = 'along';
const UP = 'up';
const REFERENCE = 'reference';
const CURRENT = 'current';
const DRIFT = 'drift';
const TO = '..';

/**
 * Write a view as the part of an address after #. What is as the page opens with is left out, so that it is '' for that.
 *
 * @example addressOf({ ...WHOLE_VIEW, filters: [{ dimension: 'country', levels: ['us', 'de'] }] }) // 'country=us&country=de'
 */
export function addressOf(view: ExploreView): string {
  const { filters, dimension, pair, driftRanges, driftColumn } = view;
  const words = new URLSearchParams();
  for (const filter of filters) for (const level of filter.levels) words.append(filter.dimension, level);
  if (dimension !== WHOLE_VIEW.dimension) words.set(BY, dimension);
  if (pair.along !== WHOLE_VIEW.pair.along) words.set(ALONG, pair.along);
  if (pair.up !== WHOLE_VIEW.pair.up) words.set(UP, pair.up);
  if (driftRanges !== null) {
    words.set(REFERENCE, rangeWord(driftRanges.reference));
    words.set(CURRENT, rangeWord(driftRanges.current));
  }
  if (driftColumn !== null) words.set(DRIFT, driftColumn);
  return words.toString();
}

/** Read a view from the part of an address after #. What makes no sense is passed over: anybody can write an address. */
export function exploreViewOf(address: string): ExploreView {
  const levelsOf = new Map<FilterDimension, string[]>();
  let view: ExploreView = WHOLE_VIEW;
  for (const [word, value] of new URLSearchParams(address)) {
    const dimension = filterDimensionOf(word);
    if (dimension !== undefined && value !== '') {
      const levels = levelsOf.get(dimension) ?? [];
      levelsOf.set(dimension, levels.includes(value) ? levels : [...levels, value]);
    } else if (word === BY) {
      view = { ...view, dimension: SEGMENT_DIMENSIONS.find((known) => known === value) ?? view.dimension };
    } else if (word === ALONG && isAxisName(value)) view = { ...view, pair: { ...view.pair, along: value } };
    else if (word === UP && isAxisName(value)) view = { ...view, pair: { ...view.pair, up: value } };
    else if (word === DRIFT && value !== '') view = { ...view, driftColumn: value };
  }
  const filters = [...levelsOf].map(([dimension, levels]): RowFilter => ({ dimension, levels }));
  return { ...view, filters, driftRanges: driftRangesOf(address) };
}

function driftRangesOf(address: string): DriftRanges | null {
  const words = new URLSearchParams(address);
  const reference = rangeOfWord(words.get(REFERENCE));
  const current = rangeOfWord(words.get(CURRENT));
  if (reference === null || current === null) return null;
  return areApart({ reference, current }) ? { reference, current } : null;
}

function rangeWord({ from, to }: DayRange): string {
  return `${formatDay(from)}${TO}${formatDay(to)}`;
}

function rangeOfWord(word: string | null): DayRange | null {
  const [from = MISSING_DAY, to = MISSING_DAY] = (word ?? '').split(TO).map(parseDay);
  return from === MISSING_DAY || to === MISSING_DAY || from > to ? null : { from, to };
}

function isAxisName(name: string): name is AxisName {
  return name.startsWith('tag_') || AXIS_DIMENSIONS.some((known) => known === name);
}
