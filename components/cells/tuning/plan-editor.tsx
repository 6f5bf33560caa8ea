'use client';

import { Group, Text } from '@mantine/core';
import { nGridPoints } from '@/lib/store/plan-faults';
import { OBJECTIVE_LABELS, OFFERED_SAMPLERS, SAMPLER_LABELS, SCHEDULER_LABELS } from '@/lib/store/plan-words';
import { STANDARD_SCHEDULERS } from '@/lib/tuning/study/pipeline-params';
import { MAX_TRIALS, OBJECTIVES, type ThresholdRule } from '@/lib/tuning/study/study-config';
import { countText } from '../../format';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { PlanChoice } from './plan-choice';
import { PlanNumber } from './plan-number';
import { usePlan } from './use-plan';

/** The settings of a study that most people touch, and those that a choice among them brings up. */
export function PlanEditor() {
  const workbench = useWorkbench();
  const params = useWorkbenchState((state) => state.params);
  const { plan, change } = usePlan();
  return (
    <Group align="flex-end" gap="sm" mb="xs">
      <PlanNumber
        label="Trials"
        value={params.nTrials}
        min={1}
        max={MAX_TRIALS}
        widthPx={80}
        onNumber={(nTrials) => nTrials !== null && void workbench.setParams({ nTrials })}
      />
      <PlanNumber
        label="Workers"
        value={params.workers}
        min={1}
        max={64}
        widthPx={80}
        onNumber={(workers) => workers !== null && void workbench.setParams({ workers })}
      />
      <PlanChoice
        label="Sampler"
        value={params.sampler}
        values={OFFERED_SAMPLERS}
        labels={SAMPLER_LABELS}
        widthPx={150}
        onChoice={(sampler) => void workbench.setParams({ sampler })}
      />
      <PlanChoice
        label="Objective"
        value={plan.objective}
        values={OBJECTIVES}
        labels={OBJECTIVE_LABELS}
        widthPx={200}
        onChoice={(objective) => change({ objective })}
      />
      {(plan.objective === 'f1_score' || plan.objective === 'recall') && <ThresholdFields />}
      {plan.objective === 'expected_profit' && <EconomicsFields />}
      <PlanChoice
        label="Scheduler"
        value={plan.scheduler.type}
        values={['none', 'asha', 'median']}
        labels={SCHEDULER_LABELS}
        widthPx={145}
        onChoice={(type) => change({ scheduler: STANDARD_SCHEDULERS[type] })}
      />
      <SchedulerFields />
      <Text size="xs" c="dimmed" className="tabular" pb={7} title="Set in “Features and split”">
        Seed {params.seed}
        {params.sampler === 'grid' && `, a grid of ${countText(nGridPoints(plan.searchSpace))} points`}
      </Text>
    </Group>
  );
}

const RULE_LABELS: Readonly<Record<ThresholdRule['rule'], string>> = {
  fixed: 'A probability',
  largest_f1: 'The largest F1',
  top_share: 'The best-scored share',
};

const STANDARD_RULES: Readonly<Record<ThresholdRule['rule'], ThresholdRule>> = {
  fixed: { rule: 'fixed', probability: 0.5 },
  largest_f1: { rule: 'largest_f1' },
  top_share: { rule: 'top_share', share: 0.1 },
};

function ThresholdFields() {
  const { plan, change } = usePlan();
  const { threshold } = plan;
  return (
    <>
      <PlanChoice
        label="Threshold"
        value={threshold.rule}
        values={['fixed', 'largest_f1', 'top_share']}
        labels={RULE_LABELS}
        widthPx={170}
        onChoice={(rule) => change({ threshold: STANDARD_RULES[rule] })}
      />
      {threshold.rule === 'fixed' && (
        <PlanNumber
          label="Probability"
          value={threshold.probability}
          min={0}
          max={1}
          isWhole={false}
          onNumber={(probability) =>
            probability !== null && change({ threshold: { rule: 'fixed', probability } })
          }
        />
      )}
      {threshold.rule === 'top_share' && (
        <PlanNumber
          label="Share of rows"
          value={threshold.share}
          min={0.0001}
          max={1}
          isWhole={false}
          onNumber={(share) => share !== null && change({ threshold: { rule: 'top_share', share } })}
        />
      )}
    </>
  );
}

function EconomicsFields() {
  const { plan, change } = usePlan();
  const { economics } = plan;
  const field = (label: string, key: 'saleValueUsd' | 'contactCostUsd') => (
    <PlanNumber
      label={label}
      prefix="$"
      value={economics[key]}
      min={0.01}
      max={1e9}
      isWhole={false}
      widthPx={110}
      onNumber={(value) => value !== null && change({ economics: { ...economics, [key]: value } })}
    />
  );
  return (
    <>
      {field('A sale is worth', 'saleValueUsd')}
      {field('A contact costs', 'contactCostUsd')}
    </>
  );
}

function SchedulerFields() {
  const { plan, change } = usePlan();
  const { scheduler } = plan;
  if (scheduler.type === 'none') return null;
  const rounds = (
    <PlanNumber
      label={scheduler.type === 'asha' ? 'First rung, rounds' : 'From round'}
      value={scheduler.minRounds}
      min={1}
      max={10_000}
      widthPx={120}
      onNumber={(minRounds) => minRounds !== null && change({ scheduler: { ...scheduler, minRounds } })}
    />
  );
  if (scheduler.type === 'asha') {
    return (
      <>
        {rounds}
        <PlanNumber
          label="Promotes one in"
          value={scheduler.reductionFactor}
          min={2}
          max={10}
          widthPx={110}
          onNumber={(reductionFactor) =>
            reductionFactor !== null && change({ scheduler: { ...scheduler, reductionFactor } })
          }
        />
      </>
    );
  }
  return (
    <>
      {rounds}
      <PlanNumber
        label="After trials"
        value={scheduler.nStartupTrials}
        min={1}
        max={1000}
        onNumber={(nStartupTrials) =>
          nStartupTrials !== null && change({ scheduler: { ...scheduler, nStartupTrials } })
        }
      />
    </>
  );
}
