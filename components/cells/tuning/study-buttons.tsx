'use client';

import { Button, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMemo } from 'react';
import { studyCommands } from '@/lib/store/study-commands';
import { canLaunchStudy } from '@/lib/store/workbench-state';
import { useShownStudy, useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { ExtendButton, RerunButton } from './asking-buttons';

/** Everything that can be asked of the study that is shown, and the start of a new one. */
export function StudyButtons() {
  const { studies } = useWorkbench();
  const isRunning = useWorkbenchState((state) => state.statuses.tuning.kind === 'running');
  const isForeign = useWorkbenchState((state) => state.viewed !== null);
  const study = useShownStudy();
  const commands = useMemo(() => (study === null ? null : studyCommands(study)), [study]);
  const phase = study?.state.phase;
  return (
    <>
      {commands?.canResume && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlayerTrackNext size={14} />}
          onClick={() => void studies.resume()}
        >
          Resume
        </Button>
      )}
      {commands?.canEvaluate && !isForeign && (
        <Button size="compact-xs" variant="default" onClick={() => void studies.evaluate()}>
          Evaluate the best so far
        </Button>
      )}
      {study !== null && commands?.canExtend && !isForeign && <ExtendButton config={study.state.config} />}
      {study !== null && commands?.canRerun && !isForeign && <RerunButton config={study.state.config} />}
      {(commands?.canPause || phase === 'pausing') && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          disabled={!commands?.canPause}
          onClick={() => void studies.pause()}
        >
          {phase === 'pausing' ? 'Pausing …' : 'Pause'}
        </Button>
      )}
      {(isRunning || commands?.canStop || phase === 'stopping') && (
        <Button
          size="compact-xs"
          color="red"
          variant="light"
          leftSection={<IconPlayerStop size={14} />}
          disabled={!commands?.canStop}
          onClick={() => void studies.stop()}
        >
          {phase === 'stopping' ? 'Stopping …' : 'Stop'}
        </Button>
      )}
      {!isRunning && !isForeign && <StartButton hasStudy={study !== null} />}
    </>
  );
}

function StartButton({ hasStudy }: { readonly hasStudy: boolean }) {
  const { studies } = useWorkbench();
  const canLaunch = useWorkbenchState((state) => canLaunchStudy(state) && state.engine?.kind === 'ready');
  return (
    <Tooltip
      label={
        canLaunch ? 'Train on this machine' : 'Needs open gate, prepared features, a sound plan and XGBoost'
      }
    >
      <Button
        size="compact-xs"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={!canLaunch}
        onClick={() => void studies.launch()}
      >
        {hasStudy ? 'Start a new study' : 'Start the study'}
      </Button>
    </Tooltip>
  );
}
