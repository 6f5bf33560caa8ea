/** A figure of the profile beside what the generated file has. */
export interface Deviation {
  readonly figure: string;
  readonly target: number;
  readonly got: number;
  /** Largest distance of `got` from `target` that passes. */
  readonly bound: number;
}

/** Whether a deviation is within its bound; a figure that is no number is not. */
export function isWithinBound({ target, got, bound }: Deviation): boolean {
  return Math.abs(got - target) <= bound + 1e-9;
}

/** Compare a count: within 5 %, or within 3 where the target is below 60. */
export function countDeviation(figure: string, target: number, got: number): Deviation {
  return { figure, target, got, bound: target < 60 ? 3 : 0.05 * target };
}

/** Compare a figure that the generator holds exactly. */
export function exactDeviation(figure: string, target: number, got: number): Deviation {
  return { figure, target, got, bound: 0 };
}

/** Ask for a count of at least one, where the profile says no more. */
export function someDeviation(figure: string, got: number): Deviation {
  return { figure: `${figure}, at least 1`, target: 1, got: Math.min(1, got), bound: 0 };
}

/** Compare a number that is neither count nor rate (a mean, a quantile): within 5 %. */
export function valueDeviation(figure: string, target: number, got: number): Deviation {
  return { figure, target, got, bound: 0.05 * Math.abs(target) };
}

/** Compare a correlation that is known to two decimals: within 15 %, or within 0.01. */
export function correlationDeviation(figure: string, target: number, got: number): Deviation {
  return { figure, target, got, bound: Math.max(0.01, 0.15 * Math.abs(target)) };
}

/** Size of a group and the buyers in it. */
export interface Cell {
  readonly n: number;
  readonly buyers: number;
}

/**
 * Compare a cell: buyers as a count, and their rate within 15 %, or within three buyers, which is what a small count
 * may be off. The size too, where it is given.
 */
export function cellDeviations(
  figure: string,
  target: { readonly n?: number; readonly buyers: number },
  got: Cell,
): Deviation[] {
  const n = target.n ?? got.n;
  const rate = target.buyers / n;
  return [
    ...(target.n === undefined ? [] : [countDeviation(`${figure}: n`, target.n, got.n)]),
    countDeviation(`${figure}: buyers`, target.buyers, got.buyers),
    {
      figure: `${figure}: rate`,
      target: rate,
      got: got.buyers / got.n,
      bound: target.buyers < 60 ? Math.max(0.15 * rate, 3 / n) : 0.15 * rate,
    },
  ];
}

/** Lay deviations out as a table: figure, target, got, deviation, bound, ok. */
export function deviationTable(deviations: readonly Deviation[]): string {
  const rows = deviations.map((deviation) => [
    deviation.figure,
    number(deviation.target),
    number(deviation.got),
    number(deviation.got - deviation.target),
    `±${number(deviation.bound)}`,
    isWithinBound(deviation) ? 'ok' : 'BREACH',
  ]);
  const header = ['figure', 'target', 'got', 'deviation', 'bound', 'ok'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
