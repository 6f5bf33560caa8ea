'use client';

import { Group, NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import { workbenchParamsSchema } from '@/lib/store/workbench-state';
import type { PreparedSummary } from '@/lib/workers/crm-api';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { countText, metricText, percentText, sizeText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

/** The features, the split, and what of it will reach the server. */
export function FeaturesCell() {
  const features = useWorkbenchState((state) => state.features);
  const seed = useWorkbenchState((state) => state.params.seed);
  const workbench = useWorkbench();
  const [nAttempts, setNAttempts] = useState(0);
  return (
    <Cell
      id="features"
      definition={
        features ? { label: 'definition', text: JSON.stringify(features.spec, null, 2) } : undefined
      }
    >
      <Group align="flex-end" mb="sm">
        <NumberInput
          // What is no seed is put back to the one in use.
          key={`${seed} ${nAttempts}`}
          label="Seed (split, sampler, XGBoost)"
          defaultValue={seed}
          min={0}
          max={2_147_483_647}
          allowDecimal={false}
          w={210}
          onBlur={(event) => {
            const text = event.currentTarget.value.trim();
            const asked = workbenchParamsSchema.shape.seed.safeParse(text === '' ? null : Number(text));
            if (!asked.success) setNAttempts(nAttempts + 1);
            else if (asked.data !== seed) void workbench.setParams({ seed: asked.data });
          }}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </Group>
      {features ? <Output features={features} /> : <EmptyOutput id="features" />}
    </Cell>
  );
}

function Output({ features }: { readonly features: PreparedSummary }) {
  const nRows = features.parts.reduce((sum, part) => sum + part.n, 0);
  return (
    <>
      <Facts
        facts={[
          { label: 'Features', value: countText(features.features.length) },
          ...features.parts.map((part) => ({
            label: `Rows for ${part.part}`,
            value: countText(part.n),
            note: `(${percentText(part.n / nRows, 0)}), ${countText(part.buyers)} buyers (${percentText(part.buyers / part.n)})`,
          })),
        ]}
      />
      <Text size="sm" mb="sm">
        To train, only this matrix and its labels go to the server: {countText(nRows)} rows of{' '}
        {countText(features.features.length)} numbers, {sizeText(features.datasetBytes)}, no names, no e-mail
        addresses, no ids. SHA-256 <code>{features.datasetDigest.slice(0, 12)}…</code>
      </Text>
      {features.notes.map((note) => (
        <Text size="sm" key={note.message} mb="xs">
          {note.message}
        </Text>
      ))}
      <DataTable
        label="Features"
        maxHeightPx={260}
        columns={[
          { key: 'name', label: 'Feature' },
          { key: 'kind', label: 'Type' },
          { key: 'formula', label: 'How it is made' },
          { key: 'missing', label: 'Missing', align: 'right' },
          { key: 'min', label: 'Min', align: 'right' },
          { key: 'mean', label: 'Mean', align: 'right' },
          { key: 'max', label: 'Max', align: 'right' },
        ]}
        rows={features.features.map((feature) => ({
          name: feature.name,
          kind: feature.kind,
          formula: feature.formula,
          missing: countText(feature.nMissing),
          min: shortNumber(feature.min),
          mean: feature.kind === 'categorical' ? `${feature.nLevels ?? 0} levels` : shortNumber(feature.mean),
          max: shortNumber(feature.max),
        }))}
      />
      <Text size="xs" c="dimmed" mt={6}>
        Figures are over the training rows, on which the specification was fitted. Missing values become{' '}
        {features.spec.missingValue}.
      </Text>
    </>
  );
}

function shortNumber(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? countText(value) : metricText(value, 3);
}
