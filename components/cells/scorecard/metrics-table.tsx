'use client';

import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { DataTable } from '../../data-table';
import { metricText, percentText } from '../../format';
import classes from './metrics-table.module.css';

type Interval = { readonly low: number; readonly high: number } | null;

const rangeText = (interval: Interval) =>
  interval === null ? '–' : `${metricText(interval.low)} to ${metricText(interval.high)}`;

/** Every metric of the test rows with its interval, beside what a guess and a logistic regression reach. */
export function MetricsTable({ report }: { readonly report: EvaluationReport }) {
  const rows = [...rankingRows(report), ...probabilityRows(report)];
  return (
    <DataTable
      label="Metrics of the test rows"
      maxHeightPx={420}
      columns={[
        { key: 'metric', label: 'Metric' },
        { key: 'value', label: 'Test rows', align: 'right' },
        { key: 'interval', label: '95 % interval', align: 'right' },
        { key: 'guess', label: 'A guess', align: 'right' },
        { key: 'baseline', label: 'Logistic', align: 'right' },
        { key: 'says', label: 'What it is' },
      ]}
      rows={rows}
      renderCell={(cell) => <span className={classes.line}>{cell}</span>}
    />
  );
}

function rankingRows(report: EvaluationReport) {
  const { intervals, baseline } = report;
  const conversion = report.n_test_buyers / report.n_test;
  return [
    {
      metric: 'roc_auc',
      value: metricText(report.roc_auc),
      interval: rangeText(intervals.roc_auc),
      guess: '0.5',
      baseline: metricText(baseline?.roc_auc),
      says: 'pairs of a buyer and another ranked right',
    },
    {
      metric: 'average_precision',
      value: metricText(report.average_precision),
      interval: rangeText(intervals.average_precision),
      guess: metricText(conversion),
      baseline: metricText(baseline?.average_precision),
      says: 'precision over all recalls',
    },
    {
      metric: 'precision',
      value: metricText(report.precision),
      interval: rangeText(intervals.precision),
      guess: metricText(conversion),
      baseline: '',
      says: `called who bought, from ${metricText(report.threshold)} on`,
    },
    {
      metric: 'recall',
      value: metricText(report.recall),
      interval: rangeText(intervals.recall),
      guess: '',
      baseline: '',
      says: 'buyers called, at the same threshold',
    },
    {
      metric: 'f1_score',
      value: metricText(report.f1_score),
      interval: rangeText(intervals.f1_score),
      guess: '',
      baseline: '',
      says: 'harmonic mean of both',
    },
    {
      metric: 'ks',
      value: metricText(report.ks.statistic),
      interval: '',
      guess: '0',
      baseline: '',
      says: `largest gap of call rates, at ${metricText(report.ks.threshold)}`,
    },
  ];
}

function probabilityRows(report: EvaluationReport) {
  const { intervals, baseline, calibration } = report;
  const conversion = report.n_test_buyers / report.n_test;
  return [
    {
      metric: 'log_loss',
      value: metricText(report.log_loss),
      interval: rangeText(intervals.log_loss),
      guess: metricText(entropy(conversion)),
      baseline: metricText(baseline?.log_loss),
      says: `before calibration ${metricText(calibration.before.log_loss)}`,
    },
    {
      metric: 'brier_score',
      value: metricText(report.brier_score),
      interval: rangeText(intervals.brier_score),
      guess: metricText(conversion * (1 - conversion)),
      baseline: '',
      says: `before calibration ${metricText(calibration.before.brier_score)}`,
    },
    {
      metric: 'calibration_error',
      value: percentText(calibration.after.expected_calibration_error),
      interval: '',
      guess: '',
      baseline: '',
      says: `before calibration ${percentText(calibration.before.expected_calibration_error)}`,
    },
  ];
}

/** Log loss of giving everybody the conversion as score. */
function entropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
}
