import { describe, expect, it } from 'vitest';
import { LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { trialMarkers } from '@/lib/charts/trial-marks';
import { withDenseMarks } from './dense-marks';

const PLOT = { widthPx: 1000, heightPx: 100 };
type Layout = FigureSpec['layout'];
const LAYOUT: Layout = { xaxis: { range: [0, 500] }, yaxis: { range: [0, 1] } };

/** What of a trace is looked at here. */
interface PlainTrace {
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly fillcolor?: string;
}

const plain = (trace: unknown) => JSON.parse(JSON.stringify(trace)) as PlainTrace;

/** A cloud of so many trials at height 0.5, as the figures draw them. */
function cloud(n: number, selected: readonly number[] = []) {
  const points = Array.from({ length: n }, (_, i) => ({ trialNumber: i + 1, x: i, y: 0.5, texts: [] }));
  return trialMarkers(points, {
    style: { name: 'Complete', color: '#0072b2', symbol: 'square' },
    selected: new Set(selected),
    theme: LIGHT_CHART_THEME,
    hovertemplate: '',
  });
}

describe('withDenseMarks', () => {
  it('leaves few markers as they are', () => {
    const data = [cloud(199)];
    expect(withDenseMarks(data, LAYOUT, PLOT)).toEqual(data);
  });

  it('counts the markers of all traces, and leaves short traces as they are', () => {
    const short = cloud(19);
    const traces = withDenseMarks([cloud(100), short, cloud(100)], LAYOUT, PLOT);
    expect(traces.map((trace) => ('mode' in trace ? trace.mode : null))).toEqual([
      ...['none', 'markers'],
      'markers',
      ...['none', 'markers'],
    ]);
    expect(traces[2]).toBe(short);
  });

  it('draws many as polygons of the same size, and keeps the trace for the pointer', () => {
    const [polygons, left, ...others] = withDenseMarks([cloud(200)], LAYOUT, PLOT);
    expect(others).toEqual([]);
    // 8 pixels across: 4 of 1,000 for 500 units along, 4 of 100 for 1 unit up.
    expect(polygons).toMatchObject({
      mode: 'none',
      fill: 'toself',
      fillcolor: '#0072b2',
      hoverinfo: 'skip',
      showlegend: false,
      legendgroup: 'Complete',
    });
    const { x, y } = plain(polygons);
    expect(x.slice(0, 10)).toEqual([2, 2, -2, -2, null, 3, 3, -1, -1, null]);
    expect(y.slice(0, 10)).toEqual([0.54, 0.46, 0.46, 0.54, null, 0.54, 0.46, 0.46, 0.54, null]);
    expect(left).toMatchObject({ mode: 'markers', legendgroup: 'Complete', marker: { maxdisplayed: 1 } });
    expect(left && 'customdata' in left && left.customdata?.length).toBe(200);
  });

  it('leaves the ends of lines unmarked but for those that stand out', () => {
    const line = {
      type: 'scatter' as const,
      mode: 'lines' as const,
      legendgroup: 'Complete',
      x: [1, 2],
      y: [0, 1],
    };
    const ends = (selected: readonly number[]) => ({
      ...cloud(200, selected),
      legendgroup: 'Complete',
      showlegend: false,
    });
    const fills = (data: Parameters<typeof withDenseMarks>[0]) =>
      withDenseMarks(data, LAYOUT, PLOT).flatMap((trace) => plain(trace).fillcolor ?? []);
    expect(fills([line, ends([])])).toEqual([]);
    expect(fills([line, ends([3])])).toEqual([LIGHT_CHART_THEME.text, LIGHT_CHART_THEME.series[0]]);
    expect(fills([ends([])])).toHaveLength(1);
  });

  it('draws each look by itself, with outlines below', () => {
    const traces = withDenseMarks([cloud(200, [3, 4])], LAYOUT, PLOT);
    const looks = traces.map(plain).map(({ fillcolor, x }) => [fillcolor, x.length]);
    const { rest, text, series } = LIGHT_CHART_THEME;
    expect(looks).toEqual([
      [rest, 198 * 5],
      [text, 2 * 5],
      [series[0], 2 * 5],
      [undefined, 200],
    ]);
  });

  it('measures a logarithmic axis in powers of ten', () => {
    const points = Array.from({ length: 200 }, () => ({ trialNumber: 1, x: 0.1, y: 0.5, texts: [] }));
    const data = [
      trialMarkers(points, {
        style: { name: 'Complete', color: '#0072b2', symbol: 'square' },
        selected: new Set(),
        theme: LIGHT_CHART_THEME,
        hovertemplate: '',
      }),
    ];
    const layout: Layout = { xaxis: { type: 'log', range: [-2, 0] }, yaxis: { range: [0, 1] } };
    const [polygons] = withDenseMarks(data, layout, PLOT);
    // 4 of 1,000 pixels for 2 powers of ten.
    expect(plain(polygons).x.slice(0, 3)).toEqual([
      expect.closeTo(10 ** -0.992, 10),
      expect.closeTo(10 ** -0.992, 10),
      expect.closeTo(10 ** -1.008, 10),
    ]);
  });

  it('leaves clouds alone whose axes have categories or no range', () => {
    const data = [cloud(300)];
    const yaxis = { range: [0, 1] };
    const layouts: readonly Layout[] = [{ xaxis: { type: 'category', range: [0, 3] }, yaxis }, { yaxis }];
    for (const layout of layouts) expect(withDenseMarks(data, layout, PLOT)).toEqual(data);
  });

  it('passes over points without a place and other kinds of traces', () => {
    const gap = { ...cloud(300), x: [null, ...cloud(300).x.slice(1)] };
    const line = { type: 'scatter' as const, mode: 'lines' as const, x: [1, 2], y: [1, 2] };
    const [polygons, left, same] = withDenseMarks([gap, line], LAYOUT, PLOT);
    expect(plain(polygons).x).toHaveLength(299 * 5);
    expect(left).toMatchObject({ mode: 'markers' });
    expect(same).toBe(line);
  });
});
