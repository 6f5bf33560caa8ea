import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { sha256HexOfText } from '@/lib/core/digest';
import { fail, type Result, succeed } from '@/lib/core/result';
import { OTHER_COUNTRY } from './country-levels';
import { FEATURE_SPEC_VERSIONS_READ, type FeatureSpec, featureSpecSchema } from './spec';

const REWRITE_HINT = 'Run the prepare stage again, which writes the file anew.';

/** Write a specification as canonical JSON: the schema's key order, no white space. Equal specifications give equal texts. */
export function specJson(spec: FeatureSpec): string {
  return JSON.stringify(featureSpecSchema.parse(spec));
}

/** Give the SHA-256 of a specification's canonical JSON, 64 lower-case hex digits: its identity. */
export function specDigest(spec: FeatureSpec): string {
  return sha256HexOfText(specJson(spec));
}

/**
 * Parse `feature_spec.json`, in whatever key order and spacing it is written.
 *
 * @returns the specification; or `feature_spec_unreadable` when it is no JSON, `feature_spec_version` when a newer or
 * older format, `feature_spec_invalid` when a part is missing, wrong, or stands twice
 */
export function parseFeatureSpec(text: string): Result<FeatureSpec> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('feature_spec_unreadable', 'The feature specification is not JSON.', REWRITE_HINT);
  }
  const version = json !== null && typeof json === 'object' && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && !FEATURE_SPEC_VERSIONS_READ.includes(version)) {
    return fail(
      'feature_spec_version',
      `The feature specification has version ${version}; this Leadbench reads versions ${FEATURE_SPEC_VERSIONS_READ.join(' and ')}.`,
      'Use the Leadbench that wrote it, or train the model again.',
    );
  }
  const parsed = featureSpecSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? 'the top' : issue.path.join('.');
    return invalid(`at ${place}: ${issue?.message}`);
  }
  const contradiction = contradictionIn(parsed.data);
  return contradiction === null ? succeed(parsed.data) : invalid(contradiction);
}

function invalid(what: string) {
  return fail('feature_spec_invalid', `The feature specification does not hold: ${what}.`, REWRITE_HINT);
}

/** What the schema cannot say. */
function contradictionIn(spec: FeatureSpec): string | null {
  const repeated = firstRepeated(spec.features.map((feature) => feature.name));
  if (repeated !== null) return `feature ${repeated} stands twice`;
  const level = firstRepeated(spec.countryLevels);
  if (level !== null) return `country level ${level} stands twice`;
  if (spec.countryLevels.at(-1) !== OTHER_COUNTRY) return `the last country level is not ${OTHER_COUNTRY}`;
  if (parseDay(spec.referenceDay) === MISSING_DAY)
    return `the reference day ${spec.referenceDay} does not exist`;
  return levelContradiction(spec);
}

/** A number a level must be there for each, and a level named must be one. */
function levelContradiction({ features, countryLevels }: FeatureSpec): string | null {
  for (const { name, source } of features) {
    if (source.type === 'country_is' && !countryLevels.includes(source.level))
      return `feature ${name} is of level ${source.level}, which is none`;
    const numbers =
      source.type === 'country_frequency'
        ? source.shares
        : source.type === 'country_target'
          ? source.rates
          : null;
    if (numbers !== null && numbers.length !== countryLevels.length)
      return `feature ${name} has ${numbers.length} numbers for ${countryLevels.length} country levels`;
  }
  return null;
}

function firstRepeated(names: readonly string[]): string | null {
  return names.find((name, index) => names.indexOf(name) !== index) ?? null;
}
