import type { FeatureSpec } from '@/lib/features/spec';
import { gridSize } from '@/lib/tuning/samplers/grid-sampler';
import type { SearchSpace } from '@/lib/tuning/space/search-space';
import { foldLeakFault } from '@/lib/tuning/study/fold-leak';
import type { PipelineParams } from '@/lib/tuning/study/pipeline-params';
import { draftedSpace, type SpaceDraft } from './space-draft';

/** What decides whether a plan can be carried out. */
export interface DraftedPlan {
  readonly params: Pick<PipelineParams, 'nTrials' | 'sampler' | 'plan'>;
  readonly spaceDraft: SpaceDraft | null;
  /** Null before the features are prepared. */
  readonly features: { readonly spec: Pick<FeatureSpec, 'features'> } | null;
}

/**
 * Say in sentences why a study cannot be launched on a plan as it is being written; empty when it can. Whether the data are
 * ready is not looked at.
 */
export function planFaults({ params, spaceDraft, features }: DraftedPlan): readonly string[] {
  const { nTrials, sampler, plan } = params;
  const drafted = spaceDraft === null ? null : draftedSpace(spaceDraft);
  if (drafted !== null && !drafted.ok) return drafted.faults.map(({ message }) => sentence(message));
  return [
    ...(sampler === 'grid' ? gridFaults(plan.searchSpace, nTrials) : []),
    ...leakFaults(plan.validation, features?.spec ?? null),
    ...constraintFaults(plan.monotoneConstraints, features?.spec.features ?? null),
  ];
}

function gridFaults(space: SearchSpace, nTrials: number): readonly string[] {
  const nPoints = nGridPoints(space);
  if (nTrials <= nPoints) return [];
  const points = nPoints === 1 ? 'one point' : `${nPoints} points`;
  return [`The grid of this search space has ${points}, fewer than the ${nTrials} trials asked for.`];
}

function leakFaults(
  validation: PipelineParams['plan']['validation'],
  spec: Pick<FeatureSpec, 'features'> | null,
): readonly string[] {
  const fault = spec === null ? null : foldLeakFault(validation, spec);
  return fault === null ? [] : [`${fault.message} ${fault.hint}`];
}

function constraintFaults(
  constraints: PipelineParams['plan']['monotoneConstraints'],
  features: FeatureSpec['features'] | null,
): readonly string[] {
  if (features === null) return [];
  const names = new Set(features.map(({ name }) => name));
  return Object.keys(constraints)
    .filter((name) => !names.has(name))
    .map((name) => `The monotone constraint on “${name}” fits no feature of this data: remove it.`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Asked at every change of the page; counting a grid walks over all values of its parameters. */
const countedGrids = new WeakMap<SearchSpace, number>();

/** Count the points of a space's grid; see `gridSize`. A space is counted once. */
export function nGridPoints(space: SearchSpace): number {
  const known = countedGrids.get(space);
  if (known !== undefined) return known;
  const nPoints = gridSize(space);
  countedGrids.set(space, nPoints);
  return nPoints;
}
