import { CORRELATION_RATIO, PEARSON, UNCERTAINTY_OF_PURCHASE } from '../figures/associations';
import { COUNTRIES, KEPT_COUNTRIES, MAX_BUYERS_ELSEWHERE, MISSING_COUNTRY } from '../figures/countries';
import { JOINT_CELLS, type JointCell } from '../figures/joint-cells';
import { LIST, MAILCHIMP_ID_MOMENTS, MAILCHIMP_ID_QUANTILES, PROVIDERS, RATINGS } from '../figures/list';
import { cellOf, type DemoList } from './demo-list';
import {
  cellDeviations,
  correlationDeviation,
  countDeviation,
  type Deviation,
  exactDeviation,
  valueDeviation,
} from './deviation';
import {
  correlationRatio,
  mean,
  pearson,
  quantile,
  standardDeviation,
  uncertaintyCoefficient,
} from './statistics';

const KEPT: readonly string[] = KEPT_COUNTRIES;

/** Sizes, identity, ratings and providers. */
export function identityDeviations(list: DemoList): Deviation[] {
  const providerOf = list.emails.map((email) => email.slice(email.indexOf('@') + 1));
  const nBuyers = cellOf(list, () => true).buyers;
  return [
    exactDeviation('subscribers', LIST.nSubscribers, list.n),
    exactDeviation('distinct mailchimp_id', LIST.nSubscribers, new Set(list.ids).size),
    exactDeviation('distinct names', LIST.nDistinctNames, new Set(list.names).size),
    exactDeviation('distinct e-mails', LIST.nDistinctEmails, new Set(list.emails).size),
    exactDeviation('distinct providers', PROVIDERS.length, new Set(providerOf).size),
    ...MAILCHIMP_ID_QUANTILES.map(({ share, id }) =>
      valueDeviation(`mailchimp_id quantile ${share}`, id, quantile(list.ids, share)),
    ),
    valueDeviation('mailchimp_id mean', MAILCHIMP_ID_MOMENTS.mean, mean(list.ids)),
    valueDeviation('mailchimp_id std', MAILCHIMP_ID_MOMENTS.std, standardDeviation(list.ids)),
    {
      figure: 'conversion',
      target: LIST.nBuyers / LIST.nSubscribers,
      got: nBuyers / list.n,
      bound: 0.001,
    },
    ...RATINGS.flatMap(({ rating, n, buyers }) =>
      cellDeviations(
        `rating ${rating}`,
        { n, buyers },
        cellOf(list, (row) => list.ratings[row] === rating),
      ),
    ),
    ...PROVIDERS.flatMap(({ domain, n, buyers }) =>
      cellDeviations(
        domain,
        { n, buyers },
        cellOf(list, (row) => providerOf[row] === domain),
      ),
    ),
  ];
}

/** Countries: sizes, buyers, case, what a pipeline keeps, and the Pareto curve. */
export function countryDeviations(list: DemoList): Deviation[] {
  const raw = new Map<string, { n: number; buyers: number }>();
  const folded = new Map<string, { n: number; buyers: number }>();
  list.countries.forEach((country, row) => {
    if (country === null) return;
    for (const [map, key] of [
      [raw, country],
      [folded, country.toLowerCase()],
    ] as const) {
      const cell = map.get(key) ?? { n: 0, buyers: 0 };
      cell.n++;
      cell.buyers += list.buyers[row]!;
      map.set(key, cell);
    }
  });
  const cell = (code: string) => raw.get(code) ?? { n: 0, buyers: 0 };
  const ranked = [...raw.entries()]
    .filter(([, { buyers }]) => buyers > MAX_BUYERS_ELSEWHERE)
    .map(([code]) => code);
  const known = cellOf(list, (row) => list.countries[row] !== null);
  const kept = cellOf(list, (row) => KEPT.includes(list.countries[row] ?? ''));
  return [
    exactDeviation('distinct raw codes', 183, raw.size),
    exactDeviation('distinct folded codes', 165, folded.size),
    ...cellDeviations(
      'country missing',
      MISSING_COUNTRY,
      cellOf(list, (row) => list.countries[row] === null),
    ),
    ...cellDeviations('country known', { n: 13_372, buyers: 874 }, known),
    ...cellDeviations('kept countries', { n: 10_300, buyers: 750 }, kept),
    ...cellDeviations(
      'other level',
      { n: 9_619, buyers: 212 },
      cellOf(list, (row) => !KEPT.includes(list.countries[row] ?? '')),
    ),
    exactDeviation('countries with six buyers or more', 21, ranked.length),
    exactDeviation('of these among the kept', 21, ranked.filter((code) => KEPT.includes(code)).length),
    ...COUNTRIES.flatMap(({ code, n, nUpperCase, buyers }) => [
      countDeviation(`country ${code}: n`, n, cell(code).n),
      countDeviation(`country ${code}: n in any case`, n + nUpperCase, folded.get(code)?.n ?? 0),
      exactDeviation(`country ${code} in upper case: buyers`, 0, raw.get(code.toUpperCase())?.buyers ?? 0),
      ...(buyers === null
        ? [{ figure: `country ${code}: buyers, at most 5`, target: 2.5, got: cell(code).buyers, bound: 2.5 }]
        : cellDeviations(`country ${code}`, { n, buyers }, cell(code)).slice(1)),
    ]),
    ...paretoDeviations(list),
  ];
}

/** Cumulative share of sales of the kept countries, in their order, on the buyers with a known country. */
function paretoDeviations(list: DemoList): Deviation[] {
  const known = cellOf(list, (row) => list.countries[row] !== null).buyers;
  const figures = COUNTRIES.flatMap(({ code, buyers }) =>
    KEPT.includes(code) ? [{ code, buyers: buyers ?? 0 }] : [],
  );
  let target = 0;
  let got = 0;
  return KEPT_COUNTRIES.map((code) => {
    target += figures.find((figure) => figure.code === code)!.buyers / 874;
    got += cellOf(list, (row) => list.countries[row] === code).buyers / known;
    return { figure: `sales up to ${code}`, target, got, bound: 0.15 * target };
  });
}

/** Cells of several columns. */
export function jointCellDeviations(list: DemoList): Deviation[] {
  return JOINT_CELLS.flatMap((cell) =>
    cellDeviations(
      cell.name,
      cell,
      cellOf(list, (row) => isIn(cell, list, row)),
    ),
  );
}

function isIn(cell: JointCell, list: DemoList, row: number): boolean {
  const within = (bounds: readonly [number, number] | undefined, value: number) =>
    bounds === undefined || (value >= bounds[0] && value <= bounds[1]);
  const country = list.countries[row]!;
  const isOfClass = {
    us: country === 'us',
    au: country === 'au',
    missing: country === null,
    'known not us': country !== null && country !== 'us',
    'not us': country !== 'us',
  };
  const tags = list.tags[row]!;
  return (
    within(cell.rating, list.ratings[row]!) &&
    within(cell.tags, tags.length) &&
    within(cell.optinDays, list.optinDays[row]!) &&
    (cell.country === undefined || isOfClass[cell.country]) &&
    (cell.timeSeriesWebinar === undefined || tags.includes('time_series_webinar') === cell.timeSeriesWebinar)
  );
}

/** Correlations between columns. */
export function associationDeviations(list: DemoList): Deviation[] {
  const tagCount = list.tags.map((tags) => tags.length);
  const tagRate = tagCount.map((count, row) => count / (list.optinDays[row]! + 1));
  const { ratings, buyers, optinDays } = list;
  const raw = list.countries.map((country) => country ?? 'missing');
  const level = list.countries.map((country) =>
    country !== null && KEPT.includes(country) ? country : 'other',
  );
  const provider = list.emails.map((email) => email.slice(email.indexOf('@')));
  const r = PEARSON;
  const eta = CORRELATION_RATIO;
  const u = UNCERTAINTY_OF_PURCHASE;
  const figures: readonly (readonly [name: string, target: number, got: number])[] = [
    ['r rating, tag_count', r.ratingTagCount, pearson(ratings, tagCount)],
    ['r rating, purchase', r.ratingPurchase, pearson(ratings, buyers)],
    ['r tag_count, purchase', r.tagCountPurchase, pearson(tagCount, buyers)],
    ['r tag_count, tags a day', r.tagCountTagRate, pearson(tagCount, tagRate)],
    ['r optin_days, tag_count', r.optinDaysTagCount, pearson(optinDays, tagCount)],
    ['r optin_days, tags a day', r.optinDaysTagRate, pearson(optinDays, tagRate)],
    ['eta rating, optin_days', eta.ratingOptinDays, correlationRatio(ratings, optinDays)],
    ['eta country (183), optin_days', eta.country183OptinDays, correlationRatio(raw, optinDays)],
    ['eta country (22), optin_days', eta.country22OptinDays, correlationRatio(level, optinDays)],
    ['eta country (183), tag_count', eta.country183TagCount, correlationRatio(raw, tagCount)],
    ['eta country (22), tag_count', eta.country22TagCount, correlationRatio(level, tagCount)],
    ['eta purchase, optin_days', eta.purchaseOptinDays, correlationRatio(buyers, optinDays)],
    ['eta purchase, tags a day', eta.purchaseTagRate, correlationRatio(buyers, tagRate)],
    ['U purchase, country (183)', u.country183, uncertaintyCoefficient(buyers, raw)],
    ['U purchase, country (22)', u.country22, uncertaintyCoefficient(buyers, level)],
    ['U purchase, rating', u.rating, uncertaintyCoefficient(buyers, ratings)],
    ['U purchase, provider', u.provider, uncertaintyCoefficient(buyers, provider)],
  ];
  return figures.map(([name, target, got]) => correlationDeviation(name, target, got));
}
