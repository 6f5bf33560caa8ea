import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { OTHER_COUNTRY } from '@/lib/features/country-levels';
import type { FeatureMatrix } from '@/lib/features/matrix';
import type { Feature, FeatureSpec } from '@/lib/features/spec';
import { leadTable } from './test-leads';

type Source = Feature['source'];
type SourceType = Source['type'];

/** Rows of a matrix as leads again, without names and addresses, and what the features do not tell. */
export interface RowsAsLeads {
  readonly table: JoinedTable;
  /** Columns of `subscribers_joined` that no feature tells; they are missing in all rows. */
  readonly untold: readonly ('optin_time' | 'member_rating' | 'country_code' | 'user_email' | 'tag_count')[];
}

/**
 * Read rows of a matrix back as leads, so that they can be changed as leads and encoded again by a model's own
 * specification, as in scoring. A country that is not kept becomes `other`; an address is invented of its kind; of tags
 * only those that are features are known, but their number is.
 *
 * @param rows of the matrix
 */
export function rowsAsLeads(spec: FeatureSpec, matrix: FeatureMatrix, rows: Uint32Array): RowsAsLeads {
  const valuesOf = (feature: number) => {
    const stride = matrix.featureNames.length;
    return Float64Array.from(rows, (row) => {
      const value = matrix.values[row * stride + feature]!;
      return value === spec.missingValue ? Number.NaN : value;
    });
  };
  const find = <T extends SourceType>(
    type: T,
    isIt: (source: Extract<Source, { type: T }>) => boolean = () => true,
  ) =>
    spec.features.findIndex(
      ({ source }) => source.type === type && isIt(source as Extract<Source, { type: T }>),
    );
  const told = <T>(feature: number, read: (values: Float64Array) => T): T | null =>
    feature === -1 ? null : read(valuesOf(feature));
  const referenceDay = parseDay(spec.referenceDay);
  const optinDay = told(
    find('optin', ({ part }) => part === 'days'),
    (days) => Int32Array.from(days, (value) => (Number.isNaN(value) ? MISSING_DAY : referenceDay - value)),
  );
  const rating =
    told(find('member_rating'), (values) => values) ?? indicatedRating(spec, valuesOf, rows.length);
  const country = countriesOf(spec, valuesOf, rows.length);
  const email = told(find('is_free_email'), (flags) =>
    Array.from(flags, (flag) =>
      Number.isNaN(flag) ? '' : flag === 1 ? `lead@${freeDomain(spec)}` : 'lead@own.example',
    ),
  );
  const tags = spec.features.flatMap(({ source }, feature) =>
    source.type === 'tag' ? [{ column: source.tag, indicators: Uint8Array.from(valuesOf(feature)) }] : [],
  );
  const tagCount = told(find('tag_count'), (counts) => Uint16Array.from(counts));
  const untold = {
    optin_time: optinDay,
    member_rating: rating,
    country_code: country,
    user_email: email,
    tag_count: tagCount,
  };
  const n = rows.length;
  return {
    table: leadTable({
      name: new Array<string>(n).fill(''),
      email: email ?? new Array<string>(n).fill(''),
      rating: rating ?? new Float64Array(n).fill(Number.NaN),
      optinDay: optinDay ?? new Int32Array(n).fill(MISSING_DAY),
      country: country ?? new Array<string>(n).fill(''),
      tagCount:
        tagCount ??
        Uint16Array.from(rows, (_, row) => tags.reduce((sum, { indicators }) => sum + indicators[row]!, 0)),
      tagColumns: tags.map(({ column }) => column),
      tagIndicators: tags.map(({ indicators }) => indicators),
    }),
    untold: (Object.keys(untold) as (keyof typeof untold)[]).filter((column) => untold[column] === null),
  };
}

type ValuesOf = (feature: number) => Float64Array;

function freeDomain({ freeEmailDomains }: FeatureSpec): string {
  return freeEmailDomains[0] ?? 'gmail.com';
}

function indicatedRating(spec: FeatureSpec, valuesOf: ValuesOf, nRows: number): Float64Array | null {
  const indicators = spec.features.flatMap(({ source }, feature) =>
    source.type === 'member_rating_is' ? [{ rating: source.rating, is: valuesOf(feature) }] : [],
  );
  if (indicators.length === 0) return null;
  return Float64Array.from(
    { length: nRows },
    (_, row) => indicators.find(({ is }) => is[row] === 1)?.rating ?? Number.NaN,
  );
}

function countriesOf(spec: FeatureSpec, valuesOf: ValuesOf, nRows: number): readonly string[] | null {
  const { countryLevels, features } = spec;
  const coded = features.findIndex(({ source }) => source.type === 'country_code');
  if (coded !== -1)
    return Array.from(valuesOf(coded), (code) => (Number.isNaN(code) ? '' : countryLevels[code]!));
  const numbers = features.flatMap(({ source }, feature) => {
    if (source.type === 'country_frequency') return [{ feature, ofLevel: source.shares }];
    return source.type === 'country_target' ? [{ feature, ofLevel: source.rates }] : [];
  })[0];
  if (numbers !== undefined) {
    // Levels of the same number are one and the same to the model.
    const levelOf = new Map(
      numbers.ofLevel.map((value, place) => [Math.fround(value), countryLevels[place]!]),
    );
    return Array.from(valuesOf(numbers.feature), (value) =>
      Number.isNaN(value) ? '' : (levelOf.get(value) ?? OTHER_COUNTRY),
    );
  }
  const indicators = features.flatMap(({ source }, feature) =>
    source.type === 'country_is' ? [{ level: source.level, is: valuesOf(feature) }] : [],
  );
  if (indicators.length === 0) return null;
  return Array.from({ length: nRows }, (_, row) => indicators.find(({ is }) => is[row] === 1)?.level ?? '');
}
