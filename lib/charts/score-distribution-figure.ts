import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { Tier, TierCutoffs } from '@/lib/scoring/model-metadata';
import { tierOf } from '@/lib/scoring/tiers';
import { emptyLayout, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';

const TIERS = ['A', 'B', 'C', 'D'] as const satisfies readonly Tier[];
/** Widths that read well on an axis; the first that needs no more than `MAX_BINS` is taken. */
const BIN_WIDTHS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02] as const;
const MAX_BINS = 50;

interface Histogram {
  readonly width: number;
  /** Subscribers of a tier a bin, from a score of 0. */
  readonly counts: Readonly<Record<Tier, readonly number[]>>;
}

/**
 * Draw how many subscribers score what, coloured by tier. Bins start at 0 and hold their lower end.
 *
 * @param input.scores probabilities, 0–1
 * @throws where a score is NaN
 */
export function scoreDistributionFigure(
  input: { readonly scores: Float32Array; readonly cutoffs: TierCutoffs },
  theme: ChartTheme,
): FigureSpec {
  const { scores, cutoffs } = input;
  const histogram = histogramOf(scores, cutoffs);
  const table = histogramTable(histogram);
  if (scores.length === 0) {
    return { title: 'Nobody has been scored.', data: [], layout: emptyLayout(theme, 'No scores.'), table };
  }
  const colors = { A: theme.series[1], B: theme.series[0], C: theme.series[2], D: theme.rest };
  const nTop = histogram.counts.A.reduce((sum, count) => sum + count, 0);
  const holders = nounText(nTop, 'subscriber', 'subscribers');
  const share = percentText(nTop / scores.length);
  return {
    title: `Tier A holds ${holders} of ${countText(scores.length)} (${share}), with scores of ${cutoffs.A.toFixed(3)} and above.`,
    data: TIERS.map((tier) => tierBars(histogram, { tier, color: colors[tier] })),
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'stack',
      bargap: 0.05,
      xaxis: themedAxis(theme, 'Score (probability of a purchase)', { rangemode: 'tozero', showgrid: false }),
      yaxis: themedAxis(theme, 'Subscribers', { rangemode: 'tozero', tickformat: ',d' }),
    }),
    table,
  };
}

function histogramOf(scores: Float32Array, cutoffs: TierCutoffs): Histogram {
  const largest = scores.reduce((max, score) => Math.max(max, score), 0);
  if (Number.isNaN(largest)) throw new Error('Expected numbers as scores, got NaN.');
  const width = BIN_WIDTHS.find((candidate) => largest / candidate < MAX_BINS) ?? 1 / MAX_BINS;
  const nBins = scores.length === 0 ? 0 : Math.min(MAX_BINS, Math.floor(largest / width) + 1);
  const emptyBins = () => new Array<number>(nBins).fill(0);
  const counts = { A: emptyBins(), B: emptyBins(), C: emptyBins(), D: emptyBins() };
  for (const score of scores) {
    // A score of exactly 1 belongs to the last bin.
    const bin = Math.min(nBins - 1, Math.floor(score / width));
    counts[tierOf(score, cutoffs)][bin]! += 1;
  }
  return { width, counts };
}

function tierBars({ width, counts }: Histogram, style: { readonly tier: Tier; readonly color: string }) {
  const ofTier = counts[style.tier];
  return {
    type: 'bar' as const,
    name: `Tier ${style.tier}`,
    x: ofTier.map((_, bin) => (bin + 0.5) * width),
    y: [...ofTier],
    width,
    marker: { color: style.color },
    customdata: ofTier.map((count, bin) => [countText(count), binText(bin, width), binText(bin + 1, width)]),
    hovertemplate: `Tier ${style.tier}: %{customdata[0]} score %{customdata[1]} to %{customdata[2]}<extra></extra>`,
  };
}

function binText(bin: number, width: number): string {
  return String(Number((bin * width).toFixed(4)));
}

function histogramTable({ width, counts }: Histogram): FigureTable {
  return {
    columns: [
      numberColumn('score_from', 'Score from', 'score'),
      numberColumn('score_to', 'to below', 'score'),
      ...TIERS.map((tier) => numberColumn(`tier_${tier}`, `Tier ${tier}`, 'count')),
    ],
    rows: counts.A.map((_, bin) => ({
      score_from: Number((bin * width).toFixed(4)),
      score_to: Number(((bin + 1) * width).toFixed(4)),
      ...Object.fromEntries(TIERS.map((tier) => [`tier_${tier}`, counts[tier][bin]!])),
    })),
  };
}
