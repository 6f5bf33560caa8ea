'use client';

import { Text } from '@mantine/core';
import {
  LEAST_BUYERS_PER_FEATURE,
  type Sufficiency,
  WIDEST_HALF_INTERVAL,
} from '@/lib/explore/sufficiency/sufficiency';
import { sufficiencySentence } from '@/lib/explore/sufficiency/sufficiency-sentence';
import { Facts } from '../facts';
import { countText, metricText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { LEARNING_CURVE_DEFINITION, LearningCurveButton, LearningCurveOutput } from './learning-curve-output';

const DEFINITION = `Over all subscribers. A ROC AUC of 0.81, which good models of such lists reach, would have this 95 % interval on the test rows (Hanley and McNeil 1982).
Enough: the interval is at most ±${WIDEST_HALF_INTERVAL}, and ${LEAST_BUYERS_PER_FEATURE} buyers of the training rows stand behind each of 12 features that tell something (Peduzzi et al. 1996).
How many more: the smallest list of the same conversion for which both hold.
${LEARNING_CURVE_DEFINITION}`;

/** Whether the list holds enough conversions for a model that can be judged. */
export function SufficiencyCell() {
  const sufficiency = useWorkbenchState((state) => state.sufficiency);
  return (
    <Cell
      id="sufficiency"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={sufficiency && <LearningCurveButton />}
    >
      {sufficiency ? <Verdict sufficiency={sufficiency} /> : <EmptyOutput id="sufficiency" />}
      {sufficiency && <LearningCurveOutput />}
    </Cell>
  );
}

function Verdict({ sufficiency }: { readonly sufficiency: Sufficiency }) {
  const { test, expected, buyersPerFeature } = sufficiency;
  return (
    <>
      <Text size="sm" fw={500} mb="xs">
        {sufficiencySentence(sufficiency)}
      </Text>
      <Facts
        facts={[
          {
            label: 'ROC AUC to be expected',
            value: expected === null ? '–' : metricText(expected.rocAuc, 2),
            note:
              expected === null
                ? ''
                : `(95 % on the test rows: ${metricText(expected.low, 2)} to ${metricText(expected.high, 2)})`,
          },
          {
            label: 'Buyers among the test rows',
            value: countText(test.buyers),
            note: `and ${countText(test.others)} others`,
          },
          {
            label: 'Training buyers a feature',
            value: metricText(buyersPerFeature, 0),
            note: `(at least ${LEAST_BUYERS_PER_FEATURE})`,
          },
        ]}
      />
    </>
  );
}
