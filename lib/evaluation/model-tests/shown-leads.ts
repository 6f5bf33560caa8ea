import { formatDay } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { FeatureSpec } from '@/lib/features/spec';
import type { ShownLead } from './test-results';

/** Tags of a lead that an example lists; the count is of all. */
const MOST_TAGS_SHOWN = 12;

/** Show a lead of a table as an example does, without name, address and id. */
export function shownLead(
  { freeEmailDomains }: Pick<FeatureSpec, 'freeEmailDomains'>,
  table: JoinedTable,
  row: number,
  about: { readonly label: string; readonly score: number },
): ShownLead {
  const rating = table.memberRating[row]!;
  const country = table.countryIndex[row]!;
  const domain = emailDomain(table.userEmail[row]!);
  const tags = table.tagColumns.filter((_, tag) => table.tagIndicators[tag]![row] === 1);
  return {
    label: about.label,
    member_rating: Number.isNaN(rating) ? null : rating,
    country_code: country < 0 ? '' : table.countryCodes[country]!,
    optin_time: formatDay(table.optinDay[row]!),
    tag_count: table.tagCount[row]!,
    tags: tags.slice(0, MOST_TAGS_SHOWN).map((column) => column.replace(/^tag_/, '')),
    email_kind: domain === '' ? 'missing' : freeEmailDomains.includes(domain) ? 'free' : 'own domain',
    score: Number.isFinite(about.score) ? about.score : null,
  };
}
