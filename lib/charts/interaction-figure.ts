import type { Data } from 'plotly.js';
import type { Interaction } from '@/lib/explore/interactions/interaction';
import { type AxisLevels, filterOfAxis } from '@/lib/explore/interactions/interaction-axes';
import { axisWords, interactionSentence } from '@/lib/explore/interactions/interaction-sentence';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

/** Counts are written into the cells of small grids only. */
const MOST_CELLS_WRITTEN = 70;
/** More characters in all labels together have no room side by side in the narrowest chart. */
const MOST_LABEL_CHARACTERS = 72;
/** In more columns counts would run into each other. */
const MOST_COLUMNS_WRITTEN = 16;
/** Cells with fewer subscribers are pale: their conversion says little. */
const FEW = 30;

/** A mark stands for a level of either axis. */
const OF_TWO_LEVELS = { meta: { nLevels: 2 } } as const;
/** More outlines than these take longer to draw than they help. */
const MOST_OUTLINES = 80;

interface Input {
  readonly interaction: Interaction;
  /** What the page is filtered to: the cells that pass are outlined. */
  readonly filters?: readonly RowFilter[];
}

/**
 * Draw conversion over two axes as a heatmap, the subscribers written into the cells. A cell's `customdata` begins with the
 * name and level of either axis, which the trace's `meta` says.
 */
export function interactionFigure({ interaction, filters = [] }: Input, theme: ChartTheme): FigureSpec {
  const { along, up, cells } = interaction;
  const title = interactionSentence(interaction);
  const table = gridTable(interaction);
  if (cells.every((line) => line.every(({ n }) => n === 0))) {
    return { title, data: [], layout: emptyLayout(theme, 'No subscriber passes the filters.'), table };
  }
  const isTilted =
    along.levels.length * Math.max(...along.levels.map(({ length }) => length)) > MOST_LABEL_CHARACTERS;
  return {
    title,
    data: [heatmap(interaction, theme), selectableMarks(interaction)],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 88, right: 16, bottom: 72 }),
      xaxis: themedAxis(theme, axisTitle(along.name), {
        ...FIXED_ROOM,
        type: 'category',
        range: [-0.5, along.levels.length - 0.5],
        showgrid: false,
        tickangle: isTilted ? -45 : 0,
      }),
      yaxis: themedAxis(theme, axisTitle(up.name), {
        ...FIXED_ROOM,
        type: 'category',
        range: [-0.5, up.levels.length - 0.5],
        showgrid: false,
      }),
      shapes: outlines(interaction, filters, theme),
    }),
    table,
  };
}

/** The cells, coloured by conversion, with the subscribers written into those of small grids. */
function heatmap(interaction: Interaction, theme: ChartTheme): Data {
  const { along, up, cells } = interaction;
  const isWritten =
    along.levels.length <= MOST_COLUMNS_WRITTEN &&
    along.levels.length * up.levels.length <= MOST_CELLS_WRITTEN;
  return {
    type: 'heatmap',
    x: along.levels.map(plotText),
    y: up.levels.map(plotText),
    z: cells.map((line) => line.map(({ conversion }) => conversion)),
    zmin: 0,
    zmax: highestConversion(interaction),
    hoverongaps: false,
    xgap: 1,
    ygap: 1,
    colorscale: [
      [0, mixedColour(theme.surface, theme.series[0], 0.06)],
      [1, mixedColour(theme.surface, theme.series[0], 0.75)],
    ],
    colorbar: {
      title: { text: 'Conversion', side: 'right', font: { color: theme.text, size: 12 } },
      tickfont: { color: theme.muted, size: 12 },
      tickformat: PERCENT_TICKS,
      thickness: 12,
      outlinewidth: 0,
    },
    ...(isWritten && {
      text: cells.map((line) => line.map(({ n }) => (n === 0 ? '' : countText(n)))) as unknown as string[],
      texttemplate: '%{text}',
      textfont: { color: theme.text, size: 11 },
    }),
    ...OF_TWO_LEVELS,
    customdata: cells.map((line, j) =>
      line.map((cell, i) => [
        ...placeOf(interaction, i, j),
        countText(cell.buyers),
        countText(cell.n),
        cell.conversion === null ? '–' : percentText(cell.conversion),
        cell.interval === null
          ? ''
          : `${percentText(cell.interval.low)} to ${percentText(cell.interval.high)}`,
        cell.n < FEW ? ', few' : '',
      ]),
    ) as unknown as string[],
    hovertemplate: `${axisWords(along.name)} %{x}, ${axisWords(up.name)} %{y}<br>%{customdata[4]} of %{customdata[5]} bought: %{customdata[6]} (95 %: %{customdata[7]})%{customdata[8]}<extra></extra>`,
  };
}

/** Name and level of either axis. */
function placeOf({ along, up }: Interaction, i: number, j: number): readonly string[] {
  return [along.name, along.levels[i] ?? '', up.name, up.levels[j] ?? ''];
}

/** Marks that nobody sees, one a cell that is held: Plotly lets boxes and lassos select markers, not cells. */
function selectableMarks(interaction: Interaction) {
  const { along, up, cells } = interaction;
  const held = cells.flatMap((line, j) => line.flatMap(({ n }, i) => (n === 0 ? [] : [{ i, j }])));
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    x: held.map(({ i }) => plotText(along.levels[i] ?? '')),
    y: held.map(({ j }) => plotText(up.levels[j] ?? '')),
    marker: { opacity: 0, size: 12 },
    selected: { marker: { opacity: 0 } },
    unselected: { marker: { opacity: 0 } },
    hoverinfo: 'skip' as const,
    showlegend: false,
    ...OF_TWO_LEVELS,
    customdata: held.map(({ i, j }) => [...placeOf(interaction, i, j)]),
  };
}

/** Outline the cells that the page is filtered to, where the filters are on one of the axes at least. */
function outlines({ along, up }: Interaction, filters: readonly RowFilter[], theme: ChartTheme) {
  const places = (axis: AxisLevels) => {
    const filter = filters.find(({ dimension }) => dimension === axis.name);
    return axis.levels.flatMap((level, place) => {
      const isChosen =
        filter === undefined ||
        filterOfAxis(axis, [level]).levels.every((meant) => filter.levels.includes(meant));
      return isChosen ? [place] : [];
    });
  };
  if (!filters.some(({ dimension }) => dimension === along.name || dimension === up.name)) return [];
  const chosen = places(up).flatMap((j) => places(along).map((i) => ({ i, j })));
  if (chosen.length > MOST_OUTLINES) return [];
  return chosen.map(({ i, j }) => ({
    type: 'rect' as const,
    x0: i - 0.5,
    x1: i + 0.5,
    y0: j - 0.5,
    y1: j + 0.5,
    line: { color: theme.text, width: 2 },
  }));
}

/** The darkest colour is for the highest conversion that more than a handful of subscribers stand for. */
function highestConversion({ cells }: Interaction): number {
  const held = cells.flat().filter(({ n }) => n > 0);
  const many = held.filter(({ n }) => n >= FEW);
  const counted = many.length > 0 ? many : held;
  return Math.max(1e-6, ...counted.map(({ conversion }) => conversion ?? 0));
}

function axisTitle(name: Parameters<typeof axisWords>[0]): string {
  const words = axisWords(name);
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
}

function gridTable(interaction: Interaction): FigureTable {
  const { along, up, cells } = interaction;
  return {
    picks: cells.flatMap((line, j) =>
      line.flatMap((cell, i) =>
        cell.n === 0
          ? []
          : [
              [
                { dimension: along.name, level: along.levels[i] ?? '' },
                { dimension: up.name, level: up.levels[j] ?? '' },
              ],
            ],
      ),
    ),
    columns: [
      textColumn('along', axisTitle(along.name)),
      textColumn('up', axisTitle(up.name)),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
    ],
    rows: cells.flatMap((line, j) =>
      line.flatMap((cell, i) =>
        cell.n === 0
          ? []
          : [
              {
                along: along.levels[i] ?? '',
                up: up.levels[j] ?? '',
                n: cell.n,
                buyers: cell.buyers,
                conversion: cell.conversion,
                conversion_low: cell.interval?.low ?? null,
                conversion_high: cell.interval?.high ?? null,
              },
            ],
      ),
    ),
  };
}
