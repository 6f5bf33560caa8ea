import type { Data, Layout } from 'plotly.js';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';

export type { ChartTheme } from './chart-theme';

/** How a column's numbers are written. */
export type CellFormat = 'text' | 'count' | 'share' | 'score' | 'ratio' | 'number';

/** A column of a figure's table view. */
export interface FigureColumn {
  readonly key: string;
  readonly label: string;
  readonly align: 'left' | 'right';
  readonly format: CellFormat;
}

/** A figure's numbers, for reading, copying and download. Null is an empty cell. */
export interface FigureTable {
  readonly columns: readonly FigureColumn[];
  /** Raw values: shares as 0–1, not as percentages. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  /** Levels that each row stands for, where a row can be picked as a mark of the chart can: one entry a row. */
  readonly picks?: readonly (readonly PickedLevel[])[];
}

/** A level of a dimension that a mark, or a row of the table, stands for. */
export interface PickedLevel {
  readonly dimension: string;
  readonly level: string;
}

/**
 * A figure as plain data: what Plotly draws, what it says in words, and its numbers.
 *
 * A point that stands for a trial says so in its trace's `customdata`: the trial's number, or an array that begins with it;
 * null in the gap between two lines. Where several studies are drawn together, the trace's `meta.studyId` says whose.
 */
export interface FigureSpec {
  /** One sentence with the figures that matter; the heading and the text alternative. */
  readonly title: string;
  readonly data: Data[];
  readonly layout: Partial<Layout>;
  readonly table: FigureTable;
  /** Height that suits what is drawn, say for many small charts; any will do where it is absent. */
  readonly heightPx?: number;
}

/**
 * Write a table cell: counts with commas, shares as percentages with two decimals, scores with four, ratios with two, other
 * numbers with six significant digits at most; '' for null.
 *
 * @example cellText(0.0483, 'share') // '4.83 %'
 */
export function cellText(value: string | number | null, format: CellFormat): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  switch (format) {
    case 'count':
      return countText(value);
    case 'share':
      return percentText(value, 2);
    case 'score':
      return value.toFixed(4);
    case 'ratio':
      return value.toFixed(2);
    case 'number':
      return String(Number(value.toPrecision(6)));
    case 'text':
      return String(value);
    default:
      return format satisfies never;
  }
}

/** Name a column of texts. */
export function textColumn(key: string, label: string): FigureColumn {
  return { key, label, align: 'left', format: 'text' };
}

/** Name a column of numbers. */
export function numberColumn(key: string, label: string, format: Exclude<CellFormat, 'text'>): FigureColumn {
  return { key, label, align: 'right', format };
}
