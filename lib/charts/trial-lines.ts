import type { Data, Datum } from 'plotly.js';
import type { ChartTheme } from './chart-theme';
import { type MarkStyle, selectedColor } from './trial-marks';

/** A line that stands for a trial. */
export interface TrialLine {
  readonly trialNumber: number;
  readonly x: readonly Datum[];
  readonly y: readonly Datum[];
  /** What the hover template writes as `%{text}`, by vertex; none for an empty list. */
  readonly texts: readonly string[];
}

/** How lines look. */
export interface LineStyle extends Pick<MarkStyle, 'name' | 'color' | 'dash'> {
  readonly width: number;
  /** Place in the legend, which a selection must not change. */
  readonly rank: number;
}

/**
 * How the lines of a trace follow each other: with a gap between, or there and back without one, each beginning where the
 * one before ended. Of lines from axis to axis the way between runs along an axis and is not seen, and a thousand lines are
 * one element on the page instead of a thousand.
 */
export type LineLinks = 'gaps' | 'there_and_back';

/** The traces of one look: those that recede, to be drawn before all that do not, and those in front. */
export interface LineTraces {
  readonly back: readonly Data[];
  readonly front: readonly Data[];
}

/**
 * Draw trials of one look as lines, all in one trace. `customdata[i]` is the trial number of vertex i, null in a gap. With
 * a selection the lines that are not in it recede,
 * thin and in the receding colour, and those in it are thicker.
 */
export function trialLines(
  lines: readonly TrialLine[],
  options: {
    readonly style: LineStyle;
    readonly selected: ReadonlySet<number>;
    readonly theme: ChartTheme;
    readonly hovertemplate: string;
    readonly links: LineLinks;
  },
): LineTraces {
  const { style, selected, theme, hovertemplate, links } = options;
  const { name, dash, color, width, rank } = style;
  const traces = (drawn: readonly TrialLine[], look: { readonly color: string; readonly width: number }) =>
    drawn.length === 0
      ? []
      : [
          {
            type: 'scatter' as const,
            mode: 'lines' as const,
            name,
            legendgroup: name,
            legendrank: rank,
            ...vertices(drawn, links),
            line: { ...look, dash },
            hovertemplate,
          },
        ];
  if (selected.size === 0) return { back: [], front: traces(lines, { color, width }) };
  const front = lines.filter(({ trialNumber }) => selected.has(trialNumber));
  const back = lines.filter(({ trialNumber }) => !selected.has(trialNumber));
  return {
    back: traces(back, { color: theme.rest, width: 1 }).map((trace) => ({
      ...trace,
      showlegend: front.length === 0,
    })),
    front: traces(front, { color: selectedColor(color, theme), width: width + 2 }),
  };
}

function vertices(lines: readonly TrialLine[], links: LineLinks) {
  const x: Datum[] = [];
  const y: Datum[] = [];
  const customdata: Datum[] = [];
  const text: string[] = [];
  for (const [place, line] of lines.entries()) {
    const { length } = line.x;
    const isBack = links === 'there_and_back' && place % 2 === 1;
    for (let i = 0; i < length; i++) {
      const at = isBack ? length - 1 - i : i;
      x.push(line.x[at] ?? null);
      y.push(line.y[at] ?? null);
      customdata.push(line.trialNumber);
      text.push(line.texts[at] ?? '');
    }
    if (links === 'there_and_back' || place === lines.length - 1) continue;
    x.push(null);
    y.push(null);
    customdata.push(null);
    text.push('');
  }
  return { x, y, customdata, text };
}
