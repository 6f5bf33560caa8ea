'use client';

import { Button, Group, NumberInput, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext } from '@tabler/icons-react';
import { DESIGN_SEARCH_SPACE } from '@/lib/tuning/search-space';
import { bestTrial } from '@/lib/tuning/study-state';
import { resumption } from '@/lib/tuning/study-view';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { StudyOutput } from './study-output';

const DEFINITION = `Objective: roc_auc on the validation rows, larger is better.
Trial n is suggested from the seed and the results of trials 1 … n − workers, whichever finished first;
so the same seed and data give the same trials on any machine.

${Object.entries(DESIGN_SEARCH_SPACE)
  .map(([name, d]) => `${name.padEnd(18)} ${d.type} ${d.low} … ${d.high}${d.log ? ' (log)' : ''}`)
  .join('\n')}

tree_method hist, objective binary:logistic, one thread a trial. f1_score and recall at a threshold of 0.5.`;

/** Start, watch and stop a tuning study. */
export function TuningCell() {
  const study = useWorkbenchState((state) => state.study);
  const engine = useWorkbenchState((state) => state.engine);
  return (
    <Cell id="tuning" definition={{ label: 'definition', text: DEFINITION }} actions={<StudyButtons />}>
      <StudyParams />
      {engine?.kind === 'ready' && (
        <Text size="xs" c="dimmed" mb="sm">
          XGBoost {engine.version} ({engine.source}). This machine runs {engine.nProcesses}{' '}
          {engine.nProcesses === 1 ? 'worker process' : 'worker processes'} at once, however many workers are
          asked for.
        </Text>
      )}
      {engine?.kind === 'missing' && (
        <FailureAlert
          failure={{ code: 'engine_missing', message: engine.message, hint: engine.hint }}
          title="Training is not available"
        />
      )}
      {study ? <StudyOutput study={study} /> : <EmptyOutput id="tuning" />}
    </Cell>
  );
}

function StudyParams() {
  const workbench = useWorkbench();
  const params = useWorkbenchState((state) => state.params);
  const isRunning = useWorkbenchState((state) => state.statuses.tuning.kind === 'running');
  return (
    <Group align="flex-end" mb="sm" gap="sm">
      <NumberInput
        label="Trials"
        value={params.nTrials}
        min={1}
        max={1000}
        allowDecimal={false}
        clampBehavior="strict"
        w={90}
        disabled={isRunning}
        onChange={(value) =>
          typeof value === 'number' && value >= 1 && void workbench.setParams({ nTrials: value })
        }
      />
      <NumberInput
        label="Workers"
        value={params.workers}
        min={1}
        max={64}
        allowDecimal={false}
        clampBehavior="strict"
        w={90}
        disabled={isRunning}
        onChange={(value) =>
          typeof value === 'number' && value >= 1 && void workbench.setParams({ workers: value })
        }
      />
      <div>
        <Text size="xs" fw={500} id="sampler-label">
          Search
        </Text>
        <SegmentedControl
          aria-labelledby="sampler-label"
          value={params.sampler}
          disabled={isRunning}
          onChange={(value) =>
            void workbench.setParams({ sampler: value === 'random' ? 'random' : 'bayesian' })
          }
          data={[
            { value: 'bayesian', label: 'Bayesian' },
            { value: 'random', label: 'Random' },
          ]}
        />
      </div>
      <Text size="xs" c="dimmed" className="tabular" pb={7}>
        Seed {params.seed}
      </Text>
    </Group>
  );
}

function StudyButtons() {
  const workbench = useWorkbench();
  const status = useWorkbenchState((state) => state.statuses.tuning);
  const study = useWorkbenchState((state) => state.study);
  const hasFeatures = useWorkbenchState(
    (state) => state.features !== null && state.statuses.features.kind === 'done',
  );
  const engine = useWorkbenchState((state) => state.engine);
  if (status.kind === 'running') {
    const isStopping = study?.state.phase === 'stopping';
    return (
      <Button
        size="compact-xs"
        color="red"
        variant="light"
        leftSection={<IconPlayerStop size={14} />}
        disabled={!study || isStopping}
        onClick={() => void workbench.stopStudy()}
      >
        {isStopping ? 'Stopping …' : 'Stop'}
      </Button>
    );
  }
  const isBlocked = status.kind === 'blocked' || !hasFeatures || engine?.kind !== 'ready';
  const canResume = study !== null && resumption(study) !== null;
  const canEvaluate =
    study !== null &&
    study.state.phase === 'tuned' &&
    bestTrial(study.state) !== null &&
    resumption(study) === 'tune';
  return (
    <>
      {canResume && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlayerTrackNext size={14} />}
          onClick={() => void workbench.resumeStudy()}
        >
          Resume
        </Button>
      )}
      {canEvaluate && (
        <Button size="compact-xs" variant="default" onClick={() => void workbench.evaluateStudy()}>
          Evaluate the best so far
        </Button>
      )}
      <Tooltip label={isBlocked ? 'Needs open gate, prepared features and XGBoost' : 'Train on this machine'}>
        <Button
          size="compact-xs"
          leftSection={<IconPlayerPlay size={14} />}
          disabled={isBlocked}
          onClick={() => void workbench.launchStudy()}
        >
          {study ? 'Start a new study' : 'Start the study'}
        </Button>
      </Tooltip>
    </>
  );
}
