import type { DriftBin, FeatureDrift } from '@/lib/explore/drift/drift';
import type { DriftReport, DriftSide } from '@/lib/explore/drift/drift-report';
import { featureSentence } from '@/lib/explore/drift/drift-sentences';
import { rangeText } from '@/lib/explore/drift/drift-windows';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

const MOST_CHARACTERS = 14;

/**
 * Draw how one column is distributed on either side: the share of the side's subscribers in each bin, as bars beside each
 * other. A bar's `customdata` begins with the dimension and the level where the bin is one.
 */
export function driftBinsFigure(report: DriftReport, feature: FeatureDrift, theme: ChartTheme): FigureSpec {
  const { sides } = report;
  const title = featureSentence(feature, report.windows);
  const table = binTable(feature);
  if (sides === null || feature.bins.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'No subscribers to compare.'), table };
  }
  const sums = sumsOf(feature.bins);
  const labels = feature.bins.map(({ label }) => plotText(label));
  const bars = (side: 'reference' | 'current', color: string) => ({
    type: 'bar' as const,
    name: `${side === 'reference' ? 'Reference' : 'Current'}: ${sideName(sides[side])}`,
    x: labels,
    y: feature.bins.map((bin) => bin[side] / sums[side]),
    marker: { color },
    customdata: feature.bins.map((bin) => [
      bin.level === null ? null : feature.dimension,
      bin.level,
      countText(bin[side]),
      percentText(bin[side] / sums[side], 2),
    ]),
    hovertemplate: '%{x}: %{customdata[2]} subscribers, %{customdata[3]}<extra>%{fullData.name}</extra>',
  });
  return {
    title,
    data: [bars('reference', theme.series[0]), bars('current', theme.series[1])],
    layout: themedLayout(theme, {
      barmode: 'group',
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom', font: { color: theme.text } },
      margin: { ...fixedMargin({ left: 68, right: 16, bottom: 84 }), t: 52 },
      xaxis: themedAxis(theme, `Value of ${plotText(feature.name)}`, {
        ...FIXED_ROOM,
        type: 'category',
        categoryorder: 'array',
        categoryarray: labels,
        tickmode: 'array',
        tickvals: labels,
        ticktext: labels.map((label) =>
          label.length > MOST_CHARACTERS ? `${label.slice(0, MOST_CHARACTERS - 1)}…` : label,
        ),
        tickangle: labels.length > 6 ? -40 : 0,
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Share of subscribers', {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
    }),
    table,
  };
}

function sideName({ range, fileName }: DriftSide): string {
  return plotText(fileName ?? (range === null ? '' : rangeText(range)));
}

function sumsOf(bins: readonly DriftBin[]) {
  return {
    reference: bins.reduce((sum, { reference }) => sum + reference, 0),
    current: bins.reduce((sum, { current }) => sum + current, 0),
  };
}

function binTable({ bins }: FeatureDrift): FigureTable {
  const sums = sumsOf(bins);
  const share = (n: number, of: number) => (of === 0 ? null : n / of);
  return {
    columns: [
      textColumn('bin', 'Value'),
      numberColumn('reference', 'Reference', 'count'),
      numberColumn('reference_share', 'Share of the reference', 'share'),
      numberColumn('current', 'Current', 'count'),
      numberColumn('current_share', 'Share of the current', 'share'),
    ],
    rows: bins.map((bin) => ({
      bin: bin.label,
      reference: bin.reference,
      reference_share: share(bin.reference, sums.reference),
      current: bin.current,
      current_share: share(bin.current, sums.current),
    })),
  };
}
