import { type RandomSource, shuffle } from '@/lib/core/random';
import { LAB_NUMBERS, TAGS, tagIndex } from '../figures/tags';
import { BUNDLES, type Bundle } from './bundles';
import { exchangeValues, type SumFigure } from './exchange';
import { columnMoments, TAG_COUNT_MOMENTS, totalOfHolders } from './moments';
import { optinDaysOf } from './optin-calendar';

/** What tags depend on: rating, tag count and opt-in days of each row. */
export interface Engagement {
  readonly rating: Uint8Array;
  readonly tagCount: Uint16Array;
  readonly optinDays: Uint16Array;
}

/** Nobody needs to hold every lab: lab 19 has few holders, and few tags beside it. */
const MOST_LABS = LAB_NUMBERS.length - 1;

const N_PROPOSALS = 300_000;
const LAB = 'learning_lab';
const WEBINAR_DAYS = optinDaysOf('2020-12-17');

/** Tags in a bundle that are dealt here; labs with a number are not. */
const BUNDLED_TAGS = [
  'aws_webinar',
  'time_series_webinar',
  'webinar',
  'webinar_01',
  'webinar_no_degree',
  'webinar_no_degree_02',
] as const;

const LAB_ALONE = BUNDLES.findIndex(({ tags }) => tags.length === 1 && tags[0] === LAB);

const isLabBundle = ({ tags }: Bundle) => tags.includes(LAB);

/**
 * Deal bundles to the tagged rows of a block, so that a row has room for its bundle and each tag goes with time and
 * tag count as in the profile. Gives an index into `BUNDLES` for each entry of `taggedRows`.
 * @throws Where a row is left with a bundle that does not fit its tag count.
 */
export function dealBundles(
  taggedRows: Uint32Array,
  engagement: Engagement,
  random: RandomSource,
): Uint16Array {
  const tagCount = Uint16Array.from(taggedRows, (row) => engagement.tagCount[row]!);
  const joinedAtWebinar = (i: number) => engagement.optinDays[taggedRows[i]!] === WEBINAR_DAYS;
  const values = fittingBundles(tagCount, joinedAtWebinar, random);
  exchangeValues({
    values,
    nValues: BUNDLES.length,
    rowClasses: Uint16Array.from(taggedRows.keys()),
    figures: [...fitFigures(tagCount), ...tagFigures(taggedRows, engagement)],
    commonValue: LAB_ALONE,
    nProposals: N_PROPOSALS,
    random,
  });
  values.forEach((value, i) => {
    if (misfit(BUNDLES[value]!, tagCount[i]!))
      throw new Error(`bundle ${BUNDLES[value]!.tags.join('+')} does not fit ${tagCount[i]} tags`);
  });
  return values;
}

/** Whether a row of that many tags cannot hold the bundle: too large, or too small for what labs can add. */
function misfit(bundle: Bundle, tagCount: number): boolean {
  const nOpen = tagCount - bundle.tags.length;
  return isLabBundle(bundle) ? nOpen < 0 || nOpen > MOST_LABS : nOpen !== 0;
}

/**
 * A first dealing: bundles without a lab on rows of just their size, those who joined at the webinar of December 2020
 * first, then the largest bundles on the rows with most tags.
 */
function fittingBundles(
  tagCount: Uint16Array,
  joinedAtWebinar: (i: number) => boolean,
  random: RandomSource,
): Uint16Array {
  const order = Uint32Array.from(tagCount, (_, i) => i);
  shuffle(order, random);
  const rowsBySize = new Map<number, number[]>();
  // Rows are taken from the end of their list.
  for (const i of [...order.filter((i) => !joinedAtWebinar(i)), ...order.filter(joinedAtWebinar)]) {
    const rows = rowsBySize.get(tagCount[i]!) ?? [];
    rows.push(i);
    rowsBySize.set(tagCount[i]!, rows);
  }
  const values = new Uint16Array(tagCount.length);
  const bySize = BUNDLES.map((bundle, index) => ({ bundle, index })).sort(
    (a, b) => b.bundle.tags.length - a.bundle.tags.length,
  );
  for (const { bundle, index } of bySize.filter(({ bundle }) => !isLabBundle(bundle))) {
    const rows = rowsBySize.get(bundle.tags.length) ?? [];
    for (let i = 0; i < bundle.n; i++) values[rows.pop()!] = index;
  }
  const rest = [...rowsBySize.entries()].sort(([a], [b]) => b - a).flatMap(([, rows]) => rows);
  let next = 0;
  for (const { bundle, index } of bySize.filter(({ bundle }) => isLabBundle(bundle))) {
    for (let i = 0; i < bundle.n; i++) values[rest[next++]!] = index;
  }
  return values;
}

/** Figures that keep bundles from rows they do not fit; rows that the same bundles do not fit share one figure. */
function fitFigures(tagCount: Uint16Array): SumFigure[] {
  const rowsOf = new Map<string, { readonly sizes: Set<number>; readonly misfits: readonly boolean[] }>();
  for (const size of new Set(tagCount)) {
    const misfits = BUNDLES.map((bundle) => misfit(bundle, size));
    const rows = rowsOf.get(misfits.join()) ?? { sizes: new Set<number>(), misfits };
    rows.sizes.add(size);
    rowsOf.set(misfits.join(), rows);
  }
  return [...rowsOf.values()].map(({ sizes, misfits }) => ({
    rowWeight: (i) => (sizes.has(tagCount[i]!) ? 1 : 0),
    valueWeight: (value) => (misfits[value] ? 1 : 0),
    target: 0,
    scale: 0.02,
  }));
}

/** For each bundled tag, the totals that fix its correlation with tag count and with opt-in days; and two cells. */
function tagFigures(taggedRows: Uint32Array, { rating, tagCount, optinDays }: Engagement): SumFigure[] {
  const time = columnMoments(optinDays);
  const hasTag = (tag: string) => (value: number) => (BUNDLES[value]!.tags.includes(tag) ? 1 : 0);
  const isThreeOnWebinarDate = (row: number) => tagCount[row] === 3 && optinDays[row] === WEBINAR_DAYS;
  const isTopCell = (row: number) => rating[row] === 5 && tagCount[row]! >= 6 && optinDays[row]! <= 643;
  const isNoDegreeTrio = (value: number) => value === NO_DEGREE_TRIO;
  return [
    ...BUNDLED_TAGS.flatMap((tag): SumFigure[] => {
      const { holders, withTagCount, withOptinDays } = TAGS[tagIndex(tag)]!;
      return [
        {
          rowWeight: (i) => tagCount[taggedRows[i]!]!,
          valueWeight: hasTag(tag),
          ...totalOfHolders(TAG_COUNT_MOMENTS, tagCount.length, holders, withTagCount),
        },
        {
          rowWeight: (i) => optinDays[taggedRows[i]!]!,
          valueWeight: hasTag(tag),
          ...totalOfHolders(time, optinDays.length, holders, withOptinDays),
        },
      ];
    }),
    {
      rowWeight: (i) => optinDays[taggedRows[i]!]!,
      valueWeight: hasTag(LAB),
      target: totalOfHolders(time, optinDays.length, LAB_FIGURE.holders, LAB_FIGURE.withOptinDays).target,
      scale: LAB_SCALE_DAYS * LAB_FIGURE.holders,
    },
    {
      rowWeight: (i) => (isThreeOnWebinarDate(taggedRows[i]!) ? 1 : 0),
      valueWeight: (value) => (isNoDegreeTrio(value) ? 1 : 0),
      target: 162,
      scale: 0.3,
    },
    {
      rowWeight: (i) => (isTopCell(taggedRows[i]!) ? 1 : 0),
      valueWeight: hasTag('time_series_webinar'),
      target: 109,
      scale: 1,
    },
  ];
}

/** Mean opt-in day of the many learning_lab holders: a day moves the correlation by 0.003. */
const LAB_SCALE_DAYS = 0.4;

const LAB_FIGURE = TAGS[tagIndex(LAB)]!;

const NO_DEGREE_TRIO = BUNDLES.findIndex(
  ({ tags }) => tags.length === 3 && tags.includes('webinar_no_degree_02') && !tags.includes(LAB),
);
