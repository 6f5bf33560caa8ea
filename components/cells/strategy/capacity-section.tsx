'use client';

import { Group, Text, Title } from '@mantine/core';
import type { CapacityPlan, LeadBand } from '@/lib/scoring/strategy/capacity-plan';
import { type Capacity, capacitySchema } from '@/lib/scoring/strategy/strategy-plan';
import { capacitySentence, usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { DataTable } from '../../data-table';
import { countText, metricText, percentText } from '../../format';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { NumberField } from './number-field';

const FIELDS: readonly {
  readonly name: keyof Capacity;
  readonly label: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly step?: number;
}[] = [
  { name: 'nCalls', label: 'We can call', suffix: ' a week', step: 50 },
  { name: 'nEmails', label: 'We can write to', suffix: ' a week', step: 500 },
  { name: 'costPerCallUsd', label: 'A call costs', prefix: '$' },
  { name: 'costPerEmailUsd', label: 'An e-mail costs', prefix: '$', step: 0.01 },
];

const BANDS: readonly { readonly key: keyof CapacityPlan; readonly label: string }[] = [
  { key: 'called', label: 'Call' },
  { key: 'written', label: 'Write to' },
  { key: 'contacted', label: 'Both' },
  { key: 'left', label: 'Left on the table' },
];

/** What a week's capacity comes to: whom to call, whom to write to, what to expect. */
export function CapacitySection({ plan: bands }: { readonly plan: CapacityPlan }) {
  const { strategy } = useWorkbench();
  const plan = useWorkbenchState((state) => state.strategyPlan);
  const { capacity } = plan;
  return (
    <section aria-label="A week’s plan">
      <Title order={3} size="sm" mt="lg" mb="xs">
        A week’s plan
      </Title>
      <Group gap="sm" align="flex-start" mb="sm">
        {FIELDS.map(({ name, ...field }) => (
          <NumberField
            key={name}
            {...field}
            value={capacity[name]}
            schema={capacitySchema.shape[name].unwrap()}
            onChange={(value) => void strategy.setPlan({ ...plan, capacity: { ...capacity, [name]: value } })}
          />
        ))}
      </Group>
      <Text size="sm" fw={500} mb={6}>
        {capacitySentence(bands)}
      </Text>
      <DataTable
        label="A week’s plan by contact"
        columns={[
          { key: 'what', label: 'Contact' },
          { key: 'leads', label: 'Leads', align: 'right' },
          { key: 'cutoff', label: 'Score from', align: 'right' },
          { key: 'rate', label: 'Conversion on test rows', align: 'right' },
          { key: 'buyers', label: 'Buyers to expect', align: 'right' },
          { key: 'range', label: '95 %', align: 'right' },
          { key: 'profit', label: 'Profit', align: 'right' },
          { key: 'profitRange', label: '95 %', align: 'right' },
        ]}
        rows={BANDS.map(({ key, label }) => bandRow(label, bands[key]))}
      />
      <Text size="xs" c="dimmed" mt={6}>
        The hottest are called, the next are written to; who opted out is left alone. Buyers are expected as
        test rows of the same scores bought, who would have come by themselves among them. Profit: their value
        less calls, e-mails and what one e-mail loses by unsubscribing. Ranges hold the luck of the test rows
        and of the leads (beta-binomial, Jeffreys’ prior).
      </Text>
    </section>
  );
}

function bandRow(what: string, band: LeadBand) {
  const { nLeads, cutoff, nTest, nTestBuyers, expectedBuyers, buyersInterval, profitUsd, profitInterval } =
    band;
  return {
    what,
    leads: countText(nLeads),
    cutoff: metricText(cutoff),
    rate:
      nTest === 0
        ? '–'
        : `${percentText(nTestBuyers / nTest)} (${countText(nTestBuyers)} of ${countText(nTest)})`,
    buyers: expectedBuyers === null ? '–' : countText(Math.round(expectedBuyers)),
    range: `${countText(buyersInterval.low)} to ${countText(buyersInterval.high)}`,
    profit: profitUsd === null ? '–' : usdText(profitUsd),
    profitRange: `${usdText(profitInterval.low)} to ${usdText(profitInterval.high)}`,
  };
}
