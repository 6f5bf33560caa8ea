'use client';

import { SimpleGrid, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { confusionMatrixFigure } from '@/lib/charts/confusion-matrix-figure';
import { importancesFigure } from '@/lib/charts/importances-figure';
import { precisionRecallFigure } from '@/lib/charts/precision-recall-figure';
import { rocCurveFigure } from '@/lib/charts/roc-curve-figure';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import { Facts } from '../facts';
import { Figure } from '../figure';
import { countText, metricText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { ModelLeakage } from './leakage-warning';

const DEFINITION = `The best trial's parameters are trained again on training + validation rows.
That model is judged once, on the test rows, which nothing that made it has seen.
A study that is evaluated early and then resumed makes another model, and looks at the test rows again.

Threshold: the one with the largest F1 on the validation rows, scored by a model trained on the training rows alone.
Precision, recall and F1 are at that threshold; roc_auc and average_precision need none.
Importances: share of the total gain that splits on a feature brought.`;

/** The model, judged once on the test rows. */
export function EvaluationCell() {
  const model = useWorkbenchState((state) => state.model);
  return (
    <Cell id="evaluation" definition={{ label: 'definition', text: DEFINITION }}>
      <ModelLeakage />
      {model ? <Output report={model.report} metadata={model.metadata} /> : <EmptyOutput id="evaluation" />}
    </Cell>
  );
}

function Output({
  report,
  metadata,
}: {
  readonly report: EvaluationReport;
  readonly metadata: ModelMetadata;
}) {
  const roc = useCallback((theme: ChartTheme) => rocCurveFigure(report, theme), [report]);
  const precisionRecall = useCallback((theme: ChartTheme) => precisionRecallFigure(report, theme), [report]);
  const confusion = useCallback(
    (theme: ChartTheme) => confusionMatrixFigure(report.confusion, theme),
    [report],
  );
  const importances = useCallback(
    (theme: ChartTheme) => importancesFigure(report.importances, theme),
    [report],
  );
  return (
    <>
      <Facts
        facts={[
          {
            label: 'roc_auc',
            value: metricText(report.roc_auc),
            note: `validation ${metricText(report.validation_roc_auc)}`,
          },
          {
            label: 'average_precision',
            value: metricText(report.average_precision),
            note: `chance ${metricText(report.n_test > 0 ? report.n_test_buyers / report.n_test : null)}`,
          },
          { label: 'f1_score', value: metricText(report.f1_score) },
          { label: 'recall', value: metricText(report.recall) },
          { label: 'precision', value: metricText(report.precision) },
          { label: 'Threshold', value: metricText(report.threshold), note: report.threshold_rule },
          {
            label: 'Test rows',
            value: countText(report.n_test),
            note: `${countText(report.n_test_buyers)} buyers (${percentText(report.n_test_buyers / report.n_test)})`,
          },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="lg">
        <Figure build={roc} fileName="roc_curve" />
        <Figure build={precisionRecall} fileName="precision_recall_curve" />
        <Figure build={confusion} fileName="confusion_matrix" />
        <Figure build={importances} fileName="importances" heightPx={340} />
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="sm">
        Model <code>{metadata.model_id}</code>: XGBoost {metadata.xgboost_version}, trial{' '}
        {metadata.best_trial_number}, max_depth {metadata.params.max_depth}, learning_rate{' '}
        {metricText(metadata.params.learning_rate)}, n_estimators {metadata.params.n_estimators}, XGBoost seed{' '}
        {metadata.xgboost_seed}.
        {metadata.gate_override_reason &&
          ` The quality gate was overridden: “${metadata.gate_override_reason}”.`}
      </Text>
    </>
  );
}
