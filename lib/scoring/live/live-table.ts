import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { cleanTagName } from '@/lib/crm/tag-columns';
import { tagsOfExpression } from '@/lib/features/expression-column';
import type { FeatureSpec } from '@/lib/features/spec';
import type { LiveLead } from './live-lead';

/** List the tag columns that a specification's features are made of, in the order of names. */
export function tagColumnsOf({ features }: Pick<FeatureSpec, 'features'>): readonly string[] {
  const tags = features.flatMap(({ source }) =>
    source.type === 'tag' ? [source.tag] : source.type === 'expression' ? tagsOfExpression(source.text) : [],
  );
  return [...new Set(tags)].sort();
}

/**
 * Build the table of leads that came one by one, as joining would have: countries folded, dates as days, a tag counted once.
 * A tag is given as it stands in the CRM or by its column, `tag_…`; one that the model does not know counts, and no more.
 * What is left out is missing; nobody has bought.
 *
 * @param tagColumns as `tagColumnsOf` gives them
 */
export function liveTable(leads: readonly LiveLead[], tagColumns: readonly string[]): JoinedTable {
  const nRows = leads.length;
  const placeOfTag = new Map(tagColumns.map((column, place) => [column, place]));
  const tagIndicators = tagColumns.map(() => new Uint8Array(nRows));
  const tagCount = new Uint16Array(nRows);
  for (const [row, { tags = [] }] of leads.entries()) {
    const held = new Set(tags.map((tag) => (placeOfTag.has(tag) ? tag : `tag_${cleanTagName(tag)}`)));
    tagCount[row] = held.size;
    for (const tag of held) {
      const place = placeOfTag.get(tag);
      if (place !== undefined) tagIndicators[place]![row] = 1;
    }
  }
  const codes = leads.map(({ country_code: code }) => code?.toLowerCase() ?? '');
  const countryCodes = [...new Set(codes.filter((code) => code !== ''))].sort();
  const placeOfCode = new Map(countryCodes.map((code, place) => [code, place]));
  return {
    nRows,
    mailchimpId: new Float64Array(nRows).fill(Number.NaN),
    userFullName: new Array<string>(nRows).fill(''),
    userEmail: leads.map(({ user_email: email }) => email?.trim() ?? ''),
    memberRating: Float64Array.from(leads, ({ member_rating: rating }) => rating ?? Number.NaN),
    optinDay: Int32Array.from(leads, ({ optin_time: time }) => (time ? parseDay(time) : MISSING_DAY)),
    countryCodes,
    countryIndex: Int16Array.from(codes, (code) => placeOfCode.get(code) ?? -1),
    tagCount,
    madePurchase: new Uint8Array(nRows),
    tagColumns,
    tagIndicators,
  };
}
