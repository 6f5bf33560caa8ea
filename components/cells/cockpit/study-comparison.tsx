'use client';

import { Switch, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { comparedConfigs } from '@/lib/store/cockpit-comparison';
import { studyFacts } from '@/lib/store/cockpit-facts';
import type { StudyState } from '@/lib/tuning/study-state';
import { countText, durationText, metricText } from '../../format';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { ComparisonTable, type ShownRow } from './comparison-table';

const NONE: readonly StudyState[] = [];

/** Studies ticked for comparison, side by side; nothing while fewer than two are. */
export function StudyComparison() {
  const studies = useWorkbenchState((state) => state.comparedStudies ?? NONE);
  if (studies.length < 2) return null;
  return (
    <section aria-labelledby="study-comparison" style={{ marginTop: 16 }}>
      <Title order={3} id="study-comparison" mb="xs">
        {countText(studies.length)} studies compared
      </Title>
      <Settings studies={studies} />
    </section>
  );
}

function Settings({ studies }: { readonly studies: readonly StudyState[] }) {
  const [areOnlyDiffering, setAreOnlyDiffering] = useState(true);
  const rows = useMemo(() => {
    const configs: readonly ShownRow[] = comparedConfigs(studies.map(({ config }) => config)).map(
      ({ key, label, values, differs }) => ({
        key,
        label,
        differs,
        texts: values.map((value) => value ?? '–'),
      }),
    );
    return configs.filter(({ differs }) => differs || !areOnlyDiffering);
  }, [studies, areOnlyDiffering]);
  return (
    <>
      <Switch
        size="xs"
        mb={6}
        label="Only settings that differ"
        checked={areOnlyDiffering}
        onChange={(event) => setAreOnlyDiffering(event.currentTarget.checked)}
      />
      <ComparisonTable
        label="Studies compared"
        heads={studies.map(({ studyId }) => ({ key: studyId, head: <code>{studyId.slice(0, 14)}</code> }))}
        rows={[...resultRows(studies), ...rows]}
      />
      {rows.length === 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          Their settings are the same.
        </Text>
      )}
    </>
  );
}

/** What the studies came to. */
function resultRows(studies: readonly StudyState[]): readonly ShownRow[] {
  const facts = studies.map(studyFacts);
  const row = (label: string, texts: readonly string[]): ShownRow => ({
    key: label,
    label,
    texts,
    differs: false,
  });
  return [
    row(
      'Best objective',
      facts.map(({ best }) => {
        if (best === null) return '–';
        const { value, standardError } = best.objective;
        return `${metricText(value)}${standardError === null ? '' : ` ± ${metricText(standardError)}`}`;
      }),
    ),
    row(
      'Complete trials',
      facts.map(({ nComplete, nTrials }) => `${countText(nComplete)} of ${countText(nTrials)}`),
    ),
    row(
      'Pruned, failed',
      facts.map(({ nPruned, nFailed }) => `${countText(nPruned)}, ${countText(nFailed)}`),
    ),
    row(
      'Rounds trained',
      facts.map(({ nRounds }) => countText(nRounds)),
    ),
    row('Time', studies.map(timeText)),
  ];
}

function timeText({ createdAtMs, tunedAtMs }: StudyState): string {
  return tunedAtMs === null ? 'under way' : durationText(tunedAtMs - createdAtMs);
}
