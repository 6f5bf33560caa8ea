'use client';

import { SegmentedControl, Stack, Switch, Text, Title } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { type ComparisonView, compareStudiesFigure } from '@/lib/charts/compare-studies-figure';
import { comparedConfigs } from '@/lib/store/cockpit-comparison';
import { studyFacts } from '@/lib/store/cockpit-facts';
import { NO_PICKS } from '@/lib/store/cockpit-picks';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { Figure } from '../../figure';
import { countText, durationText, metricText } from '../../format';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { ComparisonTable, type ShownRow } from './comparison-table';

/** Studies ticked for comparison, side by side; nothing while fewer than two are. */
export function StudyComparison() {
  const studies = useWorkbenchState((state) => state.comparedStudies);
  if (studies.length < 2) return null;
  return (
    <section aria-labelledby="study-comparison" style={{ marginTop: 16 }}>
      <Title order={3} id="study-comparison" mb="xs">
        {countText(studies.length)} studies compared
      </Title>
      <Curves studies={studies} />
      <Settings studies={studies} />
    </section>
  );
}

const VIEWS = [
  { value: 'trials', label: 'By trial' },
  { value: 'rounds', label: 'By rounds' },
  { value: 'distribution', label: 'EDF' },
] as const satisfies readonly { readonly value: ComparisonView; readonly label: string }[];

function Curves({ studies }: { readonly studies: readonly StudyState[] }) {
  const [view, setView] = useState<ComparisonView>('trials');
  const build = useCallback(
    (theme: ChartTheme) => {
      const compared = studies.map((state) => ({ state, name: nameOf(state), selected: NO_PICKS.selected }));
      return compareStudiesFigure({ studies: compared, view }, theme);
    },
    [studies, view],
  );
  return (
    <Stack gap="sm" mb="md">
      <SegmentedControl
        data={[...VIEWS]}
        value={view}
        onChange={(value) => setView(VIEWS.find((one) => one.value === value)?.value ?? view)}
        aria-label="Compare the studies"
        style={{ alignSelf: 'flex-start' }}
      />
      <Figure build={build} fileName={`compared_${view}`} heightPx={320} />
    </Stack>
  );
}

/** Long enough to tell studies apart, short enough for a legend. */
function nameOf({ studyId }: StudyState): string {
  return studyId.slice(0, 14);
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
        heads={studies.map((state) => ({ key: state.studyId, head: <code>{nameOf(state)}</code> }))}
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
