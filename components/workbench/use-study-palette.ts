'use client';

import type { SpotlightActionData } from '@mantine/spotlight';
import { useMemo } from 'react';
import { nextSeed, studyCommands, suggestedExtension } from '@/lib/store/study-commands';
import { canLaunchStudy } from '@/lib/store/workbench-state';
import { openFold, STUDIES_FOLD_ID } from '../cells/tuning/fold';
import { useShownStudy, useWorkbench, useWorkbenchState } from './use-workbench';

/** What the palette offers of studies: what can be asked of the one that is shown, a new one, and the list of all. */
export function useStudyPalette(): readonly SpotlightActionData[] {
  const { studies } = useWorkbench();
  const shown = useShownStudy();
  const isOwn = useWorkbenchState((state) => state.viewed === null);
  const canLaunch = useWorkbenchState(
    (state) =>
      state.engine?.kind === 'ready' && state.statuses.tuning.kind !== 'running' && canLaunchStudy(state),
  );
  return useMemo(() => {
    const offered: SpotlightActionData[] = [
      { id: 'studies', label: 'List all studies', onClick: () => openFold(STUDIES_FOLD_ID) },
    ];
    const offer = (is: boolean | undefined, id: string, label: string, run: () => Promise<void>) => {
      if (is) offered.push({ id, label, onClick: () => void run() });
    };
    offer(isOwn && canLaunch, 'launch', 'Start a tuning study', () => studies.launch());
    if (shown === null) return offered;
    const { config } = shown.state;
    const can = studyCommands(shown);
    const nMore = suggestedExtension(config);
    const seed = nextSeed(config);
    offer(can.canPause, 'pause', 'Pause the study', () => studies.pause());
    offer(can.canResume, 'resume', 'Resume the study', () => studies.resume());
    offer(can.canStop, 'stop', 'Stop the study', () => studies.stop());
    offer(isOwn && can.canExtend, 'extend', `Extend the study to ${config.nTrials + nMore} trials`, () =>
      studies.extend(nMore),
    );
    offer(isOwn && can.canRerun, 'rerun', `Run the study again with seed ${seed}`, () => studies.rerun(seed));
    offer(isOwn && can.canEvaluate, 'evaluate', 'Evaluate the best trial so far', () => studies.evaluate());
    return offered;
  }, [studies, shown, isOwn, canLaunch]);
}
