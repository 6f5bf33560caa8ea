import type { Interaction } from '@/lib/explore/interaction';
import { axisWords, interactionSentence } from '@/lib/explore/interaction-sentence';
import { countText, percentText } from '@/lib/explore/plain-numbers';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

/** Counts are written into the cells of small grids only. */
const MOST_CELLS_WRITTEN = 70;
/** Cells with fewer subscribers are pale: their conversion says little. */
const FEW = 30;

/**
 * Draw conversion over two axes as a heatmap, the subscribers written into the cells. A cell's `customdata` holds the level
 * of each axis.
 */
export function interactionFigure(interaction: Interaction, theme: ChartTheme): FigureSpec {
  const { along, up, cells } = interaction;
  const title = interactionSentence(interaction);
  const table = gridTable(interaction);
  if (cells.every((line) => line.every(({ n }) => n === 0))) {
    return { title, data: [], layout: emptyLayout(theme, 'No subscriber passes the filters.'), table };
  }
  const isWritten = along.levels.length * up.levels.length <= MOST_CELLS_WRITTEN;
  return {
    title,
    data: [
      {
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
          text: cells.map((line) =>
            line.map(({ n }) => (n === 0 ? '' : countText(n))),
          ) as unknown as string[],
          texttemplate: '%{text}',
          textfont: { color: theme.text, size: 11 },
        }),
        customdata: cells.map((line, j) =>
          line.map((cell, i) => [
            along.levels[i] ?? '',
            up.levels[j] ?? '',
            countText(cell.buyers),
            countText(cell.n),
            cell.conversion === null ? '–' : percentText(cell.conversion),
            cell.interval === null
              ? ''
              : `${percentText(cell.interval.low)} to ${percentText(cell.interval.high)}`,
            cell.n < FEW ? ', few' : '',
          ]),
        ) as unknown as string[],
        hovertemplate: `${axisWords(along.name)} %{x}, ${axisWords(up.name)} %{y}<br>%{customdata[2]} of %{customdata[3]} bought: %{customdata[4]} (95 %: %{customdata[5]})%{customdata[6]}<extra></extra>`,
      },
    ],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 88, right: 16, bottom: 72 }),
      xaxis: themedAxis(theme, axisTitle(along.name), {
        ...FIXED_ROOM,
        type: 'category',
        showgrid: false,
        tickangle: along.levels.some((level) => level.length > 4) ? -45 : 0,
      }),
      yaxis: themedAxis(theme, axisTitle(up.name), { ...FIXED_ROOM, type: 'category', showgrid: false }),
    }),
    table,
  };
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

function gridTable({ along, up, cells }: Interaction): FigureTable {
  return {
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
