'use client';

import { Group, Text } from '@mantine/core';
import type { ValidationPlan } from '@/lib/tuning/study/study-config';
import { MonotoneEditor } from './monotone-editor';
import { PlanChoice } from './plan-choice';
import { PlanNumber } from './plan-number';
import { usePlan } from './use-plan';

const VALIDATION_LABELS: Readonly<Record<ValidationPlan['type'], string>> = {
  split: 'Validation rows',
  kfold: 'Repeated stratified k-fold',
};

const STANDARD_VALIDATION: Readonly<Record<ValidationPlan['type'], ValidationPlan>> = {
  split: { type: 'split' },
  kfold: { type: 'kfold', nSplits: 5, nRepeats: 1 },
};

/** The settings that few people touch. */
export function MoreSettings() {
  const { plan, change } = usePlan();
  const { validation } = plan;
  return (
    <>
      <Group align="flex-end" gap="sm" mb="xs">
        <PlanChoice
          label="Measured on"
          value={validation.type}
          values={['split', 'kfold']}
          labels={VALIDATION_LABELS}
          widthPx={200}
          onChoice={(type) => change({ validation: STANDARD_VALIDATION[type] })}
        />
        {validation.type === 'kfold' && (
          <>
            <PlanNumber
              label="Folds"
              value={validation.nSplits}
              min={2}
              max={20}
              widthPx={70}
              onNumber={(nSplits) => nSplits !== null && change({ validation: { ...validation, nSplits } })}
            />
            <PlanNumber
              label="Repeats"
              value={validation.nRepeats}
              min={1}
              max={10}
              widthPx={70}
              onNumber={(nRepeats) =>
                nRepeats !== null && change({ validation: { ...validation, nRepeats } })
              }
            />
          </>
        )}
        <PlanNumber
          label="Report every, rounds"
          value={plan.reportEveryRounds}
          min={1}
          max={1000}
          widthPx={130}
          onNumber={(rounds) => rounds !== null && change({ reportEveryRounds: rounds })}
        />
        <PlanNumber
          label="Stop early after, rounds"
          value={plan.earlyStoppingRounds}
          min={1}
          max={10_000}
          isOptional
          placeholder="never"
          widthPx={150}
          onNumber={(rounds) => change({ earlyStoppingRounds: rounds })}
        />
        <PlanNumber
          label="Give a trial up after, failures"
          value={plan.maxFailures}
          min={1}
          max={10}
          widthPx={180}
          onNumber={(maxFailures) => maxFailures !== null && change({ maxFailures })}
        />
      </Group>
      <Text size="xs" c="dimmed" mb="sm">
        Early stopping ends a trial that has not become better for so many rounds, and keeps its best. Test
        rows are never looked at.
      </Text>
      <MonotoneEditor />
    </>
  );
}
