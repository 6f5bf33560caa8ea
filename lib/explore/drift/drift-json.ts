import { z } from 'zod';
import { formatDay } from '@/lib/core/day';
import type { FeatureDrift } from './drift';
import type { DriftReport, DriftSide } from './drift-report';
import { driftSentence, featureSentence, sinceText } from './drift-sentences';

/** Version of `drift.json`'s format. */
export const DRIFT_JSON_VERSION = 1;

const probability = z.number().min(0).max(1).nullable();
const side = z.strictObject({
  n_subscribers: z.int().min(0),
  /** YYYY-MM-DD; null for a whole file. */
  first_optin: z.string().nullable(),
  last_optin: z.string().nullable(),
  file: z.string().nullable(),
});

/** `drift.json`: what of the list has changed, as aggregates. Null stands for what is not defined. */
export const driftJsonSchema = z.strictObject({
  version: z.literal(DRIFT_JSON_VERSION),
  kind: z.enum(['dates', 'files']),
  sentence: z.string(),
  reference: side.nullable(),
  current: side.nullable(),
  /** Columns that follow from the opt-in date and are therefore not compared. */
  excluded: z.array(z.string()),
  columns: z.array(
    z.strictObject({
      column: z.string(),
      is_label: z.boolean(),
      verdict: z.enum(['none', 'small', 'large']),
      sentence: z.string(),
      /** Time from which on it is distributed otherwise; null where none stands out. */
      since: z.string().nullable(),
      psi: z.number().nullable(),
      /** What chance alone stays below in 95 of 100 cases, at these sizes. */
      psi_limit: z.number().nullable(),
      jensen_shannon: probability,
      chi_square: z.number().nullable(),
      degrees_of_freedom: z.int().nullable(),
      p_value: probability,
      /** For all columns (Benjamini & Hochberg 1995). */
      adjusted_p_value: probability,
      ks_statistic: probability,
      ks_p_value: probability,
      ks_method: z.enum(['exact', 'asymptotic']).nullable(),
      missing_reference: probability,
      missing_current: probability,
      /** 95 % interval of the difference. */
      missing_difference_low: z.number().nullable(),
      missing_difference_high: z.number().nullable(),
      bins: z.array(
        z.strictObject({ value: z.string(), reference: z.int().min(0), current: z.int().min(0) }),
      ),
    }),
  ),
});

export type DriftJson = z.infer<typeof driftJsonSchema>;

/** Write a report as `drift.json` has it. */
export function driftJson(report: DriftReport): DriftJson {
  const { kind, sides, features, excluded } = report;
  return {
    version: DRIFT_JSON_VERSION,
    kind,
    sentence: driftSentence(report),
    reference: sides && sideJson(sides.reference),
    current: sides && sideJson(sides.current),
    excluded: [...excluded],
    columns: features.map((feature) => columnJson(feature, report)),
  };
}

function sideJson({ n, range, fileName }: DriftSide): DriftJson['reference'] {
  return {
    n_subscribers: n,
    first_optin: range && formatDay(range.from),
    last_optin: range && formatDay(range.to),
    file: fileName,
  };
}

function columnJson(feature: FeatureDrift, { windows }: DriftReport): DriftJson['columns'][number] {
  const { stability, chiSquare, ks, missing } = feature;
  return {
    column: feature.name,
    is_label: feature.isLabel,
    verdict: feature.verdict,
    sentence: featureSentence(feature, windows),
    since: feature.verdict === 'none' ? null : sinceText(feature, windows),
    psi: stability?.psi ?? null,
    psi_limit: stability?.limit ?? null,
    jensen_shannon: feature.jensenShannon,
    chi_square: chiSquare?.statistic ?? null,
    degrees_of_freedom: chiSquare?.degreesOfFreedom ?? null,
    p_value: chiSquare?.pValue ?? null,
    adjusted_p_value: feature.adjustedPValue,
    ks_statistic: ks?.statistic ?? null,
    ks_p_value: ks?.pValue ?? null,
    ks_method: ks?.method ?? null,
    missing_reference: missing?.reference ?? null,
    missing_current: missing?.current ?? null,
    missing_difference_low: missing?.low ?? null,
    missing_difference_high: missing?.high ?? null,
    bins: feature.bins.map(({ label, reference, current }) => ({ value: label, reference, current })),
  };
}
