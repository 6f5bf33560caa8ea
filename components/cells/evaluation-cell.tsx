'use client';

import { Text } from '@mantine/core';
import { CALIBRATION_WORDS } from '@/lib/charts/scorecard/reliability-figure';
import type { PublishedModel } from '@/lib/store/services';
import { Facts } from '../facts';
import { countText, metricText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { MetricsTable } from './scorecard/metrics-table';
import { ModelVerdict } from './scorecard/model-verdict';
import { ScorecardFigures } from './scorecard/scorecard-figures';
import { ThresholdPanel } from './scorecard/threshold-panel';

const DEFINITION = `The best trial's parameters are trained again on training + validation rows.
That model is judged once, on the test rows, which nothing that made it has seen.
A study that is evaluated early and then resumed makes another model, and looks at the test rows again: every distinct model that the server keeps and that was judged on the same rows is one look.

Calibration: Platt, beta, isotonic or none, the one with the smallest log loss over validation rows, scored by a model trained on the training rows alone, in five folds. It is part of model.onnx, and scores are its probabilities.
Ranks (roc_auc, average_precision, ks, gains, lift) follow the margins, as the lead list does where scores tie.
Intervals, 95 %: roc_auc by DeLong; conversions by Wilson; the rest by a bootstrap of the test rows, stratified by class.
Logistic: a ridge regression (C = 1) on the same rows and features, numbers scaled, countries one-hot; compared by DeLong's paired test.
Threshold: the one with the largest F1 on the validation rows. Precision, recall and F1 are at that threshold.
Importances: share of the total gain that splits on a feature brought.`;

/** The model, judged once on the test rows. */
export function EvaluationCell() {
  const model = useWorkbenchState((state) => state.model);
  return (
    <Cell id="evaluation" definition={{ label: 'definition', text: DEFINITION }}>
      {model ? <Output key={model.metadata.model_id} model={model} /> : <EmptyOutput id="evaluation" />}
    </Cell>
  );
}

function Output({ model }: { readonly model: PublishedModel }) {
  const { report, metadata } = model;
  const difference = report.baseline?.roc_auc_difference;
  return (
    <>
      <ModelVerdict model={model} />
      <Facts
        facts={[
          {
            label: 'roc_auc',
            value: metricText(report.roc_auc),
            note: `validation ${metricText(report.validation_roc_auc)}`,
          },
          {
            label: 'Against logistic regression',
            value: difference ? signed(difference.value) : '–',
            note: difference ? `(95 %: ${signed(difference.low)} to ${signed(difference.high)})` : '',
          },
          {
            label: 'Calibration',
            value: CALIBRATION_WORDS[report.calibration.kind],
            note: `on ${countText(metadata.calibration.n_rows)} validation rows`,
          },
          {
            label: 'Precision of the first 100',
            value: percentText(
              report.precision_at.find(({ n_called }) => n_called === 100)?.precision ?? null,
              0,
            ),
          },
          {
            label: 'Test rows',
            value: countText(report.n_test),
            note: `${countText(report.n_test_buyers)} buyers (${percentText(report.n_test_buyers / report.n_test)})`,
          },
        ]}
      />
      <MetricsTable report={report} />
      <ScorecardFigures model={model} />
      <ThresholdPanel model={model} />
      <Text size="xs" c="dimmed" mt="sm">
        Model <code>{metadata.model_id}</code>: XGBoost {metadata.xgboost_version}, trial{' '}
        {metadata.best_trial_number}, max_depth {metadata.params.max_depth}, learning_rate{' '}
        {metricText(metadata.params.learning_rate)}, n_estimators {metadata.params.n_estimators}, XGBoost seed{' '}
        {metadata.xgboost_seed}; bootstrap of {countText(report.bootstrap.n_samples)} samples, seed{' '}
        {report.bootstrap.seed}.
        {metadata.gate_override_reason &&
          ` The quality gate was overridden: “${metadata.gate_override_reason}”.`}
      </Text>
    </>
  );
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
