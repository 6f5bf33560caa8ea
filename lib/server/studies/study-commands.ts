import { type Failure, fail, type Result, succeed } from '@/lib/core/result';
import { gridSize } from '@/lib/tuning/samplers/grid-sampler';
import { type StudyConfig, studyConfigSchema } from '@/lib/tuning/study/study-config';
import { bestTrial } from '@/lib/tuning/study/study-state';
import { isExtendable, resumption, type StudyView } from '@/lib/tuning/study/study-view';
import type { TrainingEngine } from './study-engine';
import type { StudyEntry } from './study-entry';
import type { StudyLaunch } from './study-launch';

/** Choose what resuming means. Fails with `study_not_resumable`. */
export function resumeTask(view: StudyView): Result<'tune' | 'evaluate'> {
  const task = resumption(view);
  if (task !== null) return succeed(task);
  return fail('study_not_resumable', 'This study runs or is done.', 'Extend it for more trials.');
}

/** Check that the best trial so far can be made a model of. Fails with `study_without_result` or `study_not_resumable`. */
export function evaluateTask({ state, activity }: StudyView): Result<'evaluate'> {
  if (bestTrial(state) === null) {
    return fail('study_without_result', 'No trial of this study has completed.', 'Resume the study first.');
  }
  if (activity.kind === 'idle' && state.phase !== 'evaluated') return succeed('evaluate');
  return fail(
    'study_not_resumable',
    'This study runs or is evaluated already.',
    'Wait for it, or open its model.',
  );
}

/** The failure of a grid that holds fewer points than the trials asked for; null for any other sampler and where it holds enough. */
export function gridFault({
  sampler,
  searchSpace,
  nTrials,
}: Pick<StudyConfig, 'sampler' | 'searchSpace' | 'nTrials'>): Failure | null {
  if (sampler !== 'grid') return null;
  const nPoints = gridSize(searchSpace);
  if (nTrials <= nPoints) return null;
  return {
    code: 'grid_too_small',
    message: `The grid of this search space has ${nPoints} points, fewer than the ${nTrials} trials asked for.`,
    hint: `Ask for ${nPoints} trials, or widen the space.`,
  };
}

/** Say why a study cannot be extended to a number of trials; null when it can. */
export function extensionFault(view: StudyView, nTrials: number): Result<void> {
  const { config } = view.state;
  if (!isExtendable(view)) {
    return fail('study_not_extendable', 'This study is about to end.', 'Extend it when it has ended.');
  }
  const extended = studyConfigSchema.safeParse({ ...config, nTrials });
  if (nTrials <= config.nTrials || !extended.success) {
    return fail(
      'extension_too_small',
      `This study has ${config.nTrials} trials already; it can be extended to more, at most 10,000.`,
      'Ask for a larger total.',
    );
  }
  const grid = gridFault(extended.data);
  return grid === null ? succeed(undefined) : { ok: false, error: grid };
}

/** Check that a launch with a known key asks for the very same study. Fails with `launch_conflict`. */
export function sameLaunch(entry: StudyEntry, launch: StudyLaunch): Result<StudyView> {
  const { config, gateOverrideReason } = entry.log.state();
  // A study that was extended since was launched with fewer trials.
  const asked = { ...launch.config, nTrials: Math.max(launch.config.nTrials, config.nTrials) };
  const asJson = (value: Pick<StudyLaunch, 'config' | 'gateOverrideReason'>) =>
    JSON.stringify([studyConfigSchema.parse(value.config), value.gateOverrideReason]);
  const isSame =
    asJson({ config, gateOverrideReason }) ===
    asJson({ config: asked, gateOverrideReason: launch.gateOverrideReason });
  if (isSame) return succeed(entry.view());
  return fail(
    'launch_conflict',
    'This launch was made before with other settings.',
    'Reload the page, then launch the study again.',
  );
}

/** The failure of going on with another version of XGBoost than a study began with. */
export function engineChanged(began: string, engine: TrainingEngine) {
  return fail(
    'engine_changed',
    `This study began with XGBoost ${began}, and ${engine.info.version} is in use now; its trials would not be comparable.`,
    'Launch the study again, or go back to that version.',
  );
}
