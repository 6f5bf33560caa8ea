import { describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { optinDays } from '@/lib/explore/anomalies/anomaly-days';
import { anomalyDaysFigure } from './anomaly-days-figure';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';

const FIRST = parseDay('2020-01-01');
/** Five a day but Sundays, none of the last day but one, 60 on the 30th day. */
const DAYS = Int32Array.from(
  Array.from({ length: 70 }, (_, day) =>
    day % 7 === 4 ? [] : Array<number>(day === 29 ? 60 : 5).fill(FIRST + day),
  ).flat(),
);

describe('anomalyDaysFigure', () => {
  it('draws each day, what was expected, and the days that stand out as levels', () => {
    const days = optinDays(DAYS);
    const { title, data, layout, table } = anomalyDaysFigure(
      { days, chosen: ['import 2020-01-30'] },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe(
      'Of 70 days, 1 has at least twice the opt-ins to be expected, beyond chance; 2020-01-30 has most, 60 where about 6 were expected.',
    );
    expect(data).toMatchObject([
      { name: 'Opt-ins of a day' },
      { name: 'Expected' },
      { x: ['2020-01-30'], y: [60], marker: { line: { width: [2] } } },
    ]);
    const [usual, expected, spikes] = data;
    expect(usual && 'x' in usual && usual.x).toHaveLength(59);
    expect(expected && 'x' in expected && expected.x).toHaveLength(70);
    expect(spikes && 'customdata' in spikes && spikes.customdata).toEqual([
      ['anomaly', 'import 2020-01-30', '60', '5.7', '< 0.001'],
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Opt-in day' }, type: 'date' },
      yaxis: { title: { text: 'Opt-ins a day (logarithmic)' }, type: 'log' },
    });
    expect(table.rows).toHaveLength(70);
    expect(table.rows[4]).toMatchObject({ day: '2020-01-05', n: 0, spike: 'no' });
    expect(table.rows[29]).toMatchObject({ day: '2020-01-30', n: 60, spike: 'yes' });
  });

  it('says that the time is too short', () => {
    expect(anomalyDaysFigure({ days: null }, DARK_CHART_THEME)).toMatchObject({
      title: 'The opt-ins span too short a time to tell one day from another.',
      data: [],
      table: { rows: [] },
    });
  });
});
