import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { posteriorOf } from './gaussian-process';
import { fittedKernel } from './kernel-fit';
import { logMarginalLikelihood } from './marginal-likelihood';

/** Eight points of three coordinates. */
const OBSERVED = {
  inputs: Float64Array.of(
    ...[1, 0.81, 0.64],
    ...[0.5, 0.29, 0.83],
    ...[0.18, 0.03, 0.38],
    ...[0.52, 0.7, 0.27],
    ...[0.5, 0.43, 0.21],
    ...[0.7, 0.63, 0.12],
    ...[0.43, 0.15, 0.38],
    ...[0.15, 0.6, 0.77],
  ),
  targets: Float64Array.of(0.03, -0.07, 0.41, 0.22, 0.07, -0.74, 0.18, 0.88),
};
const KERNEL = { lengthscales: Float64Array.of(0.3, 0.5, 1.2), signalVariance: 1.5, noiseVariance: 0.01 };
const LOG_KERNEL = Float64Array.of(0.3, 0.5, 1.2, 1.5, 0.01).map(Math.log);

describe('posteriorOf', () => {
  // scikit-learn 1.9.1: GaussianProcessRegressor(ConstantKernel(1.5) * Matern([0.3, 0.5, 1.2], nu=2.5), alpha=0.01)
  it.each([
    [[0.2, 0.4, 0.9], 0.7110656974549006, 0.503846747207974],
    [[0.5, 0.5, 0.5], 0.1261327757941485, 0.25634320065482696],
    [[0.7, 0.27, 0.5], -0.5628014343121104, 0.70622078006859],
    [[1.5, -1, 3], -0.0005293244011934398, 1.2247404484336692],
  ])('predicts as scikit-learn at %j', (point, mean, std) => {
    const prediction = posteriorOf(OBSERVED, KERNEL).predict(Float64Array.from(point));
    expect(Math.abs(prediction.mean - mean)).toBeLessThan(1e-9);
    expect(Math.abs(Math.sqrt(prediction.variance) - std)).toBeLessThan(1e-9);
  });

  // scikit-learn 1.9.1: the same with the two pending points and their predictions among the observed ones
  it.each([
    [[0.2, 0.4, 0.9], 0.7110656974549004, 0.27956034762581483],
    [[0.5, 0.5, 0.5], 0.1261327757941485, 0.2509063157104061],
  ])('believes pending points at %j', (point, mean, std) => {
    const pending = Float64Array.of(0.25, 0.45, 0.8, 0.9, 0.1, 0.1);
    const prediction = posteriorOf(OBSERVED, KERNEL, pending).predict(Float64Array.from(point));
    expect(Math.abs(prediction.mean - mean)).toBeLessThan(1e-9);
    expect(Math.abs(Math.sqrt(prediction.variance) - std)).toBeLessThan(1e-9);
  });

  it('gives derivatives that differences confirm', () => {
    const posterior = posteriorOf(OBSERVED, KERNEL, Float64Array.of(0.25, 0.45, 0.8));
    const point = Float64Array.of(0.2, 0.4, 0.9);
    const { slopes, ...prediction } = posterior.predictWithSlopes(point);
    expect(prediction).toEqual(posterior.predict(point));
    [0, 1, 2].forEach((d) => {
      const shifted = (by: number) => posterior.predict(point.with(d, (point[d] ?? Number.NaN) + by));
      const [above, below] = [shifted(1e-5), shifted(-1e-5)];
      expect(slopes.mean[d]).toBeCloseTo((above.mean - below.mean) / 2e-5, 7);
      expect(slopes.variance[d]).toBeCloseTo((above.variance - below.variance) / 2e-5, 7);
    });
  });

  it('tells the means at the observed points, and a bound of the variance', () => {
    const posterior = posteriorOf(OBSERVED, KERNEL);
    const second = OBSERVED.inputs.subarray(3, 6);
    expect(posterior.observedMeans[1]).toBeCloseTo(posterior.predict(second).mean, 12);
    const told: number[] = [];
    const point = Float64Array.of(0.4, 0.3, 0.6);
    expect(posterior.predictIfWorth(point, (_, most) => told.push(most) > 1)).toBeNull();
    expect(told[0]).toBeGreaterThanOrEqual(posterior.predict(point).variance);
    expect(posterior.predictIfWorth(point, () => true)).toEqual(posterior.predict(point));
  });

  it('bears points that repeat, and knows nothing without any', () => {
    const twice = { inputs: Float64Array.of(0.5, 0.5, 0.5), targets: Float64Array.of(1, 1, 1) };
    const kernel = { lengthscales: Float64Array.of(1), signalVariance: 1, noiseVariance: 1e-6 };
    expect(posteriorOf(twice, kernel).predict(Float64Array.of(0.5)).mean).toBeCloseTo(1, 5);
    const none = { inputs: new Float64Array(0), targets: new Float64Array(0) };
    expect(posteriorOf(none, kernel).predict(Float64Array.of(0.5))).toEqual({ mean: 0, variance: 1 });
  });
});

describe('logMarginalLikelihood', () => {
  // scikit-learn 1.9.1: log_marginal_likelihood with eval_gradient of ConstantKernel * Matern(nu=2.5) + WhiteKernel
  it('is that of scikit-learn, with its derivatives', () => {
    const derivatives = new Float64Array(5);
    const value = logMarginalLikelihood(OBSERVED, [0, 1, 2])(LOG_KERNEL, derivatives);
    expect(Math.abs(value - -7.315345534124599)).toBeLessThan(1e-9);
    const expected = [
      0.8914210481585039, 1.680752204984526, 0.7522189766283542, -3.0051066034667593, -0.07010174892364868,
    ];
    expected.forEach((slope, k) => {
      expect(Math.abs((derivatives[k] ?? Number.NaN) - slope)).toBeLessThan(1e-9);
    });
  });

  it('lets coordinates share a lengthscale', () => {
    const derivatives = new Float64Array(3);
    const logKernel = Float64Array.of(0.4, 1.5, 0.01).map(Math.log);
    const value = logMarginalLikelihood(OBSERVED, [0, 0, 0])(logKernel, derivatives);
    expect(Math.abs(value - -8.208380041312546)).toBeLessThan(1e-9);
    [2.6261711271513892, -3.0009331536299513, -0.04384685618000753].forEach((slope, k) => {
      expect(Math.abs((derivatives[k] ?? Number.NaN) - slope)).toBeLessThan(1e-9);
    });
  });

  it('is −∞ where the kernel matrix cannot be factored', () => {
    const same = { inputs: new Float64Array(3), targets: Float64Array.of(1, 2, 3) };
    const derivatives = new Float64Array(3);
    const logKernel = Float64Array.of(0, 0, -90);
    expect(logMarginalLikelihood(same, [0])(logKernel, derivatives)).toBe(Number.NEGATIVE_INFINITY);
    expect([...derivatives]).toEqual([0, 0, 0]);
  });
});

/** Results of a function of the first of two coordinates, on a lattice. */
function waves(noise: (i: number) => number) {
  const inputs = Float64Array.from({ length: 80 }, (_, i) =>
    i % 2 === 0 ? ((i / 2) % 8) / 7 : Math.floor(i / 16) / 4,
  );
  const targets = Float64Array.from({ length: 40 }, (_, i) => {
    return Math.sin(5 * (inputs[2 * i] ?? Number.NaN)) + noise(i);
  });
  return { inputs, targets };
}

describe('fittedKernel', () => {
  it('sees which coordinate matters, and that there is no noise', () => {
    const { lengthscales, noiseVariance } = fittedKernel(
      waves(() => 0),
      [0, 1],
    );
    const [first = Number.NaN, second = Number.NaN] = lengthscales;
    expect(second / first).toBeGreaterThan(3);
    expect(noiseVariance).toBeLessThan(1e-3);
  });

  it('sees the noise', () => {
    const random = randomSource(4);
    const { noiseVariance } = fittedKernel(
      // Uniform over 1.6, which has variance 0.21.
      waves(() => (random() - 0.5) * 1.6),
      [0, 1],
    );
    expect(noiseVariance).toBeGreaterThan(0.1);
    expect(noiseVariance).toBeLessThan(0.4);
  });

  it('goes by its priors for one point, or where all results are equal', () => {
    const one = { inputs: Float64Array.of(0.5, 0.5), targets: Float64Array.of(0) };
    const equal = { ...waves(() => 0), targets: new Float64Array(40) };
    for (const observed of [one, equal]) {
      const kernel = fittedKernel(observed, [0, 1]);
      expect([...kernel.lengthscales].every((scale) => scale >= 0.02 && scale <= 20)).toBe(true);
      expect(() => posteriorOf(observed, kernel)).not.toThrow();
    }
  });

  it('is good for more points than it fits to, and for points that all repeat', () => {
    const inputs = Float64Array.from({ length: 300 }, (_, i) => (i % 150) / 150);
    const targets = inputs.map((x) => Math.cos(3 * x));
    const kernel = fittedKernel({ inputs, targets }, [0]);
    const posterior = posteriorOf({ inputs, targets }, kernel);
    expect(posterior.predict(Float64Array.of(0.4321)).mean).toBeCloseTo(Math.cos(3 * 0.4321), 2);
  });
});
