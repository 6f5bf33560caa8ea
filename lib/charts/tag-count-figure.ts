import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { tagCountSentence } from '@/lib/explore/summary/summary-sentences';
import type { TagCountComparison, TagCountRow } from '@/lib/explore/tags/tag-counts';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

interface Input {
  readonly comparison: TagCountComparison;
  /** Levels of the tag count that the page is filtered to. */
  readonly chosen?: readonly string[];
}

type Held = TagCountRow & {
  readonly conversion: number;
  readonly interval: NonNullable<TagCountRow['interval']>;
};

/**
 * Draw the tag count of buyers beside that of the others: above, conversion by count with its 95 % interval; below, how
 * buyers and others are spread over the counts. A point's and a bar's `customdata` begins with `tag_count` and the level.
 */
export function tagCountFigure({ comparison, chosen = [] }: Input, theme: ChartTheme): FigureSpec {
  const { rows, byPurchase } = comparison;
  const title = tagCountSentence(byPurchase);
  const table = countTable(rows);
  const held = rows.filter((row): row is Held => row.conversion !== null && row.interval !== null);
  if (held.length === 0) return { title, data: [], layout: emptyLayout(theme, 'No subscribers.'), table };
  return {
    title,
    data: [
      conversionPoints(held, { chosen, theme }),
      spreadBars(rows, { name: 'Buyers', share: 'shareOfBuyers', color: theme.series[1], chosen, theme }),
      spreadBars(rows, { name: 'Others', share: 'shareOfOthers', color: theme.rest, chosen, theme }),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'group',
      bargap: 0.25,
      margin: fixedMargin({ left: 76, right: 16, bottom: 72 }),
      xaxis: themedAxis(theme, 'Tags held, with subscribers', {
        ...FIXED_ROOM,
        anchor: 'y2',
        type: 'category',
        categoryorder: 'array',
        categoryarray: rows.map(({ level }) => level),
        range: [-0.5, rows.length - 0.5],
        tickmode: 'array',
        tickvals: rows.map(({ level }) => level),
        ticktext: rows.map(({ level, n }) => `${level}<br>${countText(n)}`),
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Conversion', {
        ...FIXED_ROOM,
        domain: [0.46, 1],
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
      yaxis2: themedAxis(theme, 'Share of each side', {
        ...FIXED_ROOM,
        anchor: 'x',
        domain: [0, 0.38],
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
    }),
    heightPx: 440,
    table,
  };
}

interface Marks {
  readonly chosen: readonly string[];
  readonly theme: ChartTheme;
}

/** An outline for what the page is filtered to. */
function outline(rows: readonly TagCountRow[], { chosen, theme }: Marks) {
  return { color: theme.text, width: rows.map(({ level }) => (chosen.includes(level) ? 2 : 0)) };
}

function conversionPoints(rows: readonly Held[], marks: Marks) {
  const { theme } = marks;
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: 'Conversion, 95 %',
    x: rows.map(({ level }) => level),
    y: rows.map(({ conversion }) => conversion),
    error_y: {
      type: 'data' as const,
      symmetric: false,
      array: rows.map((row) => row.interval.high - row.conversion),
      arrayminus: rows.map((row) => row.conversion - row.interval.low),
      color: theme.muted,
      thickness: 1.5,
      width: 5,
    },
    marker: { color: theme.series[0], size: 9, line: outline(rows, marks) },
    cliponaxis: false,
    customdata: rows.map((row) => [
      'tag_count',
      row.level,
      countText(row.buyers),
      countText(row.n),
      percentText(row.conversion, 2),
      percentText(row.interval.low, 2),
      percentText(row.interval.high, 2),
    ]),
    hovertemplate:
      '%{x} tags: %{customdata[2]} of %{customdata[3]} bought<br>%{customdata[4]} (95 %: %{customdata[5]} to %{customdata[6]})<extra></extra>',
  };
}

function spreadBars(
  rows: readonly TagCountRow[],
  style: Marks & {
    readonly name: 'Buyers' | 'Others';
    readonly share: 'shareOfBuyers' | 'shareOfOthers';
    readonly color: string;
  },
) {
  const { name, share, color } = style;
  return {
    type: 'bar' as const,
    name,
    yaxis: 'y2',
    x: rows.map(({ level }) => level),
    y: rows.map((row) => row[share] ?? 0),
    marker: { color, line: outline(rows, style) },
    customdata: rows.map((row) => [
      'tag_count',
      row.level,
      countText(name === 'Buyers' ? row.buyers : row.n - row.buyers),
      row[share] === null ? '–' : percentText(row[share]),
    ]),
    hovertemplate: `%{x} tags: %{customdata[2]} ${name.toLowerCase()}, %{customdata[3]} of them all<extra></extra>`,
  };
}

function countTable(rows: readonly TagCountRow[]): FigureTable {
  return {
    picks: rows.map(({ level }) => [{ dimension: 'tag_count', level }]),
    columns: [
      textColumn('tag_count', 'Tags held'),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
      numberColumn('share_of_buyers', 'Share of buyers', 'share'),
      numberColumn('share_of_others', 'Share of others', 'share'),
    ],
    rows: rows.map((row) => ({
      tag_count: row.level,
      n: row.n,
      buyers: row.buyers,
      conversion: row.conversion,
      conversion_low: row.interval?.low ?? null,
      conversion_high: row.interval?.high ?? null,
      share_of_buyers: row.shareOfBuyers,
      share_of_others: row.shareOfOthers,
    })),
  };
}
