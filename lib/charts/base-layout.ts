import type { Layout, LayoutAxis, Shape } from 'plotly.js';
import type { ChartTheme } from './chart-theme';

/** Write shares on an axis as percentages. */
export const PERCENT_TICKS = ',.0%';

/** An axis of shares from 0 to 1, with room for marks that lie on its ends. */
export const WHOLE_SHARE_AXIS = {
  range: [-0.01, 1.02],
  dtick: 0.2,
  tickformat: PERCENT_TICKS,
  zeroline: false,
} as const satisfies { range: [number, number] } & Partial<LayoutAxis>;

/** Named in full: an image saved from a figure has no page to inherit from. */
const FONT_FAMILY = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

/** An axis in the theme's colours; what differs is passed as `change`. */
export function themedAxis(
  theme: ChartTheme,
  title: string,
  change: Partial<LayoutAxis> = {},
): Partial<LayoutAxis> {
  return {
    title: { text: title, font: { color: theme.text, size: 12 }, standoff: 10 },
    automargin: true,
    color: theme.muted,
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zerolinecolor: theme.grid,
    tickfont: { color: theme.muted, size: 12 },
    ...change,
  };
}

/**
 * Fixed margins for a figure whose labels are short and known in kind. Plotly measures labels to make room for them, which
 * takes a third of the time of a first drawing; its axes take `FIXED_ROOM` with these.
 *
 * @param sides pixels for tick labels and title together
 */
export function fixedMargin(sides: {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}) {
  const { left, right, bottom } = sides;
  return { l: left, r: right, t: 32, b: bottom };
}

/** An axis that leaves the margins as they are. */
export const FIXED_ROOM = { automargin: false } as const satisfies Partial<LayoutAxis>;

/** The layout that all figures share: colours, font, margins, a legend above the plot. The title is the page's to show. */
export function themedLayout(theme: ChartTheme, change: Partial<Layout>): Partial<Layout> {
  return {
    paper_bgcolor: theme.surface,
    plot_bgcolor: theme.surface,
    font: { family: FONT_FAMILY, size: 12, color: theme.text },
    colorway: [...theme.series],
    margin: { l: 48, r: 16, t: 32, b: 40 },
    hovermode: 'closest',
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.muted, font: { color: theme.text } },
    legend: {
      orientation: 'h',
      x: 0,
      y: 1.02,
      yanchor: 'bottom',
      traceorder: 'normal',
      font: { color: theme.text },
    },
    showlegend: false,
    ...change,
  };
}

/** Characters that fit beside each other in the narrowest chart, on a screen of 390 px. */
const NARROWEST_CHARACTERS = 40;

/** Break a text into lines between words, since Plotly does not. */
function brokenText(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > NARROWEST_CHARACTERS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A figure without data: no axes, the reason in the middle. */
export function emptyLayout(theme: ChartTheme, reason: string): Partial<Layout> {
  return themedLayout(theme, {
    xaxis: { visible: false },
    yaxis: { visible: false },
    annotations: [
      {
        text: brokenText(reason).join('<br>'),
        showarrow: false,
        xref: 'paper',
        yref: 'paper',
        x: 0.5,
        y: 0.5,
        font: { color: theme.muted, size: 14 },
      },
    ],
  });
}

/** A dashed line across the whole plot at a height, and its label above one of the line's ends. */
export function levelLine(
  theme: ChartTheme,
  options: {
    readonly y: number;
    readonly yref: 'y' | 'y2';
    readonly label: string;
    readonly labelAt: 'left' | 'right';
  },
): Pick<Layout, 'shapes' | 'annotations'> {
  const { y, yref, label, labelAt } = options;
  const line: Partial<Shape> = {
    type: 'line',
    xref: 'paper',
    x0: 0,
    x1: 1,
    yref,
    y0: y,
    y1: y,
    line: { color: theme.muted, width: 1, dash: 'dash' },
  };
  const annotation = {
    text: label,
    showarrow: false,
    xref: 'paper',
    x: labelAt === 'left' ? 0 : 1,
    xanchor: labelAt,
    yref,
    y,
    // A cumulative curve ends above its level: on the right the room is below the line.
    yanchor: labelAt === 'left' ? 'bottom' : 'top',
    font: { color: theme.muted, size: 12 },
  } as const;
  return { shapes: [line], annotations: [annotation] };
}
