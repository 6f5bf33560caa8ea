'use client';

import { Tabs } from '@mantine/core';
import { useState } from 'react';
import type { ParameterPair } from '@/lib/charts/contour-figure';
import { spaceParameters } from '@/lib/charts/parameter-axis';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { FailureAlert } from '../../workbench/cell';
import { PairChoice, SliceChoice } from './figure-choices';
import { TrialFigure } from './trial-figure';
import { useCoalesced } from './use-coalesced';
import { useImportances } from './use-importances';
import { FIGURE_TABS, type FigureTab, useShownFigure } from './use-shown-figure';

/** To draw a figure of a thousand trials takes the page as long as to draw everything else. */
const REDRAW_INTERVAL_MS = 1000;

/** The figures of a study, one at a time: only the one that is looked at is drawn. */
export function StudyFigures({ study }: { readonly study: FollowedStudy }) {
  const { state, liveReports } = useCoalesced(study, REDRAW_INTERVAL_MS);
  const { config } = state;
  const [tab, setTab] = useState<FigureTab>('history');
  const [slice, setSlice] = useState<ParameterName | 'all'>('all');
  const [chosenPair, setPair] = useState<ParameterPair | null>(null);
  const [pairBefore] = useState(() => firstPair(config));
  const pair = chosenPair ?? pairBefore;
  const { importances, failure } = useImportances(state, tab === 'importances');
  const shown = useShownFigure(tab, { state, liveReports, importances, slice, pair });
  return (
    <Tabs value={tab} onChange={(id) => setTab(FIGURE_TABS.find((one) => one.id === id)?.id ?? tab)} mb="sm">
      <Tabs.List mb="sm">
        {FIGURE_TABS.filter(({ id }) => id !== 'contour' || pair !== null).map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab}>
        {tab === 'slice' && <SliceChoice config={config} choice={slice} onChoose={setSlice} />}
        {tab === 'contour' && pair !== null && (
          <PairChoice config={config} choice={pair} onChoose={setPair} />
        )}
        {tab === 'importances' && failure !== null && <FailureAlert failure={failure} />}
        {/* One for all tabs: to draw into what is there is three times faster than to begin anew. */}
        <TrialFigure {...shown} />
      </Tabs.Panel>
    </Tabs>
  );
}

/** The first two parameters of the space; null where there is only one. */
function firstPair(config: StudyConfig): ParameterPair | null {
  const [first, second] = spaceParameters(config);
  return first === undefined || second === undefined ? null : [first.name, second.name];
}
