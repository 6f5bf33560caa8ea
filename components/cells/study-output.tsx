'use client';

import { Text } from '@mantine/core';
import { useMemo, useReducer } from 'react';
import { NO_PICKS, picksAfter } from '@/lib/store/cockpit-picks';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import { bestTrial } from '@/lib/tuning/study/study-state';
import { CockpitContext } from './cockpit/cockpit-context';
import { SelectionBar } from './cockpit/selection-bar';
import { StudyComparison } from './cockpit/study-comparison';
import { StudyFacts } from './cockpit/study-facts';
import { StudyFigures } from './cockpit/study-figures';
import { TrialTable } from './cockpit/trial-table';
import { useCoalesced } from './cockpit/use-coalesced';

/** A study that runs changes many times a second; three times are enough to watch it. */
const REDRAW_INTERVAL_MS = 350;

/** A study as it stands: figures and trials, with what is picked in one picked in all. */
export function StudyOutput({ study }: { readonly study: FollowedStudy }) {
  return <OneStudy key={study.state.studyId} study={study} />;
}

function OneStudy({ study: latest }: { readonly study: FollowedStudy }) {
  const study = useCoalesced(latest, REDRAW_INTERVAL_MS);
  const [picks, pick] = useReducer(picksAfter, NO_PICKS);
  const cockpit = useMemo(() => ({ picks, pick }), [picks]);
  const { state } = study;
  const hasTrials = state.trials.some((trial) => trial !== undefined);
  return (
    <CockpitContext value={cockpit}>
      {latest.connection === 'reconnecting' && (
        <Text size="sm" mb="xs" role="status">
          The connection to the server was cut; asking again. If the server was restarted, reload the page:
          nothing is lost.
        </Text>
      )}
      <StudyFacts study={study} />
      {hasTrials ? (
        <>
          <StudyFigures study={study} />
          <SelectionBar />
          <TrialTable
            state={state}
            bestNumber={bestTrial(state)?.number ?? null}
            liveReports={study.liveReports}
          />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          No trial has begun yet.
        </Text>
      )}
      <StudyComparison />
    </CockpitContext>
  );
}
