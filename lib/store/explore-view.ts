import {
  type Dimension,
  type FilterDimension,
  filterDimensionOf,
  SEGMENT_DIMENSIONS,
} from '@/lib/explore/dimensions';
import { AXIS_DIMENSIONS, type AxisName } from '@/lib/explore/interaction-axes';
import type { RowFilter } from '@/lib/explore/row-filter';
import type { AxisPair, Filters } from './services';

/** What of the exploration is looked at. The page's address holds it whole. */
export interface ExploreView {
  /** In the order in which they were set. */
  readonly filters: Filters;
  /** What the Pareto segments by. */
  readonly dimension: Dimension;
  /** What the interaction is between. */
  readonly pair: AxisPair;
}

/** What the page opens with. */
export const WHOLE_VIEW: ExploreView = {
  filters: [],
  dimension: 'country',
  pair: { along: 'tag_count', up: 'member_rating' },
};

const BY = 'by';
const ALONG = 'along';
const UP = 'up';

/**
 * Write a view as the part of an address after #. What is as the page opens with is left out, so that it is '' for that.
 *
 * @example addressOf({ ...WHOLE_VIEW, filters: [{ dimension: 'country', levels: ['us', 'de'] }] }) // 'country=us&country=de'
 */
export function addressOf({ filters, dimension, pair }: ExploreView): string {
  const words = new URLSearchParams();
  for (const filter of filters) for (const level of filter.levels) words.append(filter.dimension, level);
  if (dimension !== WHOLE_VIEW.dimension) words.set(BY, dimension);
  if (pair.along !== WHOLE_VIEW.pair.along) words.set(ALONG, pair.along);
  if (pair.up !== WHOLE_VIEW.pair.up) words.set(UP, pair.up);
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
  }
  const filters = [...levelsOf].map(([dimension, levels]): RowFilter => ({ dimension, levels }));
  return { ...view, filters };
}

function isAxisName(name: string): name is AxisName {
  return name.startsWith('tag_') || AXIS_DIMENSIONS.some((known) => known === name);
}
