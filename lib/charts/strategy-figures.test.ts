import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { chosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { DEFAULT_ECONOMICS } from '@/lib/scoring/strategy/economics';
import { DEFAULT_STRATEGY_PLAN } from '@/lib/scoring/strategy/strategy-plan';
import { LIGHT_CHART_THEME } from './chart-theme';
import { costSimulationFigure, simulationGrid } from './cost-simulation-figure';
import { strategyFigure } from './strategy-figure';

const random = randomSource(11);
const leadsOf = (n: number) => {
  const scores = Float32Array.from({ length: n }, () => 0.2 * random() ** 3)
    .sort()
    .reverse();
  return { scores, labels: Uint8Array.from(scores, (score) => Number(random() < score)) };
};
const [chosenOn, judgedOn] = [leadsOf(800), leadsOf(800)];
const list = leadsOf(2_000).scores;

describe('strategyFigure', () => {
  const strategy = chosenStrategy({ chosenOn, judgedOn, list }, DEFAULT_STRATEGY_PLAN, 1);
  const figure = strategyFigure(strategy, LIGHT_CHART_THEME);

  it('draws three curves over all cut-offs, the best as chosen and as judged, and what breaks the safeguard', () => {
    expect(figure.data.map(({ name }) => name)).toEqual([
      'Expected value',
      'Monthly sales kept',
      'Savings',
      'Best, as chosen',
      'On the test rows, 95 %',
    ]);
    expect(figure.data[3]).toMatchObject({ y: [strategy.best?.expectedValueUsd] });
    expect(figure.layout.shapes).toMatchObject([{ type: 'rect', x0: 0 }]);
    expect(figure.table.rows).toHaveLength(strategy.curve.length);
    expect(figure.table.rows[0]).toMatchObject({ cutoff: null, hot: 0, expected_value_usd: 0 });
    expect(figure.layout.yaxis).toMatchObject({ title: { text: 'US dollars a month' } });
  });

  it('says why it is empty where nobody bought', () => {
    const nobody = { scores: judgedOn.scores, labels: new Uint8Array(800) };
    const none = chosenStrategy({ chosenOn: nobody, judgedOn: nobody, list }, DEFAULT_STRATEGY_PLAN, 1);
    expect(strategyFigure(none, LIGHT_CHART_THEME)).toMatchObject({ data: [], table: { rows: [] } });
  });
});

describe('costSimulationFigure', () => {
  it('holds the published corner of the simulation among its cells', () => {
    const { table, title } = costSimulationFigure(DEFAULT_ECONOMICS, LIGHT_CHART_THEME);
    const corner = table.rows.find((row) => row.growth_per_month === 0.015 && row.conversion === 0.04);
    expect(corner?.cost_usd).toBe(2_608_242);
    expect(title).toMatch(/^Writing to everybody loses \$3,650,490 in 12 months/);
  });

  it('leaves out what cannot be: less than no conversion', () => {
    const grid = simulationGrid({ ...DEFAULT_ECONOMICS, conversion: 0.01 });
    expect(grid.conversion).toEqual([0, 0.01, 0.02, 0.03]);
  });
});
