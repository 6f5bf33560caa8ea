import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import { foldedCountries } from '@/lib/crm/join';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { FeatureSpec } from '@/lib/features/spec';
import type { TestLead } from './test-suite';

/** Column by column, what a table of leads is made of; everything else of a joined table says nothing to a model. */
export interface LeadColumns {
  readonly name: readonly string[];
  readonly email: readonly string[];
  /** NaN where missing. */
  readonly rating: Float64Array;
  /** `MISSING_DAY` where missing. */
  readonly optinDay: Int32Array;
  /** '' where missing. */
  readonly country: readonly string[];
  readonly tagCount: Uint16Array;
  /** Column names, `tag_…`. */
  readonly tagColumns: readonly string[];
  readonly tagIndicators: readonly Uint8Array[];
}

/** Make the joined table of leads that nobody has bought from. Country codes are folded by the join's own rule. */
export function leadTable(columns: LeadColumns): JoinedTable {
  const nRows = columns.country.length;
  const country = { kind: 'plain', values: columns.country, nBlobs: 0, nBigIntegers: 0 } as const;
  const { codes: countryCodes, index: countryIndex } = foldedCountries(country, nRows);
  return {
    nRows,
    mailchimpId: Float64Array.from({ length: nRows }, (_, row) => row + 1),
    userFullName: columns.name,
    userEmail: columns.email.map((email) => email.trim()),
    memberRating: columns.rating,
    optinDay: columns.optinDay,
    countryCodes,
    countryIndex,
    tagCount: columns.tagCount,
    madePurchase: new Uint8Array(nRows),
    tagColumns: columns.tagColumns,
    tagIndicators: columns.tagIndicators,
  };
}

/** Make the table of leads written by hand. */
export function tableOfLeads(spec: FeatureSpec, leads: readonly TestLead[]): JoinedTable {
  const referenceDay = parseDay(spec.referenceDay);
  const tagColumns = [...new Set(leads.flatMap(({ tags }) => tags.map((tag) => `tag_${tag}`)))].sort();
  return leadTable({
    name: leads.map((lead) => lead.user_full_name ?? ''),
    email: leads.map((lead) => lead.user_email ?? ''),
    rating: Float64Array.from(leads, (lead) => lead.member_rating ?? Number.NaN),
    optinDay: Int32Array.from(leads, ({ optin_days: days }) =>
      days === undefined ? MISSING_DAY : referenceDay - days,
    ),
    country: leads.map((lead) => lead.country_code ?? ''),
    tagCount: Uint16Array.from(leads, (lead) => lead.tag_count ?? lead.tags.length),
    tagColumns,
    tagIndicators: tagColumns.map((column) =>
      Uint8Array.from(leads, ({ tags }) => Number(tags.includes(column.slice('tag_'.length)))),
    ),
  });
}

/** How far back opt-ins of invented leads lie at most, in days. */
const LONGEST_DAYS = 1200;
const INVENTED_DOMAINS = ['gmail.com', 'example.com', 'list.example', 'hotmail.com'];

/** Draw leads evenly over what the model knows: countries, ratings, opt-in days, tags, kinds of address; some of it missing. */
export function inventedLeads(spec: FeatureSpec, nLeads: number, seed: number): JoinedTable {
  const random = randomSource(derivedSeed(seed, 'invented leads'));
  const referenceDay = parseDay(spec.referenceDay);
  const tagColumns = spec.features.flatMap(({ source }) => (source.type === 'tag' ? [source.tag] : []));
  const rows = Array.from({ length: nLeads }, (_, row) => drawnLead(spec, { row, random, tagColumns }));
  return leadTable({
    name: rows.map(({ name }) => name),
    email: rows.map(({ email }) => email),
    rating: Float64Array.from(rows, ({ rating }) => rating),
    optinDay: Int32Array.from(rows, ({ days }) => (days === null ? MISSING_DAY : referenceDay - days)),
    country: rows.map(({ country }) => country),
    tagCount: Uint16Array.from(rows, ({ held }) => held.size),
    tagColumns,
    tagIndicators: tagColumns.map((_, tag) => Uint8Array.from(rows, ({ held }) => Number(held.has(tag)))),
  });
}

function drawnLead(
  spec: FeatureSpec,
  { row, random, tagColumns }: { row: number; random: RandomSource; tagColumns: readonly string[] },
) {
  const below = (n: number) => Math.floor(random() * n);
  const isMissing = () => random() < 0.05;
  const held = new Set<number>();
  const nTags = tagColumns.length === 0 || random() < 0.4 ? 0 : 1 + below(Math.min(8, tagColumns.length));
  while (held.size < nTags) held.add(below(tagColumns.length));
  return {
    name: `Invented ${row + 1}`,
    email: isMissing() ? '' : `invented.${row + 1}@${INVENTED_DOMAINS[below(INVENTED_DOMAINS.length)]}`,
    rating: isMissing() ? Number.NaN : 1 + below(5),
    days: isMissing() ? null : below(LONGEST_DAYS),
    country: isMissing() ? '' : spec.countryLevels[below(spec.countryLevels.length)]!,
    held,
  };
}
