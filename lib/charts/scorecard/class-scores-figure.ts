import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, PERCENT_TICKS, themedAxis, themedLayout } from '../base-layout';
import type { ChartTheme } from '../chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from '../figure-spec';

const N_BINS = 40;
/** Scores beyond this share of the rows are drawn in the last bin, so that a few do not flatten all others. */
const LAST_SHARE = 0.998;

/**
 * Draw how the validation rows score, buyers and others each as a share of their own, and the threshold.
 *
 * @param input.probabilities 0–1, one a row
 */
export function classScoresFigure(
  input: { readonly labels: Uint8Array; readonly probabilities: Float32Array; readonly threshold: number },
  theme: ChartTheme,
): FigureSpec {
  const { labels, probabilities, threshold } = input;
  const bins = binsOf(labels, probabilities);
  const [nOthers, nBuyers] = bins.n;
  const table = binTable(bins);
  if (nBuyers === 0 || nOthers === 0) {
    const title = 'There is nothing to tell apart: the validation rows lack buyers or others.';
    return { title, data: [], layout: emptyLayout(theme, 'Needs buyers and others.'), table };
  }
  const above = [0, 0] as [number, number];
  labels.forEach((label, row) => {
    if (probabilities[row]! >= threshold) above[label === 1 ? 1 : 0] += 1;
  });
  const bars = (label: 0 | 1, name: string, color: string) => ({
    type: 'bar' as const,
    name,
    x: bins.counts[label].map((_, bin) => (bin + 0.5) * bins.width),
    y: bins.counts[label].map((count) => count / bins.n[label]),
    width: bins.width,
    marker: { color },
    opacity: 0.6,
    hovertemplate: `%{y:.1%} of the ${name.toLowerCase()} score about %{x:.3f}<extra></extra>`,
  });
  return {
    title: `${percentText(above[1] / nBuyers, 0)} of the buyers and ${percentText(above[0] / nOthers, 0)} of the others score ${threshold.toFixed(3)} and above, of ${countText(labels.length)} validation rows.`,
    data: [bars(0, 'Others', theme.rest), bars(1, 'Buyers', theme.series[1])],
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'overlay',
      bargap: 0,
      xaxis: themedAxis(theme, 'Score (the last bar holds all above)', {
        rangemode: 'tozero',
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Share of buyers, of others', {
        tickformat: PERCENT_TICKS,
        rangemode: 'tozero',
      }),
      shapes: [
        {
          type: 'line',
          x0: Math.min(threshold, N_BINS * bins.width),
          x1: Math.min(threshold, N_BINS * bins.width),
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: theme.text, width: 1, dash: 'dash' },
        },
      ],
    }),
    table,
  };
}

interface Bins {
  readonly width: number;
  /** Others, buyers. */
  readonly counts: readonly [number[], number[]];
  readonly n: readonly [number, number];
}

function binsOf(labels: Uint8Array, probabilities: Float32Array): Bins {
  const sorted = probabilities.toSorted();
  const largest = sorted[Math.floor(LAST_SHARE * (sorted.length - 1))] ?? 0;
  const width = (largest === 0 ? 1 : largest) / N_BINS;
  const counts: [number[], number[]] = [new Array(N_BINS).fill(0), new Array(N_BINS).fill(0)];
  const n: [number, number] = [0, 0];
  labels.forEach((label, row) => {
    const of = label === 1 ? 1 : 0;
    counts[of][Math.min(N_BINS - 1, Math.floor(probabilities[row]! / width))]! += 1;
    n[of] += 1;
  });
  return { width, counts, n };
}

function binTable({ width, counts }: Bins): FigureTable {
  return {
    columns: [
      numberColumn('score_from', 'Score from', 'score'),
      numberColumn('buyers', 'Buyers', 'count'),
      numberColumn('others', 'Others', 'count'),
    ],
    rows: counts[0].map((others, bin) => ({ score_from: bin * width, buyers: counts[1][bin]!, others })),
  };
}
