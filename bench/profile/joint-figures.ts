import { JOINT_CELLS, type JointCell } from '@/lib/demo/figures/joint-cells';
import type { DemoList } from '@/lib/demo/testing/demo-list';
import { TAG_COUNT_BINS } from '@/lib/explore/segments/dimensions';
import { MISSING_LEVEL, type RowFilter } from '@/lib/explore/segments/row-filter';
import { type Filtered, groupFigures, type ProfileFigure, plantedCounts } from './group-figures';

/**
 * Lay groups cut out by several columns at once beside what the page's filters give of them. Groups that opt-in days or single
 * tags cut out too are left to the generator's own tests: no filter of the page has their bounds.
 */
export function jointFigures(list: DemoList, filtered: Filtered): ProfileFigure[] {
  const codes = list.countries.map((code) => code?.toLowerCase() ?? null);
  const known = [...new Set(codes)].filter((code) => code !== null).sort();
  return JOINT_CELLS.flatMap((cell) => {
    const filters = filtersOf(cell, known);
    if (filters === null) return [];
    return groupFigures(
      cell.name,
      { n: cell.n, buyers: cell.buyers },
      { planted: plantedCounts(list, (row) => isIn(cell, list, codes, row)), says: filtered(filters) },
    );
  });
}

function filtersOf(cell: JointCell, countries: readonly string[]): readonly RowFilter[] | null {
  const { rating, tags, country } = cell;
  if (cell.optinDays !== undefined || cell.timeSeriesWebinar !== undefined) return null;
  const filters: RowFilter[] = [];
  if (rating !== undefined) {
    const levels = ['1', '2', '3', '4', '5'].slice(rating[0] - 1, rating[1]);
    filters.push({ dimension: 'member_rating', levels });
  }
  if (tags !== undefined) {
    const bins = TAG_COUNT_BINS.filter(({ from }) => from >= tags[0] && from <= tags[1]);
    filters.push({ dimension: 'tag_count', levels: bins.map(({ label }) => label) });
  }
  if (country !== undefined) {
    const others = countries.filter((code) => code !== 'us');
    const levels = {
      us: ['us'],
      au: ['au'],
      missing: [MISSING_LEVEL],
      'known not us': others,
      'not us': [...others, MISSING_LEVEL],
    }[country];
    filters.push({ dimension: 'country', levels });
  }
  return filters;
}

function isIn(cell: JointCell, list: DemoList, codes: readonly (string | null)[], row: number): boolean {
  const { rating = [1, 5], tags = [0, Number.POSITIVE_INFINITY], country } = cell;
  const [code = null, count] = [codes[row], list.tags[row]!.length];
  const isOfCountry =
    country === undefined ||
    {
      us: code === 'us',
      au: code === 'au',
      missing: code === null,
      'known not us': code !== null && code !== 'us',
      'not us': code !== 'us',
    }[country];
  const isRated = list.ratings[row]! >= rating[0] && list.ratings[row]! <= rating[1];
  return isOfCountry && isRated && count >= tags[0] && count <= tags[1];
}
