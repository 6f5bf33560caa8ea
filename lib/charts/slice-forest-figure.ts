import type { Bounded, SliceMeasures } from '@/lib/evaluation/slices/slice-measures';
import type { SliceReport } from '@/lib/evaluation/slices/slice-report';
import { FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type CellFormat, type FigureSpec, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

const ROW_PX = 24;
/** Characters of a name that fit beside the plot. */
const MOST_CHARACTERS = 24;
/** Intervals wider than the axis are cut off at so many times the value of all rows. */
const MOST_RATIO = 3;

/** What a slice is drawn by. */
export const SLICE_METRICS = [
  { name: 'roc_auc', label: 'ROC AUC', of: (measures: SliceMeasures) => measures.rocAuc, format: 'score' },
  {
    name: 'observed_to_expected',
    label: 'Buyers over expected buyers',
    of: (measures: SliceMeasures) => measures.observedToExpected,
    format: 'ratio',
  },
  {
    name: 'recall',
    label: 'Recall at the threshold',
    of: (measures: SliceMeasures) => measures.recall,
    format: 'share',
  },
  {
    name: 'precision',
    label: 'Precision at the threshold',
    of: (measures: SliceMeasures) => measures.precision,
    format: 'share',
  },
  {
    name: 'conversion',
    label: 'Conversion',
    of: (measures: SliceMeasures) => measures.conversion,
    format: 'share',
  },
] as const satisfies readonly {
  readonly name: string;
  readonly label: string;
  readonly of: (measures: SliceMeasures) => Bounded | null;
  readonly format: CellFormat;
}[];

export type SliceMetric = (typeof SLICE_METRICS)[number]['name'];

/**
 * Draw each slice of the test rows as a point with its 95 % interval, and all test rows as a dashed line. Slices on which the
 * metric cannot be measured are left out of the drawing, and stand in the table.
 */
export function sliceForestFigure(
  { report, metric }: { readonly report: SliceReport; readonly metric: SliceMetric },
  theme: ChartTheme,
): FigureSpec {
  const { label, of, format } = SLICE_METRICS.find(({ name }) => name === metric)!;
  const rows = report.slices.flatMap((slice) => {
    const value = of(slice.measures);
    return value === null ? [] : [{ ...slice, value }];
  });
  const overall = of(report.all);
  const isShare = format === 'share';
  return {
    title: report.sentence,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: `${label}, 95 %`,
        x: rows.map(({ value }) => value.value),
        y: rows.map((row) => plotText(shortened(row.label))),
        error_x: {
          type: 'data',
          symmetric: false,
          array: rows.map(({ value }) => value.high - value.value),
          arrayminus: rows.map(({ value }) => value.value - value.low),
          color: theme.muted,
          thickness: 1.5,
          width: 3,
        },
        marker: { color: theme.series[0]!, size: 8 },
        customdata: rows.map(({ label: name, measures, value }) => [
          plotText(name),
          value.value.toFixed(3),
          value.low.toFixed(3),
          value.high.toFixed(3),
          measures.n,
          measures.nBuyers,
        ]),
        hovertemplate: `%{customdata[0]}: %{customdata[1]} (95 %: %{customdata[2]} to %{customdata[3]})<br>%{customdata[4]} test rows, %{customdata[5]} buyers<extra></extra>`,
      },
    ],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 172, right: 20, bottom: 52 }),
      xaxis: themedAxis(theme, label, {
        ...FIXED_ROOM,
        nticks: 6,
        ...(isShare ? { tickformat: ',.0%' } : {}),
        ...(metric === 'observed_to_expected' ? { range: [0, MOST_RATIO] } : {}),
      }),
      yaxis: themedAxis(theme, '', {
        ...FIXED_ROOM,
        type: 'category',
        autorange: 'reversed',
        dtick: 1,
        showgrid: false,
      }),
      shapes:
        overall === null
          ? []
          : [
              {
                type: 'line',
                xref: 'x',
                x0: metric === 'observed_to_expected' ? 1 : overall.value,
                x1: metric === 'observed_to_expected' ? 1 : overall.value,
                yref: 'paper',
                y0: 0,
                y1: 1,
                line: { color: theme.muted, width: 1, dash: 'dash' },
              },
            ],
    }),
    heightPx: 100 + ROW_PX * Math.max(3, rows.length),
    table: sliceTable(report),
  };
}

function sliceTable({ slices, all }: SliceReport): FigureSpec['table'] {
  const bounded = (key: string, name: string, format: Exclude<CellFormat, 'text'>) => [
    numberColumn(key, name, format),
    numberColumn(`${key}_low`, `${name}: 95 % from`, format),
    numberColumn(`${key}_high`, `${name}: 95 % to`, format),
  ];
  return {
    columns: [
      textColumn('slice', 'Slice'),
      numberColumn('n', 'Test rows', 'count'),
      numberColumn('buyers', 'Buyers', 'count'),
      numberColumn('expected', 'Expected buyers', 'number'),
      ...SLICE_METRICS.flatMap(({ name, label, format }) => bounded(name, label, format)),
    ],
    rows: [{ label: 'all test rows', measures: all }, ...slices].map(({ label, measures }) => ({
      slice: label,
      n: measures.n,
      buyers: measures.nBuyers,
      expected: measures.expectedBuyers,
      ...Object.fromEntries(
        SLICE_METRICS.flatMap(({ name, of }) => {
          const value = of(measures);
          return [
            [name, value?.value ?? null],
            [`${name}_low`, value?.low ?? null],
            [`${name}_high`, value?.high ?? null],
          ];
        }),
      ),
    })),
  };
}

function shortened(name: string): string {
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS - 1)}…`;
}
