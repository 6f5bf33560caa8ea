import { calendarParts, formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import { countText } from '@/lib/explore/summary/plain-numbers';
import type { AxisLayout, Cell } from './drawn-figure';

/** A mark on an axis. */
interface Tick {
  /** Pixels from the figure's left or top edge. */
  readonly at: number;
  readonly label: string;
}

/** An axis of a figure on paper. */
export interface PaperAxis {
  readonly layout: AxisLayout;
  readonly kind: 'linear' | 'log' | 'date' | 'category';
  /** Pixels of the ends: left and right, or bottom and top. */
  readonly ends: readonly [number, number];
  /** Pixels of a value; null where it lies outside or is none. */
  readonly place: (value: Cell) => number | null;
  /** Pixels of the axis' own unit: of places between categories, or of a logarithm. */
  readonly placeOfUnit: (unit: number) => number;
  /** Pixels of one unit. */
  readonly unitPx: number;
  readonly ticks: readonly Tick[];
}

/**
 * Lay an axis out.
 *
 * @param values what the traces have on it, bars' zero and ends of intervals among them
 * @param ends pixels of the first and the last value
 */
export function paperAxis(
  layout: AxisLayout,
  values: readonly Cell[],
  ends: readonly [number, number],
): PaperAxis {
  const kind = layout.type ?? (values.some((value) => typeof value === 'string') ? 'category' : 'linear');
  const categories = categoriesOf(layout, values);
  const unitOf = (value: Cell): number | null => {
    if (value === null) return null;
    if (kind === 'category') {
      const place = categories.get(String(value));
      return place ?? (typeof value === 'number' ? value : null);
    }
    if (kind === 'date') {
      const day = typeof value === 'string' ? parseDay(value.slice(0, 10)) : value;
      return day === MISSING_DAY ? null : day;
    }
    const number = Number(value);
    return kind === 'log' ? (number > 0 ? Math.log10(number) : null) : number;
  };
  const units = values.map(unitOf).filter((unit) => unit !== null && Number.isFinite(unit));
  const [from, to] = rangeOf(layout, kind, {
    units: units.map(Number),
    nCategories: categories.size,
    unitOf,
  });
  const placeOfUnit = (unit: number) => ends[0] + ((unit - from) / (to - from)) * (ends[1] - ends[0]);
  const [least, most] = [Math.min(from, to), Math.max(from, to)];
  const place = (value: Cell) => {
    const unit = unitOf(value);
    return unit === null || unit < least - 1e-9 || unit > most + 1e-9 ? null : placeOfUnit(unit);
  };
  return {
    layout,
    kind,
    ends,
    place,
    placeOfUnit,
    unitPx: Math.abs((ends[1] - ends[0]) / (to - from)),
    ticks: ticksOf(layout, kind, { categories, least, most, place, placeOfUnit }),
  };
}

function categoriesOf(
  { categoryarray = [] }: AxisLayout,
  values: readonly Cell[],
): ReadonlyMap<string, number> {
  const texts = [...categoryarray, ...values].filter((value) => value !== null).map(String);
  return new Map([...new Set(texts)].map((text, place) => [text, place]));
}

function rangeOf(
  layout: AxisLayout,
  kind: PaperAxis['kind'],
  known: {
    readonly units: readonly number[];
    readonly nCategories: number;
    readonly unitOf: (value: Cell) => number | null;
  },
): readonly [number, number] {
  const { units, nCategories, unitOf } = known;
  const isReversed = layout.autorange === 'reversed';
  const turned = (low: number, high: number) =>
    isReversed ? ([high, low] as const) : ([low, high] as const);
  if (layout.range !== undefined) {
    // Ranges of logarithmic axes and of categories are in their own units already.
    const [from, to] = layout.range.map((end) => (kind === 'date' ? unitOf(end) : Number(end)));
    return turned(from ?? 0, to ?? 1);
  }
  if (kind === 'category') return turned(-0.5, Math.max(1, nCategories) - 0.5);
  if (units.length === 0) return turned(0, 1);
  const low = Math.min(
    ...units,
    layout.rangemode === 'tozero' && kind === 'linear' ? 0 : Number.POSITIVE_INFINITY,
  );
  const high = Math.max(...units);
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return turned(layout.rangemode === 'tozero' && low === 0 ? 0 : low - room, high + room);
}

interface Laid {
  readonly categories: ReadonlyMap<string, number>;
  readonly least: number;
  readonly most: number;
  readonly place: (value: Cell) => number | null;
  readonly placeOfUnit: (unit: number) => number;
}

function ticksOf(layout: AxisLayout, kind: PaperAxis['kind'], laid: Laid): readonly Tick[] {
  const { categories, least, most, place, placeOfUnit } = laid;
  const { tickvals, ticktext } = layout;
  if (tickvals !== undefined) {
    return tickvals.flatMap((value, i) => {
      const at = place(value);
      return at === null ? [] : [{ at, label: ticktext?.[i] ?? String(value) }];
    });
  }
  switch (kind) {
    case 'category':
      return [...categories].flatMap(([label, unit]) =>
        unit < least || unit > most ? [] : [{ at: placeOfUnit(unit), label }],
      );
    case 'log':
      return steps(Math.ceil(least), Math.floor(most), 1).map((unit) => ({
        at: placeOfUnit(unit),
        label: numberText(10 ** unit, layout.tickformat),
      }));
    case 'date':
      return monthTicks(least, most).map((day) => ({
        at: placeOfUnit(day),
        label: formatDay(day).slice(0, 7),
      }));
    case 'linear': {
      const step = typeof layout.dtick === 'number' ? layout.dtick : niceStep((most - least) / 5);
      return steps(Math.ceil(least / step - 1e-9) * step, most, step).map((unit) => ({
        at: placeOfUnit(unit),
        label: numberText(unit, layout.tickformat),
      }));
    }
    default:
      return kind satisfies never;
  }
}

function steps(from: number, to: number, step: number): readonly number[] {
  const n = Math.floor((to - from) / step + 1e-9) + 1;
  // Without the dust of repeated adding.
  return Array.from({ length: Math.max(0, n) }, (_, i) => Number((from + i * step).toPrecision(12)));
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((nice) => nice * power >= wanted - 1e-12) ?? 10;
  return factor * power;
}

const MOST_MONTHS = 8;

/** First days of months, as many as have room. */
function monthTicks(from: number, to: number): readonly number[] {
  const firsts: number[] = [];
  for (let day = Math.ceil(from); day <= to; day++) if (calendarParts(day).dayOfMonth === 1) firsts.push(day);
  const every = Math.ceil(firsts.length / MOST_MONTHS);
  return firsts.filter((_, i) => i % every === 0);
}

function numberText(value: number, format: string | undefined): string {
  if (format?.endsWith('%')) return `${Number((value * 100).toPrecision(6))} %`;
  return Number.isInteger(value) ? countText(value).replace(/^-/, '−') : String(Number(value.toPrecision(6)));
}
