import { scaledRange, shareOfValue, stepOf, unscaledValue } from '@/lib/tuning/space/distribution';
import type { Distribution } from '@/lib/tuning/space/search-space';
import { asGain } from '@/lib/tuning/study/trial-record';
import { paddedRange } from './axis-range';
import { type MeasuredTrial, measuredGroups } from './measured-trials';
import { objectiveName, objectiveText } from './objective-text';
import { type SpaceParameter, spaceParameters } from './parameter-axis';
import { parameterText } from './parameter-text';
import type { StudyFigureInput } from './trial-marks';

type State = StudyFigureInput['state'];

/** Height of a trial without a value, below the axis. */
export const ABSENT_HEIGHT = -0.14;

/** One of the upright axes, from height 0 to 1. */
export interface ParallelAxis {
  readonly name: string;
  /** Height of a trial on the axis; `ABSENT_HEIGHT` where it has no value. */
  readonly heightOf: (trial: MeasuredTrial) => number;
  readonly textOf: (trial: MeasuredTrial) => string;
  readonly ticks: readonly { readonly height: number; readonly text: string }[];
  /** Whether trials may lack a value. */
  readonly isConditional: boolean;
}

/**
 * Lay out an axis for each parameter of the space, over its whole range on its sampling scale, and one for the objective,
 * the better end up. The axes do not depend on what is selected.
 */
export function parallelAxes(state: State): readonly ParallelAxis[] {
  return [...spaceParameters(state.config).map(parameterAxis), objectiveAxis(state)];
}

function parameterAxis({ name, distribution }: SpaceParameter): ParallelAxis {
  return {
    name,
    heightOf: ({ params }) => {
      const value = params[name];
      return value === undefined ? ABSENT_HEIGHT : shareOfValue(distribution, value);
    },
    textOf: ({ params }) => `${name} ${parameterText(params[name] ?? 'absent')}`,
    ticks: parameterTicks(distribution),
    isConditional: distribution.when !== undefined,
  };
}

/** More categories than these are not all named. */
const MAX_NAMED = 8;

function parameterTicks(distribution: Distribution): ParallelAxis['ticks'] {
  const tick = (value: number | string) => ({
    height: shareOfValue(distribution, value),
    text: parameterText(value),
  });
  if (distribution.type === 'choice') {
    const { values } = distribution;
    const every = Math.ceil(values.length / MAX_NAMED);
    return values.filter((_, i) => i % every === 0).map(tick);
  }
  const { low, high } = scaledRange(distribution);
  // Half-way on the scale, on a step where there are steps.
  const middle = unscaledValue(distribution, (low + high) / 2);
  const rounded = stepOf(distribution) === 0 ? Number(middle.toPrecision(2)) : middle;
  return [...new Set([distribution.low, rounded, distribution.high])].map(tick);
}

const OBJECTIVE_TICKS = [0, 0.25, 0.5, 0.75, 1];

function objectiveAxis(state: State): ParallelAxis {
  const { objective } = state.config;
  const gains = measuredGroups(state).flatMap(({ trials }) =>
    trials.map(({ metrics }) => asGain(metrics[objective], objective)),
  );
  const [low, high] = paddedRange(gains);
  return {
    name: objectiveName(objective),
    heightOf: ({ metrics }) => (asGain(metrics[objective], objective) - low) / (high - low),
    textOf: ({ metrics }) => `${objectiveName(objective)} ${objectiveText(metrics[objective])}`,
    ticks: OBJECTIVE_TICKS.map((height) => ({
      height,
      text: objectiveText(asGain(low + height * (high - low), objective)),
    })),
    isConditional: false,
  };
}

/** A rectangle drawn over the axes: places of axes along (0 is the first), heights up. */
export interface AxesBrush {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/**
 * List the trials that pass through a rectangle on every axis that it covers, lowest number first; none where it covers no
 * axis. This is what Plotly's `range` of a box selection means over `parallelCoordinatesFigure`.
 */
export function trialsThrough(state: State, brush: AxesBrush): readonly number[] {
  const covered = parallelAxes(state).filter((_, place) => isWithin(place, brush.x));
  if (covered.length === 0) return [];
  return measuredGroups(state)
    .flatMap(({ trials }) => trials)
    .filter((trial) => covered.every(({ heightOf }) => isWithin(heightOf(trial), brush.y)))
    .map(({ number }) => number)
    .sort((a, b) => a - b);
}

function isWithin(value: number, [a, b]: readonly [number, number]): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b);
}
