import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import type { ReliabilityReport } from '@/lib/evaluation/scorecard/scorecard-schema';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, PERCENT_TICKS, themedAxis, themedLayout } from '../base-layout';
import type { ChartTheme } from '../chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from '../figure-spec';

/** What a way of calibrating is called. */
export const CALIBRATION_WORDS: Readonly<Record<EvaluationReport['calibration']['kind'], string>> = {
  none: 'no calibration',
  platt: 'Platt’s calibration',
  beta: 'beta calibration',
  isotonic: 'isotonic calibration',
};

/** Draw what scores promise against what came, in bins of equally many test rows, before and after calibration. */
export function reliabilityFigure(
  { calibration, n_test }: Pick<EvaluationReport, 'calibration' | 'n_test'>,
  theme: ChartTheme,
): FigureSpec {
  const { before, after, kind } = calibration;
  const table = reliabilityTable(calibration);
  if (after.bins.length === 0) {
    const title = 'There is nothing to compare scores with: no test rows.';
    return { title, data: [], layout: emptyLayout(theme, 'No test rows.'), table };
  }
  const top = Math.max(
    ...[...before.bins, ...after.bins].map((bin) => Math.max(bin.high, bin.mean_probability)),
  );
  const was =
    kind === 'none'
      ? ''
      : `; the model’s own were off by ${percentText(before.expected_calibration_error, 2)}`;
  return {
    title: `Scores are off by ${percentText(after.expected_calibration_error, 2)} on average over ${countText(n_test)} test rows, with ${CALIBRATION_WORDS[kind]}${was}.`,
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'As promised',
        x: [0, top],
        y: [0, top],
        line: { color: theme.rest, width: 1, dash: 'dash' },
        hoverinfo: 'skip',
      },
      ...(kind === 'none'
        ? []
        : [binTrace(before, { name: 'Before calibration', color: theme.rest, symbol: 'circle-open' })]),
      binTrace(after, { name: 'Scores', color: theme.series[0], symbol: 'circle' }),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'Promised: mean score of the bin', {
        tickformat: PERCENT_TICKS,
        rangemode: 'tozero',
      }),
      yaxis: themedAxis(theme, 'Came: conversion, 95 % interval', {
        tickformat: PERCENT_TICKS,
        rangemode: 'tozero',
      }),
    }),
    table,
  };
}

function binTrace(
  { bins }: ReliabilityReport,
  style: { readonly name: string; readonly color: string; readonly symbol: 'circle' | 'circle-open' },
) {
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: style.name,
    x: bins.map((bin) => bin.mean_probability),
    y: bins.map((bin) => bin.conversion),
    error_y: {
      type: 'data' as const,
      symmetric: false,
      array: bins.map((bin) => bin.high - bin.conversion),
      arrayminus: bins.map((bin) => bin.conversion - bin.low),
      color: style.color,
      thickness: 1,
      width: 3,
    },
    marker: { color: style.color, size: 8, symbol: style.symbol },
    customdata: bins.map((bin) => [countText(bin.n_buyers), countText(bin.n)]),
    hovertemplate: `${style.name} %{x:.2%}: %{customdata[0]} of %{customdata[1]} bought, %{y:.2%}<extra></extra>`,
  };
}

function reliabilityTable({ before, after, kind }: EvaluationReport['calibration']): FigureTable {
  const rowsOf = (name: string, { bins }: ReliabilityReport) =>
    bins.map((bin) => ({ probabilities: name, ...bin }));
  return {
    columns: [
      textColumn('probabilities', 'Probabilities'),
      numberColumn('n', 'Rows', 'count'),
      numberColumn('n_buyers', 'Buyers', 'count'),
      numberColumn('mean_probability', 'Promised', 'share'),
      numberColumn('conversion', 'Came', 'share'),
      numberColumn('low', '95 % from', 'share'),
      numberColumn('high', 'to', 'share'),
    ],
    rows: [...rowsOf('scores', after), ...(kind === 'none' ? [] : rowsOf('before calibration', before))],
  };
}
