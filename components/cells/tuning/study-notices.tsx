'use client';

import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useMemo } from 'react';
import { planFaults } from '@/lib/store/plan-faults';
import { planDifferences } from '@/lib/store/plan-of-config';
import { isTuningUnderWay, shownStudy } from '@/lib/store/workbench-state';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** Why a study on the plan as it stands would not start; nothing when it would. */
export function PlanFaults() {
  const params = useWorkbenchState((state) => state.params);
  const spaceDraft = useWorkbenchState((state) => state.spaceDraft);
  const features = useWorkbenchState((state) => state.features);
  const faults = useMemo(() => planFaults({ params, spaceDraft, features }), [params, spaceDraft, features]);
  return (
    <div role="status" aria-label="What the plan lacks">
      {faults.length > 0 && (
        <Alert color="yellow" variant="light" mb="sm" title="No study can start on this plan">
          <List size="sm">
            {faults.map((fault) => (
              <List.Item key={fault}>{fault}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  );
}

/** Says that the plan above is not the one of the study below, and offers to take that one. */
export function PlanDiffers() {
  const { studies } = useWorkbench();
  const params = useWorkbenchState((state) => state.params);
  const state = useWorkbenchState((now) => shownStudy(now)?.state ?? null);
  const config = state?.config ?? null;
  const differences = useMemo(
    () => (config === null ? [] : planDifferences(params, config)),
    [params, config],
  );
  if (state === null || differences.length === 0) return null;
  return (
    <Group gap="xs" mb="sm">
      <Text size="xs" c="dimmed">
        The plan above is for the next study. The one below
        {isTuningUnderWay(state) ? ' has ' : ' had '}
        other settings: {differences.join(', ')}.
      </Text>
      <Button size="compact-xs" variant="subtle" onClick={() => studies.takePlan()}>
        Take its plan
      </Button>
    </Group>
  );
}

/** What is to be known about the study that is shown before its figures are read. */
export function StudyNotices() {
  const { studies } = useWorkbench();
  const viewed = useWorkbenchState((state) => state.viewed);
  const commandFailure = useWorkbenchState((state) => state.commandFailure);
  const activity = useWorkbenchState((state) => shownStudy(state)?.activity ?? null);
  return (
    <>
      {viewed !== null && (
        <Alert color="ink" variant="light" mb="sm" title="A study of other data" role="status">
          <Text size="sm">
            Its model cannot score what is open here. {viewed.reason} The cells below stay with this file’s
            own study.
          </Text>
          <Button size="compact-xs" variant="default" mt={6} onClick={() => studies.shelf.putBack()}>
            Back to this file’s study
          </Button>
        </Alert>
      )}
      {activity?.kind === 'held' && activity.problem !== null && (
        <Alert color="yellow" variant="light" mb="sm" title="Held: the server cannot save" role="status">
          <Text size="sm">{activity.problem.message}</Text>
          <Text size="sm" c="dimmed">
            {activity.problem.hint} Nothing is lost: every trial that was shown as done is saved.
          </Text>
        </Alert>
      )}
      {commandFailure !== null && <FailureAlert failure={commandFailure} />}
    </>
  );
}
