'use client';

import { Button, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { type DriftVerdict, type FeatureDrift, MOST_CHANCE } from '@/lib/explore/drift/drift';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import { psiText, pText, sinceText, VERDICT_WORDS } from '@/lib/explore/drift/drift-sentences';
import { DataTable } from '../data-table';
import { metricText, percentText } from '../format';
import { useWorkbench } from '../workbench/use-workbench';

const VERDICT_ORDER: Readonly<Record<DriftVerdict, number>> = { large: 0, small: 1, none: 2 };

/** Columns shown at first. */
const N_SHOWN = 8;

/** Put what changed most first. */
export function ranked(features: readonly FeatureDrift[]): readonly FeatureDrift[] {
  return [...features].sort(
    (a, b) =>
      VERDICT_ORDER[a.verdict] - VERDICT_ORDER[b.verdict] ||
      (b.stability?.psi ?? -1) - (a.stability?.psi ?? -1),
  );
}

/** Each column with its measures; one is chosen to be drawn. */
export function DriftTable({
  report,
  features,
  chosen,
}: {
  readonly report: DriftReport;
  readonly features: readonly FeatureDrift[];
  readonly chosen: FeatureDrift;
}) {
  const workbench = useWorkbench();
  const [areAllShown, setAreAllShown] = useState(false);
  const shown = areAllShown
    ? features
    : features.filter(
        (feature, place) => place < N_SHOWN || feature.verdict !== 'none' || feature === chosen,
      );
  return (
    <>
      <Switch
        size="xs"
        mb={6}
        label={`Show all ${features.length} columns`}
        checked={areAllShown}
        onChange={(event) => setAreAllShown(event.currentTarget.checked)}
      />
      <DataTable
        label="Columns and how they changed"
        maxHeightPx={300}
        columns={[
          { key: 'name', label: 'Column' },
          { key: 'verdict', label: 'Verdict' },
          { key: 'since', label: 'Since' },
          { key: 'psi', label: 'PSI', align: 'right' },
          { key: 'limit', label: 'Chance below', align: 'right' },
          { key: 'p', label: 'Adjusted p', align: 'right' },
          { key: 'js', label: 'JS', align: 'right' },
          { key: 'ks', label: 'KS', align: 'right' },
          { key: 'ksP', label: 'KS p', align: 'right' },
          { key: 'means', label: 'Mean', align: 'right' },
          { key: 'missing', label: 'Missing', align: 'right' },
        ]}
        rows={shown.map((feature) => ({
          name: (
            <Button
              variant={feature === chosen ? 'light' : 'subtle'}
              size="compact-xs"
              aria-pressed={feature === chosen}
              onClick={() => void workbench.explore.look({ driftColumn: feature.name })}
            >
              {feature.name}
            </Button>
          ),
          ...measures(feature, report),
        }))}
      />
      {report.excluded.length > 0 && (
        <Text size="xs" c="dimmed" mt={4} mb="sm">
          Left out, because they follow from the opt-in date by which the sides are chosen:{' '}
          {report.excluded.join(', ')}.
        </Text>
      )}
    </>
  );
}

function measures(feature: FeatureDrift, { windows }: DriftReport) {
  const { verdict, stability, jensenShannon, adjustedPValue, ks, means, missing, isLabel } = feature;
  const isBeyond = adjustedPValue !== null && adjustedPValue <= MOST_CHANCE;
  return {
    verdict:
      (verdict === 'none' && isBeyond ? 'beyond chance, small' : VERDICT_WORDS[verdict]) +
      (isLabel ? ' (label)' : ''),
    since: (isBeyond ? sinceText(feature, windows) : null) ?? '–',
    psi: psiText(feature),
    limit: metricText(stability?.limit, 3),
    p: adjustedPValue === null ? '–' : pText(adjustedPValue),
    js: metricText(jensenShannon, 3),
    ks: metricText(ks?.statistic, 3),
    ksP: ks === null ? '–' : `${pText(ks.pValue)}${ks.method === 'exact' ? ' (exact)' : ''}`,
    means: means === null ? '–' : `${metricText(means.reference, 2)} → ${metricText(means.current, 2)}`,
    missing:
      missing === null
        ? '–'
        : `${percentText(missing.reference, 1)} → ${percentText(missing.current, 1)} (${percentText(missing.low, 1)} to ${percentText(missing.high, 1)})`,
  };
}
