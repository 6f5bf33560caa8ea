import { describe, expect, it } from 'vitest';
import { SMALL_SPACE } from '@/lib/testing/figure-input';
import { LIGHT_CHART_THEME } from './chart-theme';
import { axisValue, parameterAxis, spaceParameters } from './parameter-axis';
import { parameterText, paramsText } from './parameter-text';

const axisOf = (distribution: Parameters<typeof parameterAxis>[0]['distribution']) =>
  parameterAxis({ name: 'gamma', distribution }, LIGHT_CHART_THEME);

describe('parameterAxis', () => {
  it('spans the whole range of numbers', () => {
    expect(axisOf({ type: 'uniform', low: 0, high: 5 })).toMatchObject({
      title: { text: 'gamma' },
      type: 'linear',
      range: [-0.2, 5.2],
    });
    // Whole numbers have half a step of room: from 2.5 to 8.5, and 4 % of it beyond.
    expect(axisOf({ type: 'randint', low: 3, high: 8 }).range).toEqual([2.26, 8.74]);
  });

  it('is logarithmic where the parameter is drawn so', () => {
    const axis = axisOf({ type: 'loguniform', low: 0.01, high: 0.3 });
    expect(axis).toMatchObject({ type: 'log', tickvals: [0.01, 0.02, 0.05, 0.1, 0.2] });
    expect(axis.ticktext).toEqual(['0.01', '0.02', '0.05', '0.1', '0.2']);
    // log₁₀ of the bounds, and 4 % of 1.477 beyond
    expect(axis.range).toEqual([expect.closeTo(-2.0591, 4), expect.closeTo(-0.4638, 4)]);
  });

  it.each([
    [1e-4, 10, [0.0001, 0.001, 0.01, 0.1, 1, 10]],
    [0.1, 20, [0.1, 0.3, 1, 3, 10]],
    [8, 256, [10, 20, 50, 100, 200]],
    [1e-9, 1, [1e-9, 1]],
  ])('has at most seven ticks from %d to %d', (low, high, tickvals) => {
    expect(axisOf({ type: 'loguniform', low, high }).tickvals).toEqual(tickvals);
  });

  it('sets categories side by side in the order of the space', () => {
    expect(axisOf({ type: 'choice', values: [64, 128, 256] })).toMatchObject({
      type: 'category',
      categoryarray: ['64', '128', '256'],
      range: [-0.5, 2.5],
    });
  });
});

describe('axisValue', () => {
  it('names categories and keeps numbers', () => {
    expect(axisValue(64, { type: 'choice', values: [64, 128] })).toBe('64');
    expect(axisValue(64, { type: 'randint', low: 1, high: 100 })).toBe(64);
    expect(axisValue(undefined, { type: 'randint', low: 1, high: 100 })).toBeNull();
  });
});

describe('spaceParameters', () => {
  it('goes by the catalogue, or by the names asked for', () => {
    const names = (asked?: Parameters<typeof spaceParameters>[1]) =>
      spaceParameters({ searchSpace: SMALL_SPACE }, asked).map(({ name }) => name);
    expect(names()).toEqual(['n_estimators', 'learning_rate', 'grow_policy', 'max_leaves']);
    expect(names(['max_leaves', 'learning_rate'])).toEqual(['max_leaves', 'learning_rate']);
    expect(() => names(['gamma'])).toThrow("gamma is not in the study's space");
  });
});

describe('parameterText', () => {
  it('writes four significant digits', () => {
    expect([0.0512345, 12345.678, 0.1, 256, 'lossguide', 1e-9].map(parameterText)).toEqual([
      '0.05123',
      '12350',
      '0.1',
      '256',
      'lossguide',
      '1e-9',
    ]);
  });

  it('lists three parameters a line', () => {
    const params = { n_estimators: 50, max_depth: 3, learning_rate: 0.1, subsample: 0.123456 };
    expect(paramsText(params)).toBe('n_estimators 50, max_depth 3, learning_rate 0.1<br>subsample 0.1235');
    expect(paramsText({ n_estimators: 50 })).toBe('n_estimators 50');
  });
});
