import { z } from 'zod';
import { formatDay } from '@/lib/core/day';
import { JOINED_COLUMNS } from '@/lib/crm/joined-csv';
import { COUNTRY_CODES } from '../country-codes';

/** What a suite can ask of the data with `{"$PARAMETER": name}`, as Great Expectations writes it. */
export interface SuiteParameters {
  /** Indicator columns of the joined table, in its order. */
  readonly tag_columns: readonly string[];
  readonly n_tag_columns: number;
  /** Every column of the joined table, in its order. */
  readonly joined_columns: readonly string[];
  /** Two-letter codes that a list may hold, lower case. */
  readonly country_codes: readonly string[];
  /** YYYY-MM-DD; a date after it lies in the future. */
  readonly newest_plausible_day: string;
}

/** Name of a parameter. */
export type SuiteParameterName = keyof SuiteParameters;

/** Give the parameters of a joined table. */
export function suiteParameters(tagColumns: readonly string[], newestDay: number): SuiteParameters {
  return {
    tag_columns: tagColumns,
    n_tag_columns: tagColumns.length,
    joined_columns: [...JOINED_COLUMNS, ...tagColumns],
    country_codes: COUNTRY_CODES,
    newest_plausible_day: formatDay(newestDay),
  };
}

/** Parameters of a table that is made up, to check a suite before there is any data. */
export const SAMPLE_PARAMETERS: SuiteParameters = suiteParameters(['tag_a', 'tag_b'], 0);

/** Names of all parameters, in the order they are told in. */
export const SUITE_PARAMETER_NAMES: readonly string[] = Object.keys(SAMPLE_PARAMETERS);

const referenceSchema = z.strictObject({ $PARAMETER: z.string() });

/** A suite refers to a parameter that does not exist. */
export class UnknownParameter extends Error {
  constructor(readonly parameter: string) {
    super(`There is no suite parameter ${parameter}`);
    this.name = 'UnknownParameter';
  }
}

/**
 * Put values in the place of `{"$PARAMETER": name}`, at any depth.
 *
 * @throws UnknownParameter
 */
export function withParameters(value: unknown, parameters: SuiteParameters): unknown {
  const reference = referenceSchema.safeParse(value);
  if (reference.success) {
    const entry = Object.entries(parameters).find(([name]) => name === reference.data.$PARAMETER);
    if (entry === undefined) throw new UnknownParameter(reference.data.$PARAMETER);
    return entry[1];
  }
  if (Array.isArray(value)) return value.map((item) => withParameters(item, parameters));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withParameters(item, parameters)]),
  );
}

/** Names of the parameters that a value refers to, each once, in alphabetical order. */
export function parametersIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    const reference = referenceSchema.safeParse(part);
    if (reference.success) names.add(reference.data.$PARAMETER);
    else if (part !== null && typeof part === 'object') Object.values(part).forEach(visit);
  };
  visit(value);
  return [...names].sort();
}
