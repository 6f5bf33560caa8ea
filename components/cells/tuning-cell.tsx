'use client';

import { Text } from '@mantine/core';
import { type ReactNode, useDeferredValue } from 'react';
import { settingsSummary, spaceSummary } from '@/lib/store/plan-words';
import { draftedSpace } from '@/lib/store/space-draft';
import { shownStudy } from '@/lib/store/workbench-state';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { StudyComparison } from './cockpit/study-comparison';
import { LeakageWarning } from './leakage-warning';
import { StudiesPanel } from './studies-panel';
import { StudyOutput } from './study-output';
import { Fold, STUDIES_FOLD_ID } from './tuning/fold';
import { MoreSettings } from './tuning/more-settings';
import classes from './tuning/plan.module.css';
import { PlanEditor } from './tuning/plan-editor';
import { SpaceEditor } from './tuning/space-editor';
import { StudyButtons } from './tuning/study-buttons';
import { PlanDiffers, PlanFaults, StudyNotices } from './tuning/study-notices';

const DEFINITION = `Trial n is suggested from the seed and the results of trials 1 … n − workers, whichever finished first;
with ASHA a step is either the start of a trial or the promotion of a paused one, and steps are decided by the same rule.
So the same seed and data give the same trials and the same model on any machine.

Objectives are measured on the validation rows, or by repeated stratified k-fold on training + validation rows. Test rows are not looked at.
f1_score and recall: at the threshold of the study’s rule, found on the rows a trial is measured on.
expected_profit: US dollars a row, when whoever is likelier to buy than contact cost ÷ sale value is contacted.

tree_method hist, objective binary:logistic, one thread a trial. A parameter outside the search space has XGBoost’s own default.`;

/** Plan, start, watch and stop a tuning study. Nothing here but the output draws again with every trial. */
export function TuningCell() {
  return (
    <Cell id="tuning" definition={{ label: 'definition', text: DEFINITION }} actions={<StudyButtons />}>
      <Plan />
      <PlanFaults />
      <LeakageWarning />
      <Engine />
      <PlanDiffers />
      <div className={classes.studies}>
        <Fold title="Studies" summary="all on this server: open one, compare some" buttonId={STUDIES_FOLD_ID}>
          <StudiesPanel />
        </Fold>
      </div>
      <StudyNotices />
      <ShownStudy />
    </Cell>
  );
}

function ShownStudy() {
  // A study that is opened has much to draw at once: in slices, so that the page answers meanwhile.
  const study = useDeferredValue(useWorkbenchState(shownStudy));
  const isReading = useWorkbenchState((state) => state.viewed !== null && state.viewed.study === null);
  if (isReading) return <Text size="sm">Reading the study …</Text>;
  if (study !== null) return <StudyOutput study={study} />;
  // Studies of other files can be compared before this one has any.
  return (
    <>
      <EmptyOutput id="tuning" />
      <StudyComparison />
    </>
  );
}

/** The plan of the next study. While one runs it is shown, not changed. */
function Plan() {
  const plan = useWorkbenchState((state) => state.params.plan);
  const isSound = useWorkbenchState(({ spaceDraft }) => spaceDraft === null || draftedSpace(spaceDraft).ok);
  const isRunning = useWorkbenchState((state) => state.statuses.tuning.kind === 'running');
  const part = (label: string, content: ReactNode) => (
    <fieldset className={classes.part} disabled={isRunning} aria-label={label}>
      {content}
    </fieldset>
  );
  return (
    <div className={classes.plan}>
      {part('Plan', <PlanEditor />)}
      <Fold title="Search space" summary={isSound ? spaceSummary(plan.searchSpace) : 'not sound yet'}>
        {part('Search space', <SpaceEditor />)}
      </Fold>
      <Fold title="More" summary={settingsSummary(plan)}>
        {part('More settings', <MoreSettings />)}
      </Fold>
    </div>
  );
}

/** Which XGBoost trains, or why none does. */
function Engine() {
  const engine = useWorkbenchState((state) => state.engine);
  if (engine === null) return null;
  if (engine.kind === 'missing') {
    return (
      <FailureAlert
        failure={{ code: 'engine_missing', message: engine.message, hint: engine.hint }}
        title="Training is not available"
      />
    );
  }
  return (
    <Text size="xs" c="dimmed" mb="sm">
      XGBoost {engine.version} ({engine.source}). This machine runs {engine.nProcesses}{' '}
      {engine.nProcesses === 1 ? 'worker process' : 'worker processes'} at once, however many workers are
      asked for.
    </Text>
  );
}
