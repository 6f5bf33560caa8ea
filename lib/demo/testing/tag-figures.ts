import { LIST } from '../figures/list';
import {
  LAB_NUMBERS,
  LAB_OVERLAP_BY_LAG,
  labTag,
  N_TAGGED_WITHOUT_LAB,
  TAGS,
  type TagFigure,
  TIME_SERIES_WITHIN_LAB,
  WEBINAR_NESTING,
} from '../figures/tags';
import { cellOf, type DemoList } from './demo-list';
import {
  cellDeviations,
  correlationDeviation,
  countDeviation,
  type Deviation,
  exactDeviation,
} from './deviation';
import { pearson } from './statistics';

const LAB = 'learning_lab';

/** Tags: holders, buyers, nesting, neighbours, and how they go with time and tag count. */
export function tagDeviations(list: DemoList): Deviation[] {
  const tagCount = list.tags.map((tags) => tags.length);
  const columns = new TagColumns(list);
  const nRepeated = list.tags.filter((tags) => new Set(tags).size !== tags.length).length;
  return [
    exactDeviation('distinct tags', TAGS.length, new Set(list.tags.flat()).size),
    exactDeviation('subscribers with a tag twice', 0, nRepeated),
    ...TAGS.flatMap((figure) => oneTagDeviations(figure, list, columns.of(figure.tag), tagCount)),
    ...nestingDeviations(columns),
    countDeviation(
      'tagged without learning_lab',
      N_TAGGED_WITHOUT_LAB,
      cellOf(list, (row) => tagCount[row]! > 0 && columns.of(LAB)[row] === 0).n,
    ),
    ...LAB_OVERLAP_BY_LAG.map((share, index) => overlapDeviation(columns, index + 1, share)),
  ];
}

/** A 0/1 column for each tag. */
class TagColumns {
  readonly #columns: ReadonlyMap<string, readonly number[]>;

  constructor(list: DemoList) {
    this.#columns = new Map(
      TAGS.map(({ tag }) => [tag, list.tags.map((tags) => (tags.includes(tag) ? 1 : 0))]),
    );
  }

  of(tag: string): readonly number[] {
    return this.#columns.get(tag)!;
  }

  nHolders(tag: string): number {
    return this.of(tag).reduce((sum, value) => sum + value, 0);
  }

  /** Subscribers that hold both tags. */
  nShared(a: string, b: string): number {
    const other = this.of(b);
    return this.of(a).reduce((sum, value, row) => sum + value * other[row]!, 0);
  }
}

function oneTagDeviations(
  { tag, holders, buyers, withOptinDays, withTagCount }: TagFigure,
  list: DemoList,
  column: readonly number[],
  tagCount: readonly number[],
): Deviation[] {
  const without = cellOf(list, (row) => column[row] === 0);
  const rateWithout = (LIST.nBuyers - buyers) / (LIST.nSubscribers - holders);
  return [
    ...cellDeviations(
      tag,
      { n: holders, buyers },
      cellOf(list, (row) => column[row] === 1),
    ),
    {
      figure: `${tag}: rate of those without`,
      target: rateWithout,
      got: without.buyers / without.n,
      bound: 0.15 * rateWithout,
    },
    correlationDeviation(`${tag}: r with optin_days`, withOptinDays, pearson(column, list.optinDays)),
    correlationDeviation(`${tag}: r with tag_count`, withTagCount, pearson(column, tagCount)),
  ];
}

function nestingDeviations(columns: TagColumns): Deviation[] {
  const nesting = [...LAB_NUMBERS.map((number) => [labTag(number), LAB] as const), ...WEBINAR_NESTING];
  return [
    ...nesting.map(([inner, outer]) =>
      exactDeviation(`${inner} without ${outer}`, 0, columns.nHolders(inner) - columns.nShared(inner, outer)),
    ),
    {
      figure: 'time_series_webinar with learning_lab',
      target: (TIME_SERIES_WITHIN_LAB.least + TIME_SERIES_WITHIN_LAB.most) / 2,
      got: columns.nShared('time_series_webinar', LAB),
      bound: (TIME_SERIES_WITHIN_LAB.most - TIME_SERIES_WITHIN_LAB.least) / 2,
    },
  ];
}

/** Holders that labs of a distance share, as a share of the smaller lab's holders. */
function overlapDeviation(columns: TagColumns, lag: number, share: number): Deviation {
  let shared = 0;
  let smaller = 0;
  for (const number of LAB_NUMBERS) {
    if (!LAB_NUMBERS.includes(number + lag)) continue;
    const [a, b] = [labTag(number), labTag(number + lag)];
    shared += columns.nShared(a, b);
    smaller += Math.min(columns.nHolders(a), columns.nHolders(b));
  }
  return {
    figure: `labs ${lag} apart: shared holders`,
    target: share,
    got: shared / smaller,
    bound: 0.15 * share,
  };
}
