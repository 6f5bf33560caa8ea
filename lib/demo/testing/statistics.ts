/** Quantile with linear interpolation (type 7 in R and numpy). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample (n − 1 below), as pandas `std`. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Pearson correlation. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    ab += (value - meanA) * (b[i]! - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

/** Correlation ratio: root of the share of a number's variance that lies between the groups. */
export function correlationRatio(groups: readonly (string | number)[], values: readonly number[]): number {
  const byGroup = new Map<string | number, number[]>();
  groups.forEach((group, i) => {
    const members = byGroup.get(group) ?? [];
    members.push(values[i]!);
    byGroup.set(group, members);
  });
  const centre = mean(values);
  let between = 0;
  for (const members of byGroup.values()) between += members.length * (mean(members) - centre) ** 2;
  return Math.sqrt(between / values.reduce((sum, value) => sum + (value - centre) ** 2, 0));
}

/** Uncertainty coefficient (Theil's U) of `x` given `y`: the share of the entropy of `x` that `y` explains. */
export function uncertaintyCoefficient(
  x: readonly (string | number)[],
  y: readonly (string | number)[],
): number {
  const byY = new Map<string | number, (string | number)[]>();
  y.forEach((value, i) => {
    const members = byY.get(value) ?? [];
    members.push(x[i]!);
    byY.set(value, members);
  });
  const whole = entropy(x);
  let within = 0;
  for (const members of byY.values()) within += (members.length / x.length) * entropy(members);
  return (whole - within) / whole;
}

function entropy(values: readonly (string | number)[]): number {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum -= (count / values.length) * Math.log(count / values.length);
  return sum;
}
