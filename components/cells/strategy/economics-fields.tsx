'use client';

import { Button, Group } from '@mantine/core';
import { type Economics, economicsSchema } from '@/lib/scoring/strategy/economics';
import { DEFAULT_STRATEGY_PLAN, strategyPlanSchema } from '@/lib/scoring/strategy/strategy-plan';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { NumberField } from './number-field';

type Field = {
  readonly name: keyof Economics;
  readonly label: string;
  readonly isShare?: boolean;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly step?: number;
};

const FIELDS: readonly Field[] = [
  { name: 'listSize', label: 'List size', suffix: ' people', step: 1000 },
  { name: 'unsubscribeRate', label: 'Unsubscribe an e-mail', isShare: true, step: 0.1 },
  { name: 'salesEmailsPerMonth', label: 'Sales e-mails', suffix: ' a month' },
  { name: 'conversion', label: 'Conversion', isShare: true, step: 0.5 },
  { name: 'customerValueUsd', label: 'Value of a customer', prefix: '$', step: 100 },
  { name: 'salesPerMonthUsd', label: 'Sales a month', prefix: '$', step: 10_000 },
  { name: 'growthPerMonth', label: 'List growth a month', isShare: true, step: 0.5 },
  { name: 'nMonths', label: 'Looked ahead', suffix: ' months' },
];

/** What writing to the list costs and earns, to be changed. */
export function EconomicsFields() {
  const { strategy } = useWorkbench();
  const plan = useWorkbenchState((state) => state.strategyPlan);
  const { economics } = plan;
  const isOwn = JSON.stringify(plan) !== JSON.stringify(DEFAULT_STRATEGY_PLAN);
  return (
    <Group gap="sm" align="flex-start" mb="sm" role="group" aria-label="Assumptions">
      {FIELDS.map(({ name, ...field }) => (
        <NumberField
          key={name}
          {...field}
          value={economics[name]}
          schema={economicsSchema.shape[name].unwrap()}
          onChange={(value) => void strategy.setPlan({ ...plan, economics: { ...economics, [name]: value } })}
        />
      ))}
      <NumberField
        label="Keep at least of sales"
        isShare
        step={1}
        value={plan.leastSalesShare}
        schema={strategyPlanSchema.shape.leastSalesShare.unwrap()}
        onChange={(leastSalesShare) => void strategy.setPlan({ ...plan, leastSalesShare })}
      />
      {isOwn && (
        <Button
          variant="default"
          size="xs"
          mt={24}
          onClick={() => void strategy.setPlan(DEFAULT_STRATEGY_PLAN)}
        >
          The design’s figures
        </Button>
      )}
    </Group>
  );
}
