import { begunTrials } from '@/lib/tuning/study/study-state';
import { type FigureTable, numberColumn, textColumn } from './figure-spec';
import { objectiveName } from './objective-text';
import type { SpaceParameter } from './parameter-axis';
import type { StudyFigureInput } from './trial-marks';

/** List every trial that has begun with its state, its objective and its value of each parameter; null where it has none. */
export function trialValueTable(
  state: StudyFigureInput['state'],
  parameters: readonly SpaceParameter[],
): FigureTable {
  const { objective } = state.config;
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      textColumn('state', 'State'),
      numberColumn(objective, objectiveName(objective), 'score'),
      ...parameters.map(({ name }) => numberColumn(name, name, 'number')),
    ],
    rows: begunTrials(state).map(({ number, state: status, metrics, params }) => ({
      trial: number,
      state: status,
      [objective]: metrics?.[objective] ?? null,
      ...Object.fromEntries(parameters.map(({ name }) => [name, params[name] ?? null])),
    })),
  };
}
