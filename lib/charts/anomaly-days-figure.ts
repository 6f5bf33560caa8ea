import { formatDay } from '@/lib/core/day';
import { type AnomalyReport, importLevel } from '@/lib/explore/anomalies/anomalies';
import type { OptinDay } from '@/lib/explore/anomalies/anomaly-days';
import { optinDaysSentence } from '@/lib/explore/anomalies/anomaly-sentences';
import { countText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

/**
 * Draw the opt-ins of every day on a logarithmic axis, what was to be expected of the day, and the days that stand out. The
 * `customdata` of such a day begins with `anomaly` and its level.
 */
export function anomalyDaysFigure(
  { days, chosen = [] }: Pick<AnomalyReport, 'days'> & { readonly chosen?: readonly string[] },
  theme: ChartTheme,
): FigureSpec {
  const title = optinDaysSentence({ days });
  const table = daysTable(days?.days ?? []);
  if (days === null) {
    return { title, data: [], layout: emptyLayout(theme, 'Too short a time to compare days.'), table };
  }
  // A logarithm has no place for 0.
  const held = days.days.filter(({ n }) => n > 0);
  const usual = held.filter(({ isSpike }) => !isSpike);
  const spikes = held.filter(({ isSpike }) => isSpike);
  return {
    title,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'Opt-ins of a day',
        ...placesOf(usual),
        marker: { color: theme.rest, size: 4 },
        customdata: usual.map((day) => [null, null, ...hoverTexts(day)]),
        hovertemplate: HOVER,
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'Expected',
        x: days.days.map(({ day }) => formatDay(day)),
        y: days.days.map(({ expected }) => expected),
        line: { color: theme.series[0], width: 1 },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'Far more than expected',
        ...placesOf(spikes),
        marker: {
          color: theme.series[1],
          size: 9,
          symbol: 'diamond',
          line: {
            color: theme.text,
            width: spikes.map(({ day }) => (chosen.includes(importLevel(day)) ? 2 : 0)),
          },
        },
        customdata: spikes.map((day) => ['anomaly', importLevel(day.day), ...hoverTexts(day)]),
        hovertemplate: HOVER,
      },
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 68, right: 16, bottom: 56 }),
      xaxis: themedAxis(theme, 'Opt-in day', { ...FIXED_ROOM, type: 'date', showgrid: false }),
      yaxis: themedAxis(theme, 'Opt-ins a day (logarithmic)', {
        ...FIXED_ROOM,
        type: 'log',
        dtick: 1,
        minor: { showgrid: false },
      }),
    }),
    table,
  };
}

const HOVER =
  '%{x|%Y-%m-%d}: %{customdata[2]} opt-ins<br>about %{customdata[3]} expected, adjusted p %{customdata[4]}<extra></extra>';

function placesOf(days: readonly OptinDay[]) {
  return { x: days.map(({ day }) => formatDay(day)), y: days.map(({ n }) => n) };
}

function hoverTexts({ n, expected, adjustedPValue }: OptinDay): readonly string[] {
  const p = adjustedPValue < 0.001 ? '< 0.001' : adjustedPValue.toFixed(3);
  return [countText(n), expected.toFixed(1), p];
}

function daysTable(days: readonly OptinDay[]): FigureTable {
  return {
    columns: [
      textColumn('day', 'Day'),
      numberColumn('n', 'Opt-ins', 'count'),
      numberColumn('expected', 'Expected', 'number'),
      numberColumn('p', 'Adjusted p', 'number'),
      textColumn('spike', 'Stands out'),
    ],
    rows: days.map(({ day, n, expected, adjustedPValue, isSpike }) => ({
      day: formatDay(day),
      n,
      expected,
      p: adjustedPValue,
      spike: isSpike ? 'yes' : 'no',
    })),
  };
}
