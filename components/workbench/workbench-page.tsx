'use client';

import '@/lib/core/zod-without-eval';

import { AppShell, Burger, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import type { TrainingActions } from '@/lib/browser/training-service';
import { AnomaliesCell } from '../cells/anomalies-cell';
import { DriftCell } from '../cells/drift-cell';
import { EvaluationCell } from '../cells/evaluation-cell';
import { FilterBar } from '../cells/explore/filter-bar';
import { FeaturesCell } from '../cells/features-cell';
import { IngestCell } from '../cells/ingest-cell';
import { InteractionsCell } from '../cells/interactions-cell';
import { LeadsCell } from '../cells/leads-cell';
import { LeakageCell } from '../cells/leakage-cell';
import { ModelTestsCell } from '../cells/model-tests-cell';
import { ModelsCell } from '../cells/models-cell';
import { ParetoCell } from '../cells/pareto-cell';
import { QualityCell } from '../cells/quality-cell';
import { RatingCell } from '../cells/rating-cell';
import { ScoringCell } from '../cells/scoring-cell';
import { SlicesCell } from '../cells/slices-cell';
import { SourceCell } from '../cells/source-cell';
import { StrategyCell } from '../cells/strategy/strategy-cell';
import { SufficiencyCell } from '../cells/sufficiency-cell';
import { TagsCell } from '../cells/tags-cell';
import { TuningCell } from '../cells/tuning-cell';
import { preloadPlotly } from '../figure';
import { CommandPalette, CommandPaletteButton } from './command-palette';
import { FinishedNotices } from './finished-notices';
import { Outline } from './outline';
import { WorkbenchProvider } from './provider';
import { SchemeToggle } from './scheme-toggle';

interface Props {
  readonly actions: TrainingActions;
  readonly token: string;
}

/** The whole page: header, outline and the cells in reading order. */
export function WorkbenchPage({ actions, token }: Props) {
  return (
    <WorkbenchProvider actions={actions} token={token} fallback={<Starting />}>
      <Shell />
    </WorkbenchProvider>
  );
}

function Shell() {
  const [isOutlineOpen, outline] = useDisclosure(false);
  useEffect(preloadPlotly, []);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 250, breakpoint: 'md', collapsed: { mobile: !isOutlineOpen } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <AppShell.Header>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap">
          <Burger
            opened={isOutlineOpen}
            onClick={outline.toggle}
            hiddenFrom="md"
            size="sm"
            aria-label={isOutlineOpen ? 'Close the outline' : 'Open the outline'}
          />
          <Title order={1}>Leadbench</Title>
          <Text size="xs" c="dimmed" visibleFrom="sm" truncate>
            From an e-mail list to a ranked call list
          </Text>
          <Group gap={4} ml="auto" wrap="nowrap">
            <CommandPaletteButton />
            <SchemeToggle />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar py="xs">
        <Outline onNavigate={outline.close} />
      </AppShell.Navbar>
      <AppShell.Main>
        <Stack gap="md" maw={1200} mx="auto">
          <SourceCell />
          <IngestCell />
          <QualityCell />
          <FilterBar />
          <ParetoCell />
          <RatingCell />
          <TagsCell />
          <InteractionsCell />
          <SufficiencyCell />
          <DriftCell />
          <AnomaliesCell />
          <FeaturesCell />
          <LeakageCell />
          <TuningCell />
          <EvaluationCell />
          <ModelTestsCell />
          <ScoringCell />
          <SlicesCell />
          <ModelsCell />
          <StrategyCell />
          <LeadsCell />
        </Stack>
      </AppShell.Main>
      <CommandPalette />
      <FinishedNotices />
      <Notifications position="bottom-right" />
    </AppShell>
  );
}

function Starting() {
  return (
    <Text p="lg" c="dimmed" role="status">
      Leadbench is starting …
    </Text>
  );
}
