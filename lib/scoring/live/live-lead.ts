import { z } from 'zod';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { columnsOfExpression } from '@/lib/features/expression-column';
import type { FeatureSpec } from '@/lib/features/spec';

/** Most leads of one request. */
export const MAX_LIVE_LEADS = 10_000;
const MAX_TAGS = 500;

const columns = {
  /** Given back with the answer, so that the caller knows which lead is which; nothing else is done with it. */
  id: z.string().max(200, 'must have 200 characters at most').optional(),
  user_email: z.string().max(320, 'must have 320 characters at most').nullable(),
  member_rating: z
    .int('must be a whole number from 1 to 5, or null')
    .min(1, 'must be 1 to 5')
    .max(5, 'must be 1 to 5')
    .nullable(),
  country_code: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'must be a country code of two letters, or null')
    .nullable(),
  optin_time: z
    .string()
    .max(40, 'must be a date such as 2020-12-31, or null')
    .refine((text) => parseDay(text) !== MISSING_DAY, 'must be a date such as 2020-12-31, or null')
    .nullable(),
  tags: z
    .array(z.string().min(1, 'must not be empty').max(200, 'must have 200 characters at most'))
    .max(MAX_TAGS, `must hold ${MAX_TAGS} tags at most`),
} as const;

/** A raw column of a lead. */
export type LiveColumn = keyof typeof columns;
/** Raw columns in the order in which they are told of. */
export const LIVE_COLUMNS = Object.keys(columns) as readonly LiveColumn[];

/** A lead with every column; those that a model does not need may be left out. */
export const liveLeadSchema = z.strictObject({
  ...columns,
  user_email: columns.user_email.optional(),
  member_rating: columns.member_rating.optional(),
  country_code: columns.country_code.optional(),
  optin_time: columns.optin_time.optional(),
  tags: columns.tags.optional(),
});

export type LiveLead = z.infer<typeof liveLeadSchema>;

/** List the raw columns that a specification's features are made of. */
export function neededColumns({ features }: Pick<FeatureSpec, 'features'>): readonly LiveColumn[] {
  const needed = new Set(features.flatMap(({ source }) => columnsOfSource(source)));
  return LIVE_COLUMNS.filter((column) => needed.has(column));
}

function columnsOfSource(source: FeatureSpec['features'][number]['source']): LiveColumn[] {
  switch (source.type) {
    case 'optin':
      return ['optin_time'];
    case 'tag':
    case 'tag_count':
      return ['tags'];
    case 'tag_count_by_optin_day':
      return ['optin_time', 'tags'];
    case 'member_rating':
    case 'member_rating_is':
      return ['member_rating'];
    case 'country_code':
    case 'country_is':
    case 'country_frequency':
    case 'country_target':
      return ['country_code'];
    case 'is_free_email':
      return ['user_email'];
    case 'expression':
      return columnsOfExpression(source.text).flatMap(columnsOfName);
    default:
      return source satisfies never;
  }
}

function columnsOfName(name: string): LiveColumn[] {
  if (name === 'country_code' || name === 'member_rating') return [name];
  if (name === 'is_free_email') return ['user_email'];
  if (name === 'tag_count_by_optin_day') return ['optin_time', 'tags'];
  return name.startsWith('optin_') ? ['optin_time'] : ['tags'];
}

/** The schema of a lead for one model: columns that its features are made of must be there, if only as null. */
export function liveLeadSchemaFor(spec: Pick<FeatureSpec, 'features'>): z.ZodType<LiveLead> {
  const needed = Object.fromEntries(neededColumns(spec).map((column) => [column, columns[column]]));
  return liveLeadSchema.extend(needed) as unknown as z.ZodType<LiveLead>;
}
