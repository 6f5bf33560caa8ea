import { describe, expect, it } from 'vitest';
import reference from './fixtures/explore.json';
import { interactionOf } from './interactions/interaction';
import type { InteractionAxis } from './interactions/interaction-axes';
import { stratifiedTrend, trendOf } from './rating/ordinal-trend';
import { adjustedPValues } from './statistics/benjamini-hochberg';
import { riskRatio } from './tags/tag-lift';

/** Values of bench/reference/explore.py; the tools and their versions stand in the file. */
const close = (actual: number | undefined, expected: number) => {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );
};

/** One subscriber a row, laid out from a grid of counts. */
function laidOut(n: readonly (readonly number[])[], buyers: readonly (readonly number[])[]) {
  const rows = n.flatMap((line, j) =>
    line.flatMap((count, i) =>
      Array.from({ length: count }, (_, k) => ({ i, j, bought: Number(k < (buyers[j]?.[i] ?? 0)) })),
    ),
  );
  const axis = (name: 'member_rating' | 'tag_count', nLevels: number, codes: number[]): InteractionAxis => ({
    name,
    levels: Array.from({ length: nLevels }, (_, level) => String(level)),
    codes: Uint8Array.from(codes),
    isOrdered: true,
    rest: [],
  });
  return {
    along: axis(
      'member_rating',
      n[0]?.length ?? 0,
      rows.map(({ i }) => i),
    ),
    up: axis(
      'tag_count',
      n.length,
      rows.map(({ j }) => j),
    ),
    madePurchase: Uint8Array.from(rows, ({ bought }) => bought),
  };
}

describe(`the exploration's statistics against ${reference.tool}`, () => {
  it('tests interactions, with empty cells and cells without a buyer', () => {
    for (const { n, buyers, gSquare, df, pValue, nullDeviance } of reference.grids) {
      const { along, up, madePurchase } = laidOut(n, buyers);
      const { test, cells } = interactionOf(along, up, { madePurchase });
      close(test?.gSquare, gSquare);
      close(test?.pValue, pValue);
      expect(test?.degreesOfFreedom).toBe(df);
      close(test?.strength, gSquare / nullDeviance);
      expect(cells.map((line) => line.map((cell) => cell.n))).toEqual(n);
      expect(cells.map((line) => line.map((cell) => cell.buyers))).toEqual(buyers);
    }
  });

  it('adjusts p-values', () => {
    for (const [i, adjusted] of adjustedPValues(reference.bh.p).entries()) {
      close(adjusted, reference.bh.adjusted[i] ?? Number.NaN);
    }
    expect(adjustedPValues([])).toEqual([]);
  });

  it('tests a trend, with the interval of its correlation', () => {
    const { n, buyers } = reference.trend;
    const trend = trendOf(n.map((count, i) => ({ score: i + 1, n: count, buyers: buyers[i] ?? 0 })));
    close(trend?.z, reference.trend.zConditional);
    close(trend?.pearson, reference.pearson.r);
    close(trend?.interval?.low, reference.pearson.low);
    close(trend?.interval?.high, reference.pearson.high);
  });

  it('takes strata together as Mantel and Haenszel do', () => {
    const strata = reference.mantelHaenszel.strata.map((table) =>
      table.map(([buyers = 0, others = 0], i) => ({ score: 1 - i, n: buyers + others, buyers })),
    );
    close((stratifiedTrend(strata)?.z ?? 0) ** 2, reference.mantelHaenszel.statistic);
  });

  it('gives the ratio of two conversions', () => {
    const { buyers, holders, restBuyers, rest, ratio, low, high } = reference.riskRatio;
    const found = riskRatio({ n: holders, buyers }, { n: rest, buyers: restBuyers });
    close(found?.value, ratio);
    close(found?.low, low);
    close(found?.high, high);
  });
});

describe('degenerate counts', () => {
  it('give no test', () => {
    const empty = laidOut([[0, 0]], [[0, 0]]);
    expect(interactionOf(empty.along, empty.up, empty).test).toBeNull();
    const nobody = laidOut(
      [
        [5, 5],
        [5, 5],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    );
    expect(interactionOf(nobody.along, nobody.up, nobody).test).toBeNull();
    expect(trendOf([])).toBeNull();
    expect(trendOf([{ score: 1, n: 9, buyers: 4 }])).toBeNull();
    expect(stratifiedTrend([[], [{ score: 1, n: 1, buyers: 1 }]])).toBeNull();
    expect(riskRatio({ n: 0, buyers: 0 }, { n: 9, buyers: 3 })).toBeNull();
  });
});
