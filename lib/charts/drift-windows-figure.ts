import type { Shape } from 'plotly.js';
import { type FeatureDrift, MOST_CHANCE, PSI_MARKS } from '@/lib/explore/drift/drift';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import { sinceText } from '@/lib/explore/drift/drift-sentences';
import type { TimeWindow } from '@/lib/explore/drift/drift-windows';
import { countText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

interface Drawn {
  readonly window: TimeWindow;
  readonly n: number;
  readonly psi: number;
  readonly limit: number;
}

/**
 * Draw how far each time's subscribers lie from the reference in one column: the population stability index a window, the
 * limit that chance sets at its size, and where the column changed. A month's `customdata` begins with `optin_month` and it.
 */
export function driftWindowsFigure(
  report: DriftReport,
  feature: FeatureDrift,
  theme: ChartTheme,
): FigureSpec {
  const { windows } = report;
  const table = windowTable(report, feature);
  const drawn = feature.windows.flatMap(({ n, psi, limit }, place): Drawn[] => {
    const window = windows[place];
    return window === undefined || psi === null || limit === null ? [] : [{ window, n, psi, limit }];
  });
  const title = windowsSentence(report, feature, drawn);
  if (drawn.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'Too few subscribers at any time.'), table };
  }
  const labels = windows.map(({ label }) => label);
  return {
    title,
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'Limit of chance',
        x: drawn.map(({ window }) => window.label),
        y: drawn.map(({ limit }) => limit),
        line: { color: theme.muted, width: 1.5, dash: 'dot', shape: 'hvh' },
        customdata: drawn.map(({ limit }) => [indexText(limit)]),
        hovertemplate: '%{x}: chance stays below %{customdata[0]}<extra></extra>',
      },
      indexTrace(drawn, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 68, right: 16, bottom: 96 }),
      xaxis: themedAxis(theme, windowAxisTitle(report), {
        ...FIXED_ROOM,
        type: 'category',
        categoryorder: 'array',
        categoryarray: labels,
        range: [-0.5, labels.length - 0.5],
        tickangle: -60,
        nticks: 20,
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Population stability index', { ...FIXED_ROOM, rangemode: 'tozero' }),
      shapes: [...sideShapes(report, theme), ...changeShape(feature, theme)],
      annotations: changeNote(report, feature, theme),
    }),
    table,
  };
}

function windowAxisTitle({ kind, windows }: DriftReport): string {
  const what = windows.every(({ month }) => month !== null) ? 'Opt-in month' : 'Opt-in days';
  return kind === 'files' ? `${what}, both files` : what;
}

function indexTrace(drawn: readonly Drawn[], theme: ChartTheme) {
  return {
    type: 'scatter' as const,
    mode: 'lines+markers' as const,
    name: 'Distance from the reference',
    x: drawn.map(({ window }) => window.label),
    y: drawn.map(({ psi }) => psi),
    line: { color: theme.series[0], width: 1 },
    marker: {
      size: 9,
      color: drawn.map(({ psi, limit }) => (psi > limit ? theme.series[1] : theme.series[0])),
      symbol: drawn.map(({ psi, limit }) => (psi > limit ? 'diamond' : 'circle')),
    },
    customdata: drawn.map(({ window, n, psi, limit }) => [
      window.month === null ? null : 'optin_month',
      window.month,
      countText(n),
      indexText(psi),
      psi > limit ? 'beyond chance' : 'within chance',
    ]),
    hovertemplate:
      '%{x}: PSI %{customdata[3]}, %{customdata[4]}<br>%{customdata[2]} subscribers<extra></extra>',
  };
}

/** Shade the times that are compared; of files there is nothing to shade. */
function sideShapes({ kind, sides, windows }: DriftReport, theme: ChartTheme): Partial<Shape>[] {
  if (kind === 'files' || sides === null) return [];
  return ([sides.reference, sides.current] as const).flatMap(({ range }, side) => {
    const within = windows.flatMap(({ from, to }, place) =>
      range !== null && from <= range.to && to >= range.from ? [place] : [],
    );
    const [first, last] = [within[0], within.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [
      {
        type: 'rect' as const,
        layer: 'below' as const,
        xref: 'x' as const,
        x0: first - 0.5,
        x1: last + 0.5,
        yref: 'paper' as const,
        y0: 0,
        y1: 1,
        fillcolor: theme.series[side === 0 ? 0 : 1],
        opacity: 0.08,
        line: { width: 0 },
      },
    ];
  });
}

function changeShape({ change }: FeatureDrift, theme: ChartTheme): Partial<Shape>[] {
  if (change === null || change.pValue > MOST_CHANCE) return [];
  const at = change.window - 0.5;
  return [
    {
      type: 'line',
      xref: 'x',
      x0: at,
      x1: at,
      yref: 'paper',
      y0: 0,
      y1: 1,
      line: { color: theme.text, width: 1.5, dash: 'dash' },
    },
  ];
}

function changeNote(report: DriftReport, feature: FeatureDrift, theme: ChartTheme) {
  const { windows } = report;
  const since = sinceText(feature, windows);
  if (since === null || feature.change === null) return [];
  const isLate = feature.change.window > windows.length / 2;
  return [
    {
      text: report.kind === 'files' ? `differ since ${since}` : `changed: ${since}`,
      showarrow: false,
      xref: 'x' as const,
      x: feature.change.window - 0.5,
      xanchor: isLate ? ('right' as const) : ('left' as const),
      xshift: isLate ? -4 : 4,
      yref: 'paper' as const,
      y: 1,
      yanchor: 'top' as const,
      font: { color: theme.text, size: 12 },
    },
  ];
}

function windowsSentence(report: DriftReport, feature: FeatureDrift, drawn: readonly Drawn[]): string {
  const { name } = feature;
  if (drawn.length === 0) return `${name}: too few subscribers at any time to compare.`;
  const isMonthly = report.windows.every(({ month }) => month !== null);
  const nBeyond = drawn.filter(({ psi, limit }) => psi > limit).length;
  const farthest = drawn.reduce((a, b) => (b.psi > a.psi ? b : a));
  const since = sinceText(feature, report.windows);
  const isOfFiles = report.kind === 'files';
  const when =
    since === null
      ? 'no one time stands out'
      : isOfFiles
        ? `the files differ since ${since}`
        : `it changed most with ${since}`;
  return `${name} over time: ${nBeyond} of ${drawn.length} ${isMonthly ? 'months' : 'parts of the time'} lie farther from the reference than chance takes them, ${farthest.window.label} farthest (PSI ${indexText(farthest.psi)}); ${when}.`;
}

function indexText(value: number): string {
  return value < PSI_MARKS.small ? value.toFixed(3) : value.toFixed(2);
}

function windowTable({ windows }: DriftReport, feature: FeatureDrift): FigureTable {
  return {
    columns: [
      textColumn('window', 'Opt-ins of'),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('psi', 'PSI', 'number'),
      numberColumn('limit', 'Limit of chance', 'number'),
      textColumn('verdict', 'Beyond chance'),
    ],
    rows: feature.windows.map(({ n, psi, limit }, place) => ({
      window: windows[place]?.label ?? '',
      n,
      psi,
      limit,
      verdict: psi === null || limit === null ? 'too few' : psi > limit ? 'yes' : 'no',
    })),
  };
}
