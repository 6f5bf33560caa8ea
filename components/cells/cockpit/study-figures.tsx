'use client';

import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { bestSoFarFigure } from '@/lib/charts/best-so-far-figure';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import type { ParameterPair } from '@/lib/charts/contour-figure';
import { objectiveDistributionFigure } from '@/lib/charts/objective-distribution-figure';
import { optimisationHistoryFigure } from '@/lib/charts/optimisation-history-figure';
import { spaceParameters } from '@/lib/charts/parameter-axis';
import { workerTimelineFigure } from '@/lib/charts/worker-timeline-figure';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import type { ParameterName } from '@/lib/tuning/parameter-catalogue';
import type { StudyState } from '@/lib/tuning/study-state';
import {
  ContourPanel,
  CurvesPanel,
  ImportancesPanel,
  ParallelPanel,
  SlicePanel,
  TrialFigure,
  type TrialFigureInput,
} from './figure-panels';

/** The figures of a study, one at a time: only the one that is looked at is drawn. */
export function StudyFigures({ study }: { readonly study: FollowedStudy }) {
  const { state, liveReports } = study;
  const [tab, setTab] = useState<string | null>('history');
  const [slice, setSlice] = useState<ParameterName | 'all'>('all');
  const [chosenPair, setPair] = useState<ParameterPair | null>(null);
  const pair = chosenPair ?? firstPair(state);
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false} mb="sm">
      <Tabs.List mb="sm">
        <Tabs.Tab value="history">History</Tabs.Tab>
        <Tabs.Tab value="best">Best so far</Tabs.Tab>
        <Tabs.Tab value="importances">Importances</Tabs.Tab>
        <Tabs.Tab value="parallel">Parallel coordinates</Tabs.Tab>
        <Tabs.Tab value="slice">Slice</Tabs.Tab>
        {pair !== null && <Tabs.Tab value="contour">Contour</Tabs.Tab>}
        <Tabs.Tab value="curves">Learning curves</Tabs.Tab>
        <Tabs.Tab value="distribution">EDF</Tabs.Tab>
        <Tabs.Tab value="timeline">Workers</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="history">
        <TrialFigure state={state} figure={optimisationHistoryFigure} fileName="optimisation_history" />
      </Tabs.Panel>
      <Tabs.Panel value="best">
        <TrialFigure state={state} figure={bestSoFarFigure} fileName="best_so_far" />
      </Tabs.Panel>
      <Tabs.Panel value="importances">
        <ImportancesPanel state={state} />
      </Tabs.Panel>
      <Tabs.Panel value="parallel">
        <ParallelPanel state={state} />
      </Tabs.Panel>
      <Tabs.Panel value="slice">
        <SlicePanel state={state} choice={slice} onChoose={setSlice} />
      </Tabs.Panel>
      {pair !== null && (
        <Tabs.Panel value="contour">
          <ContourPanel state={state} choice={pair} onChoose={setPair} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="curves">
        <CurvesPanel state={state} liveReports={liveReports} />
      </Tabs.Panel>
      <Tabs.Panel value="distribution">
        <TrialFigure state={state} figure={objectiveDistributionFigure} fileName="objective_distribution" />
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <TrialFigure state={state} figure={timeline} fileName="worker_timeline" />
      </Tabs.Panel>
    </Tabs>
  );
}

/** Running stretches are drawn up to the last event, so that the figure changes with the study and not with the clock. */
function timeline(input: TrialFigureInput, theme: ChartTheme) {
  return workerTimelineFigure({ ...input, nowMs: input.state.updatedAtMs }, theme);
}

/** The first two parameters of the space; null where there is only one. */
function firstPair({ config }: StudyState): ParameterPair | null {
  const [first, second] = spaceParameters(config);
  return first === undefined || second === undefined ? null : [first.name, second.name];
}
