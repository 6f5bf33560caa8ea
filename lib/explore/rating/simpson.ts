import { MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import {
  type ScoredGroup,
  type StratifiedTrend,
  stratifiedTrend,
  type Trend,
  trendOf,
} from './ordinal-trend';

/** The trend among subscribers of one age on the list. */
export interface AgeStratum {
  readonly label: 'newest third' | 'middle third' | 'oldest third';
  readonly n: number;
  readonly trend: Trend | null;
}

/** Whether what holds for all subscribers holds among those of an age. */
export interface SimpsonCheck {
  readonly overall: Trend | null;
  readonly strata: readonly AgeStratum[];
  readonly within: StratifiedTrend | null;
  /** `reversed`: within ages the trend goes the other way; `one_stratum`: in one of them it does; `explained`: within ages there is none. */
  readonly verdict: 'same' | 'reversed' | 'one_stratum' | 'explained' | 'unknown';
}

const MOST_CHANCE = 0.05;
const LABELS = ['newest third', 'middle third', 'oldest third'] as const;
const N_RATINGS = 5;

/**
 * Compare the trend of conversion over member rating with the trend among subscribers who are equally long on the list:
 * ratings grow with time, and so do purchases (Simpson 1951). Subscribers without a rating of 1–5 or an opt-in date are
 * left out.
 *
 * @param options.rows the rows to look at, each at most once; all if left out
 */
export function ratingSimpson(
  table: JoinedTable,
  options: { readonly rows?: Uint32Array | undefined } = {},
): SimpsonCheck {
  const { memberRating, optinDay, madePurchase } = table;
  const rows = (options.rows ?? Uint32Array.from(optinDay, (_, row) => row)).filter((row) => {
    const rating = memberRating[row]!;
    return optinDay[row] !== MISSING_DAY && Number.isInteger(rating) && rating >= 1 && rating <= N_RATINGS;
  });
  // Days of the same date stay together, so thirds are of unequal size where a date holds many.
  const days = Int32Array.from(rows, (row) => optinDay[row]!).sort();
  const [older = 0, newer = 0] = [days[Math.floor(days.length / 3)], days[Math.floor((2 * days.length) / 3)]];
  const counts = LABELS.map(() => ({ n: new Uint32Array(N_RATINGS), buyers: new Uint32Array(N_RATINGS) }));
  for (const row of rows) {
    const day = optinDay[row]!;
    const third = counts[day >= newer ? 0 : day >= older ? 1 : 2]!;
    const level = memberRating[row]! - 1;
    third.n[level]! += 1;
    third.buyers[level]! += madePurchase[row]!;
  }
  const groups = counts.map(({ n, buyers }) =>
    Array.from(n, (count, level): ScoredGroup => ({ score: level + 1, n: count, buyers: buyers[level]! })),
  );
  const all = Array.from(
    { length: N_RATINGS },
    (_, level): ScoredGroup => ({
      score: level + 1,
      n: groups.reduce((sum, group) => sum + group[level]!.n, 0),
      buyers: groups.reduce((sum, group) => sum + group[level]!.buyers, 0),
    }),
  );
  const strata = LABELS.map(
    (label, third): AgeStratum => ({
      label,
      n: groups[third]!.reduce((sum, { n }) => sum + n, 0),
      trend: trendOf(groups[third]!),
    }),
  );
  const overall = trendOf(all);
  const within = stratifiedTrend(groups);
  return { overall, strata, within, verdict: verdictOf(overall, within, strata) };
}

function verdictOf(
  overall: Trend | null,
  within: StratifiedTrend | null,
  strata: readonly AgeStratum[],
): SimpsonCheck['verdict'] {
  if (overall === null || within === null || overall.pValue > MOST_CHANCE) return 'unknown';
  const isAgainst = (trend: { readonly z: number; readonly pValue: number }) =>
    trend.pValue <= MOST_CHANCE && Math.sign(trend.z) !== Math.sign(overall.z);
  if (isAgainst(within)) return 'reversed';
  if (strata.some(({ trend }) => trend !== null && isAgainst(trend))) return 'one_stratum';
  return within.pValue > MOST_CHANCE ? 'explained' : 'same';
}

/** Say in a sentence whether the trend holds at every age. */
export function simpsonSentence({ overall, strata, within, verdict }: SimpsonCheck): string {
  const signed = (value: number) => (value >= 0 ? '+' : '−') + Math.abs(value).toFixed(2);
  const each = strata
    .flatMap(({ label, trend }) => (trend === null ? [] : [`${label} ${signed(trend.pearson)}`]))
    .join(', ');
  switch (verdict) {
    case 'unknown':
      return overall === null || within === null
        ? 'Whether the trend holds at every age on the list cannot be said: ratings, purchases or opt-in dates do not vary.'
        : 'Rating and purchase show no trend, so there is none to hold at every age on the list.';
    case 'same':
      return `The trend holds at every age on the list (correlation ${each}; all ${signed(overall?.pearson ?? 0)}).`;
    case 'explained':
      return `Beware: among subscribers equally long on the list no trend is left (correlation ${each}); age on the list explains the overall ${signed(overall?.pearson ?? 0)}.`;
    case 'reversed':
      return `Beware: among subscribers equally long on the list the trend goes the other way (correlation ${each}; all ${signed(overall?.pearson ?? 0)}). This is Simpson’s paradox.`;
    case 'one_stratum':
      return `Beware: the trend goes the other way in one part of the list (correlation ${each}; all ${signed(overall?.pearson ?? 0)}).`;
    default:
      return verdict satisfies never;
  }
}
