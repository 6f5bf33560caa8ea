import { describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { derivedSeed, randomSource } from '@/lib/core/random';
import { driftBetweenFiles, driftByDate } from '@/lib/explore/drift/drift-report';
import { createSegmenter } from '@/lib/explore/segments/dimensions';
import { drawnTable } from '@/lib/testing/drawn-table';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { driftBinsFigure } from './drift-bins-figure';
import { driftWindowsFigure } from './drift-windows-figure';

const START = parseDay('2020-01-01');
const SHARES = { rating: [0.1, 0.7, 0.1, 0.05, 0.05], tag: [0.2] };
const TABLE = drawnTable(
  {
    nRows: 2_000,
    firstDay: parseDay('2019-01-01'),
    nDays: 730,
    tags: ['tag_a'],
    countries: ['<b>', 'us'],
    shares: (day) => ({ ...SHARES, country: day < START ? [0.2, 0.7] : [0.6, 0.3] }),
  },
  randomSource(derivedSeed(1, 'figure')),
);
const NOTHING = { names: [], products: [], rowsOf: () => new Uint32Array(0) };
const LIST = {
  table: TABLE,
  segmenter: createSegmenter({ table: TABLE, purchases: NOTHING, checks: NOTHING }),
};
const REPORT = driftByDate(LIST, { ranges: null, seed: 1 });
const featureOf = (report: typeof REPORT, name: string) => {
  const found = report.features.find((feature) => feature.name === name);
  if (found === undefined) throw new Error(`No column ${name}`);
  return found;
};
const COUNTRY = featureOf(REPORT, 'country_code');

describe('driftBinsFigure', () => {
  it('draws both sides’ shares, each bar with its level', () => {
    const { title, data, layout, table } = driftBinsFigure(REPORT, COUNTRY, LIGHT_CHART_THEME);
    expect(title).toMatch(/^country_code has changed much: “(us|<b>)” went from .*; since 2020-01\.$/);
    expect(data).toMatchObject([
      {
        type: 'bar',
        name: expect.stringMatching(/^Reference: 2019-01-01 – /),
        x: ['us', '&lt;b&gt;', '(missing)'],
      },
      { type: 'bar', marker: { color: LIGHT_CHART_THEME.series[1] } },
    ]);
    const [reference] = data;
    expect(reference && 'customdata' in reference && reference.customdata?.[1]).toEqual([
      'country',
      '<b>',
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/ %$/),
    ]);
    for (const bars of data) {
      const shares = 'y' in bars ? (bars.y as number[]) : [];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Value of country_code' } },
      yaxis: { title: { text: 'Share of subscribers' } },
    });
    expect(table.rows.map(({ bin }) => bin)).toEqual(['us', '<b>', '(missing)']);
  });

  it('filters to those without a tag, or with it', () => {
    const [reference] = driftBinsFigure(REPORT, featureOf(REPORT, 'tag_a'), DARK_CHART_THEME).data;
    const picks = reference && 'customdata' in reference ? (reference.customdata as string[][]) : [];
    expect(picks.map((pick) => pick.slice(0, 2))).toEqual([
      ['tag_a', 'without'],
      ['tag_a', 'with'],
    ]);
  });

  it('says that there is nothing to draw', () => {
    const empty = driftByDate({ ...LIST, table: joinedTableOf([]) }, { ranges: null, seed: 1 });
    expect(driftBinsFigure(empty, { ...COUNTRY, bins: [] }, LIGHT_CHART_THEME)).toMatchObject({
      data: [],
      table: { rows: [] },
    });
  });
});

describe('driftWindowsFigure', () => {
  it('draws the index of each month with its limit, what is compared, and the change', () => {
    const { title, data, layout, table } = driftWindowsFigure(REPORT, COUNTRY, LIGHT_CHART_THEME);
    expect(title).toMatch(
      /^country_code over time: 1\d of 24 months lie farther .*; it changed most with 2020-01\.$/,
    );
    expect(data).toMatchObject([{ name: 'Limit of chance' }, { name: 'Distance from the reference' }]);
    const [, index] = data;
    expect(index && 'customdata' in index && index.customdata?.[12]).toEqual([
      'optin_month',
      '2020-01',
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^\d\.\d\d$/),
      'beyond chance',
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Opt-in month' } },
      yaxis: { title: { text: 'Population stability index' } },
      annotations: [{ text: 'changed: 2020-01' }],
    });
    expect(layout.shapes).toMatchObject([
      { type: 'rect', x0: -0.5 },
      { type: 'rect', x1: 23.5 },
      { type: 'line', x0: 11.5 },
    ]);
    expect(table.rows[12]).toMatchObject({ window: '2020-01', verdict: 'yes' });
  });

  it('marks no change where there is none, and shades nothing between files', () => {
    const rating = driftWindowsFigure(REPORT, featureOf(REPORT, 'member_rating'), DARK_CHART_THEME);
    expect(rating.layout.annotations).toEqual([]);
    expect(rating.title).toMatch(/no one time stands out\.$/);
    const files = driftBetweenFiles({ ...LIST, fileName: 'a' }, { ...LIST, fileName: 'b' }, { seed: 1 });
    const figure = driftWindowsFigure(files, featureOf(files, 'country_code'), LIGHT_CHART_THEME);
    expect(figure.layout.shapes).toEqual([]);
    expect(figure.layout).toMatchObject({ xaxis: { title: { text: 'Opt-in month, both files' } } });
  });

  it('says that there are too few', () => {
    const alone = { ...COUNTRY, windows: [], change: null };
    const { title, data } = driftWindowsFigure({ ...REPORT, windows: [] }, alone, LIGHT_CHART_THEME);
    expect(title).toBe('country_code: too few subscribers at any time to compare.');
    expect(data).toEqual([]);
  });
});
