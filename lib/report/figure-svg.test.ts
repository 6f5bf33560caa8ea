import { describe, expect, it } from 'vitest';
import { LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { segmentParetoFigure } from '@/lib/charts/segment-pareto-figure';
import { createSegmenter } from '@/lib/explore/segments/dimensions';
import { segmentPareto } from '@/lib/explore/segments/segment-pareto';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { figureSvg } from './figure-svg';

const MARGIN = { l: 50, r: 50, t: 20, b: 80 };
const figure = (data: FigureSpec['data'], layout: FigureSpec['layout'] = {}): FigureSpec => ({
  title: 'Says <this>',
  data,
  layout: { margin: MARGIN, ...layout },
  table: { columns: [], rows: [] },
});
/** The plot spans 50 … 150 across and 20 … 120 down. */
const SIZE = { widthPx: 200, heightPx: 200 };

describe('figureSvg', () => {
  it('draws bars from zero, groups side by side', () => {
    const svg = figureSvg(
      figure(
        [
          { type: 'bar', x: ['a', 'b'], y: [10, 5], marker: { color: '#111111' } },
          { type: 'bar', x: ['a', 'b'], y: [0, 10], marker: { color: '#222222' } },
        ],
        { barmode: 'group', bargap: 0.2, yaxis: { range: [0, 10] } },
      ),
      SIZE,
    );
    // A category takes 50 px, a group 40, a bar 20.
    expect(svg).toContain('<rect x="55" y="20" width="20" height="100" fill="#111111"/>');
    expect(svg).toContain('<rect x="105" y="70" width="20" height="50" fill="#111111"/>');
    expect(svg).toContain('<rect x="125" y="20" width="20" height="100" fill="#222222"/>');
    expect(svg).toContain('aria-label="Says &lt;this&gt;"');
  });

  it('draws points with intervals, on numbers, logarithms and days', () => {
    const svg = figureSvg(
      figure(
        [
          {
            type: 'scatter',
            mode: 'lines+markers',
            x: ['2020-01-01', '2020-01-11'],
            y: [1, 100],
            error_y: { type: 'data', array: [0, 0], arrayminus: [0, 99] },
            marker: { color: '#333333', size: 8 },
          },
        ],
        {
          xaxis: { type: 'date', range: ['2020-01-01', '2020-01-11'] },
          yaxis: { type: 'log', range: [0, 2] },
        },
      ),
      SIZE,
    );
    expect(svg).toContain('<circle cx="50" cy="120" r="4"');
    expect(svg).toContain('<circle cx="150" cy="20" r="4"');
    expect(svg).toContain('M50 120L150 20');
    expect(svg).toContain('>2020-01<');
  });

  it('draws the cells of a heatmap between its two colours, and leaves gaps empty', () => {
    const svg = figureSvg(
      figure([
        {
          type: 'heatmap',
          x: ['a', 'b'],
          y: ['1'],
          z: [[0, 1]],
          zmin: 0,
          zmax: 1,
          colorscale: [
            [0, '#ffffff'],
            [1, '#000000'],
          ],
          colorbar: { title: { text: 'Conversion' } },
        },
      ]),
      { widthPx: 284, heightPx: 200 },
    );
    expect(svg).toContain('fill="#ffffff"/>');
    expect(svg).toContain('fill="#000000"/>');
    expect(svg.match(/<rect/g)).toHaveLength(3);
    expect(svg).toContain('>Conversion<');
  });

  it('shows labels of a file as they are, whatever they hold', () => {
    const table = joinedTableOf([
      { country: '<b>&"', bought: true },
      { country: 'us', bought: true },
    ]);
    const segmenter = createSegmenter({
      table,
      purchases: { products: [], rowsOf: () => new Uint32Array(0) },
      checks: { names: [], rowsOf: () => new Uint32Array(0) },
    });
    const pareto = segmentPareto(segmenter('country'), table);
    const svg = figureSvg(
      segmentParetoFigure({ pareto, dimension: 'country', share: 0.8 }, LIGHT_CHART_THEME),
      SIZE,
    );
    expect(svg).toContain('>&lt;b&gt;&amp;&quot;</text>');
    expect(svg).not.toMatch(/<b>|NaN|undefined|Infinity/);
  });

  it('refuses what it cannot draw', () => {
    expect(() => figureSvg(figure([{ type: 'pie', values: [1] }]), SIZE)).toThrow();
  });
});
