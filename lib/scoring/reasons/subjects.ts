import type { Feature, FeatureSpec } from '@/lib/features/spec';

/** What a reason is about. */
export type SubjectKind =
  | 'member_rating'
  | 'country_code'
  | 'optin_days'
  | 'optin_season'
  | 'optin_weekday'
  | 'tag_count'
  | 'tag_rate'
  | 'is_free_email'
  | 'tag'
  | 'own';

/** One thing that is known of a lead, be it in one feature or in several. */
export interface ReasonSubject {
  /** The kind, with the tag's column or the own feature's name behind a colon. */
  readonly id: string;
  readonly kind: SubjectKind;
  /** The tag's column or the own feature's name; '' for the others. */
  readonly name: string;
  /** Places of its features among the specification's. */
  readonly features: readonly number[];
  /** What tells its groups apart: the value of one feature, or which of several indicators is 1. */
  readonly key:
    | { readonly type: 'value'; readonly feature: number }
    | { readonly type: 'which'; readonly features: readonly number[] };
}

const OPTIN_KINDS = {
  days: 'optin_days',
  month: 'optin_season',
  quarter: 'optin_season',
  day_of_year: 'optin_season',
  day_of_week: 'optin_weekday',
  is_weekend: 'optin_weekday',
} as const;

/** Of the parts of an opt-in that one subject holds, the first that there is tells its groups apart. */
const KEY_PARTS: readonly string[] = ['month', 'quarter', 'day_of_year', 'day_of_week', 'is_weekend'];

/**
 * List what the features of a specification are about, in the order in which they first come. Features of one subject are
 * told of together: month, quarter and day of year all say when in the year somebody joined. Shapley values add up, so a
 * subject's part in a margin is the sum of its features'.
 */
export function reasonSubjects({ features }: Pick<FeatureSpec, 'features'>): readonly ReasonSubject[] {
  const bySubject = new Map<string, { kind: SubjectKind; name: string; features: number[] }>();
  for (const [place, { name, source }] of features.entries()) {
    const subject = subjectOf(name, source);
    const id = subject.name === '' ? subject.kind : `${subject.kind}:${subject.name}`;
    const known = bySubject.get(id);
    if (known === undefined) bySubject.set(id, { ...subject, features: [place] });
    else known.features.push(place);
  }
  return [...bySubject].map(([id, subject]) => ({ id, ...subject, key: keyOf(features, subject.features) }));
}

function subjectOf(featureName: string, source: Feature['source']): { kind: SubjectKind; name: string } {
  switch (source.type) {
    case 'optin':
      return { kind: OPTIN_KINDS[source.part], name: '' };
    case 'member_rating':
    case 'member_rating_is':
      return { kind: 'member_rating', name: '' };
    case 'country_code':
    case 'country_is':
    case 'country_frequency':
    case 'country_target':
      return { kind: 'country_code', name: '' };
    case 'tag_count':
      return { kind: 'tag_count', name: '' };
    case 'tag_count_by_optin_day':
      return { kind: 'tag_rate', name: '' };
    case 'is_free_email':
      return { kind: 'is_free_email', name: '' };
    case 'tag':
      return { kind: 'tag', name: source.tag };
    case 'expression':
      return { kind: 'own', name: featureName };
    default:
      return source satisfies never;
  }
}

function keyOf(features: FeatureSpec['features'], places: readonly number[]): ReasonSubject['key'] {
  const [first] = places;
  if (first === undefined) throw new Error('Expected a subject to have a feature');
  const { type } = features[first]!.source;
  if (type === 'member_rating_is' || type === 'country_is') return { type: 'which', features: places };
  const rank = (place: number) => {
    const { source } = features[place]!;
    return source.type === 'optin' ? KEY_PARTS.indexOf(source.part) : 0;
  };
  return { type: 'value', feature: places.toSorted((a, b) => rank(a) - rank(b))[0]! };
}

/**
 * Give what a row's group of a subject is told by: a feature's value, or the place of the indicator that is 1. NaN where it is
 * missing.
 *
 * @param values row-major matrix
 * @param from first value of the row
 * @param missingValue as the specification writes it; null where it is NaN
 */
export function keyValue(
  { key }: Pick<ReasonSubject, 'key'>,
  values: Float32Array,
  from: number,
  missingValue: number | null,
): number {
  if (key.type === 'which') {
    const place = key.features.findIndex((feature) => values[from + feature] === 1);
    return place < 0 ? Number.NaN : place;
  }
  const value = values[from + key.feature]!;
  return value === missingValue ? Number.NaN : value;
}
