import { fail, type Result, succeed } from '@/lib/core/result';
import { OWN_FEATURE_NAME, type OwnFeature } from './choices';
import type { KnownColumns } from './expression/columns';
import { isYesOrNo, parseExpression } from './expression/parse';
import type { ExpressionFault } from './expression/tokens';
import type { Feature } from './spec';

/** Columns beside the features, whose names a feature must not take. */
const TAKEN_ALWAYS: readonly string[] = [
  ...['label', 'split', 'made_purchase', 'mailchimp_id', 'user_full_name', 'user_email'],
  ...['optin_time', 'country_code', 'member_rating'],
];

/** What is wrong with a feature of one's own; `position` is null where it is the name. */
export interface OwnFeatureFault {
  readonly position: ExpressionFault['position'] | null;
  readonly reason: string;
}

/**
 * Say what is wrong with a feature of one's own; null when nothing is.
 *
 * @param taken names of the other features
 */
export function ownFeatureFault(
  { name, expression }: OwnFeature,
  { taken, columns }: { readonly taken: ReadonlySet<string>; readonly columns: KnownColumns },
): OwnFeatureFault | null {
  if (!OWN_FEATURE_NAME.test(name)) {
    const reason = 'A name is a letter, then letters, digits or _, up to 60 in all.';
    return { position: null, reason };
  }
  if (taken.has(name) || TAKEN_ALWAYS.includes(name)) {
    return { position: null, reason: `The name ${name} is taken: choose another.` };
  }
  const parsed = parseExpression(expression, columns);
  return parsed.ok ? null : parsed.fault;
}

/**
 * Make the features of one's own.
 *
 * @param taken names of the other features
 * @returns or `own_feature_invalid`, which names the first that is wrong, the place and why
 */
export function ownFeatures(
  own: readonly OwnFeature[],
  { taken, columns }: { readonly taken: readonly string[]; readonly columns: KnownColumns },
): Result<Feature[]> {
  const names = new Set(taken);
  const features: Feature[] = [];
  for (const one of own) {
    const fault = ownFeatureFault(one, { taken: names, columns });
    if (fault !== null) {
      const place = fault.position === null ? '' : `, at character ${fault.position} of “${one.expression}”`;
      return fail(
        'own_feature_invalid',
        `The feature ${one.name} cannot be made${place}: ${fault.reason}`,
        'Mend the expression, or remove the feature.',
      );
    }
    names.add(one.name);
    const parsed = parseExpression(one.expression, columns);
    const kind = parsed.ok && isYesOrNo(parsed.value) ? 'categorical' : 'numeric';
    features.push({ name: one.name, kind, source: { type: 'expression', text: one.expression } });
  }
  return succeed(features);
}
