'use client';

import { Alert, Button, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { learningCurveOfSizeFigure } from '@/lib/charts/learning-curve-of-size-figure';
import {
  N_REPEATS,
  N_SIZES,
  type SizeCurve,
  WORTHWHILE_GAIN,
} from '@/lib/evaluation/learning-curve/size-curve';
import { PROBE_PARAMS } from '@/lib/evaluation/probe/probe-job';
import { Figure } from '../figure';
import { countText, durationText } from '../format';
import { FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import classes from './leakage-cell.module.css';
import { MeasurementProgressBar } from './measurement-progress';

/** What the learning curve is, for the cell's definition. */
export const LEARNING_CURVE_DEFINITION = `Learning curve: XGBoost (${PROBE_PARAMS.n_estimators} rounds, depth ${PROBE_PARAMS.max_depth}, learning rate ${PROBE_PARAMS.learning_rate}) on ${N_SIZES} sizes of stratified samples of the training rows, ${N_REPEATS} samples a size, scored on the validation rows.
An inverse power law, ceiling − drop · rows^(−rate), by weighted least squares; intervals by bootstrap over the samples and over what other validation rows would make of them (DeLong’s covariance). Enough: twice the rows would bring less than ${WORTHWHILE_GAIN}.`;

/** Starts the measurement of the learning curve, or ends it. */
export function LearningCurveButton() {
  const { measurements } = useWorkbench();
  const isRunning = useWorkbenchState((state) => state.measurements.learning_curve.running !== null);
  const isReady = useWorkbenchState(
    ({ statuses, engine }) => statuses.features.kind === 'done' && engine?.kind === 'ready',
  );
  if (isRunning) {
    return (
      <Button size="compact-xs" variant="default" onClick={() => measurements.stop('learning_curve')}>
        Stop measuring
      </Button>
    );
  }
  return (
    <Button size="compact-xs" disabled={!isReady} onClick={() => void measurements.measureLearningCurve()}>
      Measure the learning curve
    </Button>
  );
}

/** The learning curve as it was measured, or how far its measurement has come. */
export function LearningCurveOutput() {
  const { result, running, failure } = useWorkbenchState((state) => state.measurements.learning_curve);
  const digest = useWorkbenchState((state) => state.features?.datasetDigest);
  return (
    <>
      {running && <MeasurementProgressBar progress={running} label="Progress of the learning curve" />}
      {failure && <FailureAlert failure={failure} />}
      {result && result.datasetDigest !== digest && (
        <Alert color="yellow" variant="light" my="sm" title="Measured on other features" role="status">
          The features have changed since. Measure again.
        </Alert>
      )}
      {result && <Curve curve={result.value} elapsedMs={result.elapsedMs} />}
    </>
  );
}

function Curve({ curve, elapsedMs }: { readonly curve: SizeCurve; readonly elapsedMs: number }) {
  const listBuyers = useWorkbenchState((state) => state.sufficiency?.buyers ?? 0);
  const build = useCallback(
    (theme: ChartTheme) => learningCurveOfSizeFigure({ curve, listBuyers }, theme),
    [curve, listBuyers],
  );
  const { nValidation, seed } = curve;
  return (
    <>
      <div className={classes.figure}>
        <Figure build={build} fileName="learning_curve_by_rows" />
      </div>
      <Text size="xs" c="dimmed">
        Scored on {countText(nValidation)} validation rows, seed {seed}, {durationText(elapsedMs)}. The same
        file and seed give the same numbers.
      </Text>
    </>
  );
}
