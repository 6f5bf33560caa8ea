import { calendarParts, type Day, MISSING_DAY, parseDay } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import { type Feature, type FeatureSpec, missingValueOf } from './spec';

/** Part of an opt-in that a feature is made of. */
export type OptinPart = Extract<Feature['source'], { type: 'optin' }>['part'];

/** Tell the distinct days and each row's among them: calendar arithmetic is done once a day, not once a row. */
export function distinctDays(days: Int32Array): { codes: Uint32Array; days: readonly Day[] } {
  const codeOfDay = new Map<Day, number>();
  const codes = Uint32Array.from(days, (day) => {
    let code = codeOfDay.get(day);
    if (code === undefined) {
      code = codeOfDay.size;
      codeOfDay.set(day, code);
    }
    return code;
  });
  return { codes, days: [...codeOfDay.keys()] };
}

/** Give the part of each day, or the specification's missing value. */
export function optinValues(
  spec: Pick<FeatureSpec, 'referenceDay' | 'missingValue'>,
  days: readonly Day[],
  part: OptinPart,
): Float32Array {
  const referenceDay = parseDay(spec.referenceDay);
  const missing = missingValueOf(spec);
  return Float32Array.from(days, (day) =>
    day === MISSING_DAY ? missing : optinValue(day, referenceDay, part),
  );
}

function optinValue(day: Day, referenceDay: Day, part: OptinPart): number {
  const parts = calendarParts(day);
  switch (part) {
    case 'days':
      return referenceDay - day;
    case 'month':
      return parts.month;
    case 'day_of_week':
      return parts.dayOfWeek;
    case 'day_of_year':
      return parts.dayOfYear;
    case 'quarter':
      return parts.quarter;
    case 'is_weekend':
      return parts.dayOfWeek >= 5 ? 1 : 0;
    default:
      return part satisfies never;
  }
}

/** Tell addresses at free providers: 1 free, 0 not, NaN without a domain. */
export function freeEmailFlags(
  spec: Pick<FeatureSpec, 'freeEmailDomains'>,
  userEmail: readonly string[],
): Float32Array {
  const free = new Set(spec.freeEmailDomains);
  return Float32Array.from(userEmail, (email) => {
    const domain = emailDomain(email);
    return domain === '' ? Number.NaN : Number(free.has(domain));
  });
}
