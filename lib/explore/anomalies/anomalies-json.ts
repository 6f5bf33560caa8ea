import { z } from 'zod';
import { formatDay } from '@/lib/core/day';
import type { AnomalyReport } from './anomalies';
import { anomalySentence, optinDaysSentence } from './anomaly-sentences';

/** Version of `anomalies.json`'s format. */
export const ANOMALIES_JSON_VERSION = 1;

const count = z.int().min(0);

/** `anomalies.json`: what of the list looks wrong, as aggregates. Null stands for what is not defined. */
export const anomaliesJsonSchema = z.strictObject({
  version: z.literal(ANOMALIES_JSON_VERSION),
  sentence: z.string(),
  optin_days: z.strictObject({
    sentence: z.string(),
    /** Variance of a day's opt-ins over their mean, at least 1. */
    dispersion: z.number().min(1).nullable(),
    n_days: count,
    /** Days that stand out, most opt-ins first. */
    imports: z.array(
      z.strictObject({
        day: z.string(),
        optins: count,
        expected: z.number(),
        adjusted_p_value: z.number().min(0).max(1),
      }),
    ),
  }),
  impossible: z.array(z.strictObject({ column: z.string(), fault: z.string(), n_subscribers: count })),
  outliers: z.array(
    z.strictObject({
      column: z.string(),
      /** What robust standard deviations are made of; null where nothing varies. */
      scale: z.enum(['median_deviation', 'mean_deviation']).nullable(),
      n_subscribers: count,
    }),
  ),
  isolation_forest: z
    .strictObject({
      columns: z.array(z.string()),
      n_trees: count,
      sample_size: count,
      highest_score: z.number().min(0).max(1),
      n_subscribers: count,
    })
    .nullable(),
});

export type AnomaliesJson = z.infer<typeof anomaliesJsonSchema>;

/** Write a report as `anomalies.json` has it. */
export function anomaliesJson(report: AnomalyReport): AnomaliesJson {
  const { days, rules, columns, forest } = report;
  const spikes = (days?.days ?? [])
    .filter(({ isSpike }) => isSpike)
    .sort((a, b) => b.n - a.n || a.day - b.day);
  return {
    version: ANOMALIES_JSON_VERSION,
    sentence: anomalySentence(report),
    optin_days: {
      sentence: optinDaysSentence(report),
      dispersion: days?.dispersion ?? null,
      n_days: days?.days.length ?? 0,
      imports: spikes.map(({ day, n, expected, adjustedPValue }) => {
        return { day: formatDay(day), optins: n, expected, adjusted_p_value: adjustedPValue };
      }),
    },
    impossible: rules.map(({ name, fault, n }) => ({ column: name, fault, n_subscribers: n })),
    outliers: columns.map(({ name, scaleOf, nOutliers }) => {
      return { column: name, scale: scaleOf, n_subscribers: nOutliers };
    }),
    isolation_forest: forest && {
      columns: [...forest.columns],
      n_trees: forest.nTrees,
      sample_size: forest.sampleSize,
      highest_score: forest.highest,
      n_subscribers: forest.nOutliers,
    },
  };
}
