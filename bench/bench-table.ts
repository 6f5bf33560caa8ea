import type { Spread } from './spread';

/** How a column's numbers are written: milliseconds, MiB, counts a second, counts, shares of 1, areas under a curve, or times as much. */
export type Unit = 'ms' | 'MiB' | 'a second' | 'count' | 'share' | 'AUC' | '×' | 'value' | 'figure';

/** A column of results. */
export interface BenchColumn {
  readonly key: string;
  readonly label: string;
  readonly unit: Unit;
}

/** A row: what was measured, and its figures by column. Null is what could not be measured here. */
export interface BenchRow {
  readonly label: string;
  readonly figures: Readonly<Record<string, Spread | number | string | null>>;
}

/** A table of results with the sentences that it cannot be read without. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly BenchColumn[];
  readonly rows: readonly BenchRow[];
  readonly notes: readonly string[];
}

const EMPTY = '–';

/** Write a table as plain text: medians with (min – max), numbers to the right, notes below. */
export function tableText({ title, columns, rows, notes }: BenchTable): string {
  const lines = [
    ['', ...columns.map(({ label }) => label)],
    ...rows.map(({ label, figures }) => [
      label,
      ...columns.map(({ key, unit }) => figureText(figures[key] ?? null, unit)),
    ]),
  ];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column + 1]?.length ?? 0)));
  const labelWidth = Math.max(...lines.map(([label = '']) => label.length));
  const text = lines.map(([label = '', ...cells]) =>
    [label.padEnd(labelWidth), ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0))].join('  '),
  );
  return ['', title, ...text.map((line) => `  ${line.trimEnd()}`), ...notes.map((note) => `  ${note}`)].join(
    '\n',
  );
}

/** Write a figure with its unit, for example `1,234 ms (1,200 – 1,301)`. */
export function figureText(figure: Spread | number | string | null, unit: Unit): string {
  if (figure === null) return EMPTY;
  if (typeof figure === 'string') return figure;
  if (typeof figure === 'number') return withUnit(figure, unit);
  const { median, min, max, values } = figure;
  if (values.length === 1) return withUnit(median, unit);
  return `${withUnit(median, unit)} (${plain(min, unit)} – ${plain(max, unit)})`;
}

function withUnit(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
    case 'MiB':
      return `${plain(value, unit)} ${unit}`;
    case 'share':
      return `${plain(value, unit)} %`;
    case 'a second':
      return `${plain(value, unit)}/s`;
    case '×':
      return `${plain(value, unit)} ×`;
    case 'AUC':
    case 'count':
    case 'value':
    case 'figure':
      return plain(value, unit);
  }
}

function plain(value: number, unit: Unit): string {
  if (unit === 'share') return (value * 100).toFixed(1);
  if (unit === 'value') return twoDigits(value);
  if (unit === 'figure') return value.toLocaleString('en', { maximumSignificantDigits: 6 });
  if (unit === 'AUC') return value.toFixed(5);
  const digits = unit === '×' ? 2 : unit === 'ms' && Math.abs(value) < 10 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function twoDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size < 0.001 && size > 0 ? value.toExponential(0) : value.toPrecision(2);
}
