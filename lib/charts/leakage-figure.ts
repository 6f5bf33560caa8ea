import type { Measured } from '@/lib/evaluation/leakage/measured-auc';
import type { LeakageMeasurement } from '@/lib/evaluation/leakage/measurement';
import { measurementSentence } from '@/lib/evaluation/leakage/sentences';
import { suspectLabel } from '@/lib/evaluation/leakage/suspects';
import { FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

const ROW_PX = 26;
/** Characters of a name that fit beside the plot. */
const MOST_CHARACTERS = 22;

interface Row {
  readonly name: string;
  /** On the axis. */
  readonly tick: string;
  readonly nFeatures: number;
  readonly rocAuc: Measured;
  readonly gain: Measured | null;
}

/**
 * Draw a forest plot: ROC AUC with all features as a line, and without each suspect as a point with its 95 % interval. A
 * point far to the left of the line is of a suspect that the model leans on.
 */
export function leakageFigure(measurement: LeakageMeasurement, theme: ChartTheme): FigureSpec {
  const { all, without } = measurement;
  const rows: readonly Row[] = [
    { name: 'all features', tick: 'nothing', nFeatures: 0, rocAuc: all, gain: null },
    ...without.map(({ id, nFeatures, rocAuc, gain }) => ({
      name: `without ${suspectLabel(id)}`,
      tick: shortened(suspectLabel(id).replace(/^tag_/, '')),
      nFeatures,
      rocAuc,
      gain,
    })),
  ];
  const values = rows.map(({ rocAuc }) => rocAuc);
  return {
    title: measurementSentence(measurement),
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'ROC AUC, 95 %',
        x: values.map(({ value }) => value),
        y: rows.map(({ tick }) => plotText(tick)),
        error_x: {
          type: 'data',
          symmetric: false,
          array: values.map(({ value, high }) => high - value),
          arrayminus: values.map(({ value, low }) => value - low),
          color: theme.muted,
          thickness: 1.5,
          width: 4,
        },
        marker: { color: rows.map(({ gain }) => theme.series[gain === null ? 1 : 0]!), size: 9 },
        customdata: rows.map(({ name, rocAuc, gain }) => [
          plotText(name),
          rocAuc.value.toFixed(4),
          rocAuc.low.toFixed(4),
          rocAuc.high.toFixed(4),
          gain === null ? '' : `<br>brings ${gainText(gain)}`,
        ]),
        hovertemplate:
          '%{customdata[0]}: %{customdata[1]} (95 %: %{customdata[2]} to %{customdata[3]})%{customdata[4]}<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 172, right: 20, bottom: 52 }),
      xaxis: themedAxis(theme, 'ROC AUC (cross-validated)', { ...FIXED_ROOM, tickformat: '.3~f', nticks: 6 }),
      yaxis: themedAxis(theme, 'Left out', {
        ...FIXED_ROOM,
        type: 'category',
        autorange: 'reversed',
        dtick: 1,
        showgrid: false,
      }),
      shapes: [
        {
          type: 'line',
          xref: 'x',
          x0: all.value,
          x1: all.value,
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: theme.muted, width: 1, dash: 'dash' },
        },
      ],
    }),
    heightPx: 100 + ROW_PX * rows.length,
    table: leakageTable(rows),
  };
}

function leakageTable(rows: readonly Row[]): FigureTable {
  return {
    columns: [
      textColumn('features', 'Features'),
      numberColumn('left_out', 'Left out', 'count'),
      numberColumn('roc_auc', 'ROC AUC', 'score'),
      numberColumn('low', '95 % from', 'score'),
      numberColumn('high', '95 % to', 'score'),
      numberColumn('gain', 'They bring', 'score'),
      numberColumn('gain_low', 'Brings, 95 % from', 'score'),
      numberColumn('gain_high', 'Brings, 95 % to', 'score'),
    ],
    rows: rows.map(({ name, nFeatures, rocAuc, gain }) => ({
      features: name,
      left_out: nFeatures,
      roc_auc: rocAuc.value,
      low: rocAuc.low,
      high: rocAuc.high,
      gain: gain?.value ?? null,
      gain_low: gain?.low ?? null,
      gain_high: gain?.high ?? null,
    })),
  };
}

function gainText({ value, low, high }: Measured): string {
  return `${value.toFixed(4)} (95 %: ${low.toFixed(4)} to ${high.toFixed(4)})`;
}

function shortened(name: string): string {
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS - 1)}…`;
}
