/** 0.975 quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/** A number measured on a sample, with its 95 % interval. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

/** Put a normal 95 % interval about a ROC AUC, cut off at 0 and 1. */
export function measuredAuc(value: number, variance: number): Measured {
  const change = measuredChange(value, variance);
  return { ...change, low: Math.max(0, change.low), high: Math.min(1, change.high) };
}

/** Put a normal 95 % interval about a difference. */
export function measuredChange(value: number, variance: number): Measured {
  const standardError = Math.sqrt(Math.max(0, variance));
  return { value, low: value - Z_95 * standardError, high: value + Z_95 * standardError, standardError };
}
