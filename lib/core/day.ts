/** A calendar day as whole days since 1970-01-01, free of time zones. */
export type Day = number;

/** Stands for "no date" in an `Int32Array` of days. */
export const MISSING_DAY = -2_147_483_648;

/** The parts of a day that features are made of. */
export interface CalendarParts {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly dayOfMonth: number;
  /** 0 = Monday … 6 = Sunday, as pandas `dt.dayofweek` */
  readonly dayOfWeek: number;
  /** 1–366 */
  readonly dayOfYear: number;
  /** 1–4 */
  readonly quarter: number;
}

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Days since 1970-01-01 of a civil date in the proleptic Gregorian calendar (Howard Hinnant, `days_from_civil`). */
function dayFromCivil(year: number, month: number, dayOfMonth: number): Day {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/**
 * Parse an ISO 8601 date, with or without a time of day (which is dropped, not converted: the date as written counts).
 * Gives `MISSING_DAY` for anything else, including days that do not exist such as 2023-02-29.
 *
 * @example parseDay('2020-12-31') // 18627
 */
export function parseDay(text: string): Day {
  const match = ISO_DAY.exec(text.trim());
  if (!match) return MISSING_DAY;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const dayOfMonth = Number(match[3]);
  const day = dayFromCivil(year, month, dayOfMonth);
  const parts = calendarParts(day);
  return parts.year === year && parts.month === month && parts.dayOfMonth === dayOfMonth ? day : MISSING_DAY;
}

/** Split a day into its calendar parts (Howard Hinnant, `civil_from_days`). */
export function calendarParts(day: Day): CalendarParts {
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfMarchYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfMarchYear + 2) / 153);
  const dayOfMonth = dayOfMarchYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    dayOfMonth,
    dayOfWeek: (((day + 3) % 7) + 7) % 7,
    dayOfYear: day - dayFromCivil(year, 1, 1) + 1,
    quarter: Math.ceil(month / 3),
  };
}

/** Write a day as YYYY-MM-DD, or '' for `MISSING_DAY`. */
export function formatDay(day: Day): string {
  if (day === MISSING_DAY) return '';
  const { year, month, dayOfMonth } = calendarParts(day);
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
}
