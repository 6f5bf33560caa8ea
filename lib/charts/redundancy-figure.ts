import { countText } from '@/lib/explore/summary/plain-numbers';
import type { Association, Redundancy } from '@/lib/features/redundancy';
import { redundancySentence } from '@/lib/features/redundancy-sentence';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

/** Features drawn: those of the strongest pairs. */
const MOST_FEATURES = 20;
/** Pairs in the table. */
const MOST_PAIRS = 300;
const PIXELS_A_LETTER = 6.4;

const MEASURE_WORDS: Readonly<Record<Association['measure'], string>> = {
  spearman: 'Spearman',
  cramers_v: 'Cramér’s V',
  correlation_ratio: 'correlation ratio',
};

/** Draw how strongly the features of the strongest pairs go together, as a heatmap from 0 to 1; the table has the signs. */
export function redundancyFigure(redundancy: Redundancy, theme: ChartTheme): FigureSpec {
  const { names, pairs } = redundancy;
  const title = redundancySentence(redundancy);
  const table = pairTable(redundancy);
  if (pairs.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'No two features can be compared.'), table };
  }
  const shown = featuresShown(pairs);
  const labels = shown.map((at) => plotText(names[at] ?? ''));
  const pairOf = new Map(pairs.map((pair) => [`${pair.a} ${pair.b}`, pair]));
  const cells = shown.map((up) =>
    shown.map((along) => pairOf.get(`${Math.min(up, along)} ${Math.max(up, along)}`)),
  );
  const room = Math.min(240, 36 + PIXELS_A_LETTER * Math.max(...labels.map(({ length }) => length)));
  return {
    title,
    heightPx: 120 + room + shown.length * 18,
    data: [
      {
        type: 'heatmap',
        x: labels,
        y: labels,
        z: cells.map((line, j) =>
          line.map((pair, i) => (i === j ? null : pair === undefined ? null : Math.abs(pair.value))),
        ),
        zmin: 0,
        zmax: 1,
        hoverongaps: false,
        xgap: 1,
        ygap: 1,
        colorscale: [
          [0, mixedColour(theme.surface, theme.series[0], 0.06)],
          [1, mixedColour(theme.surface, theme.series[0], 0.9)],
        ],
        colorbar: {
          title: { text: 'Strength, 0 to 1', side: 'right', font: { color: theme.text, size: 12 } },
          tickfont: { color: theme.muted, size: 12 },
          thickness: 12,
          outlinewidth: 0,
        },
        customdata: cells.map((line) =>
          line.map((pair) =>
            pair === undefined
              ? ['', '', '']
              : [MEASURE_WORDS[pair.measure], pair.value.toFixed(3), countText(pair.n)],
          ),
        ) as unknown as string[],
        hovertemplate:
          '%{x}, %{y}<br>%{customdata[0]} %{customdata[1]} over %{customdata[2]} rows<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: room, right: 16, bottom: room }),
      xaxis: themedAxis(theme, 'Feature', {
        ...FIXED_ROOM,
        type: 'category',
        showgrid: false,
        tickangle: -90,
        title: { text: '' },
      }),
      yaxis: themedAxis(theme, 'Feature', {
        ...FIXED_ROOM,
        type: 'category',
        showgrid: false,
        autorange: 'reversed',
        title: { text: '' },
      }),
    }),
    table,
  };
}

/** The features of the strongest pairs, as many as are drawn, in their order. */
function featuresShown(pairs: readonly Association[]): readonly number[] {
  const shown = new Set<number>();
  for (const { a, b } of pairs) {
    const wanted = new Set([...shown, a, b]);
    if (wanted.size > MOST_FEATURES) break;
    for (const at of wanted) shown.add(at);
  }
  return [...shown].sort((a, b) => a - b);
}

function pairTable({ names, pairs }: Redundancy): FigureTable {
  return {
    columns: [
      textColumn('one', 'Feature'),
      textColumn('other', 'Other feature'),
      textColumn('measure', 'Measure'),
      numberColumn('value', 'Value', 'score'),
      numberColumn('n', 'Rows with both', 'count'),
    ],
    rows: pairs.slice(0, MOST_PAIRS).map(({ a, b, measure, value, n }) => ({
      one: names[a] ?? '',
      other: names[b] ?? '',
      measure: MEASURE_WORDS[measure],
      value,
      n,
    })),
  };
}
