import type { Dash, Data, LayoutAxis } from 'plotly.js';
import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { isComplete } from '@/lib/tuning/study/trial-record';
import { emptyLayout, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type ComparisonView, type StudyCurve, studyCurve } from './compared-curves';
import { valueOfBetterHalf } from './empirical-distribution';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { objectiveMeasure, objectiveName, objectiveText } from './objective-text';
import { plotText } from './plot-text';
import { countAxis, objectiveAxis, STUDY_MARGIN, shareAxis } from './study-axes';
import { type MarkStyle, trialMarkers } from './trial-marks';

export type { ComparisonView } from './compared-curves';

/** A study among those compared. */
export interface ComparedStudy {
  readonly state: Pick<StudyState, 'studyId' | 'config' | 'trials' | 'steps'>;
  /** What the page calls it. */
  readonly name: string;
  /** Numbers of its own trials that are drawn emphasised. */
  readonly selected: ReadonlySet<number>;
}

/**
 * Draw two studies or more over each other: the best by trial, the best by boosting rounds trained, or the distribution of
 * the complete trials' objective. Each has a colour, a dash and a symbol of its own; `meta.studyId` of a trace says whose
 * the trial numbers in its `customdata` are. Studies of different objectives cannot be compared, and the figure says so.
 */
export function compareStudiesFigure(
  input: { readonly studies: readonly ComparedStudy[]; readonly view: ComparisonView },
  theme: ChartTheme,
): FigureSpec {
  const { studies, view } = input;
  const [first] = studies;
  const reason = whyNotComparable(studies);
  const curves = studies.map((study) => ({ study, curve: studyCurve(study.state, view) }));
  if (reason !== null || first === undefined) {
    const title = reason ?? 'There is no study to compare.';
    return { title, data: [], layout: emptyLayout(theme, title), table: comparisonTable([], view) };
  }
  const table = comparisonTable(curves, view);
  if (curves.every(({ curve }) => curve.points.length === 0)) {
    const title = `No trial of the ${countText(studies.length)} studies is complete yet.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial is complete yet.'), table };
  }
  const isAnySelected = studies.some(({ selected }) => selected.size > 0);
  return {
    title: comparisonTitle(studies, view),
    data: curves.flatMap(({ study, curve }, place) =>
      studyTraces(curve, { study, place, isAnySelected, view, theme }),
    ),
    layout: themedLayout(theme, {
      showlegend: true,
      margin: STUDY_MARGIN,
      ...comparisonAxes(curves, { first, view, theme }),
    }),
    table,
  };
}

interface ComparedCurve {
  readonly study: ComparedStudy;
  readonly curve: StudyCurve;
}

function whyNotComparable(studies: readonly ComparedStudy[]): string | null {
  const objectives = [...new Set(studies.map(({ state }) => objectiveName(state.config.objective)))];
  return objectives.length > 1
    ? `These studies cannot be compared: they are judged by ${objectives.join(' and ')}.`
    : null;
}

function comparisonTitle(studies: readonly ComparedStudy[], view: ComparisonView): string {
  const [first] = studies;
  if (first === undefined) throw new Error('A comparison needs a study');
  const name = objectiveName(first.state.config.objective);
  const subject = view === 'distribution' ? `${name} that half of the complete trials reach` : `Best ${name}`;
  const parts = studies.map((study) => `${study.name} ${resultText(study, view)}`);
  return `${subject}: ${parts.join(', ')}.${areSameRows(studies) ? '' : ' They were not measured on the same rows.'}`;
}

function resultText({ state }: ComparedStudy, view: ComparisonView): string {
  const { objective } = state.config;
  const { nComplete, nRounds } = studyProgress(state);
  const best = bestTrial(state);
  if (best === null) return 'none yet';
  if (view === 'distribution') {
    const half = valueOfBetterHalf(state.trials.filter(isComplete), state.config);
    return `${half === null ? '–' : objectiveText(half)} (of ${countText(nComplete)})`;
  }
  const value = objectiveText(best.metrics[objective]);
  return view === 'rounds'
    ? `${value} in ${nounText(nRounds, 'round', 'rounds')}`
    : `${value} in trial ${countText(best.number)} of ${countText(state.config.nTrials)}`;
}

/** Whether the same rows were measured in the same way, so that a difference is one of the parameters. */
function areSameRows(studies: readonly ComparedStudy[]): boolean {
  const keys = studies.map(({ state: { config } }) =>
    JSON.stringify([config.datasetDigest, config.validation, config.threshold, config.economics]),
  );
  return new Set(keys).size === 1;
}

const DASHES = ['solid', 'dash', 'dot', 'dashdot'] as const satisfies readonly Dash[];
const SYMBOLS = ['circle', 'diamond', 'square', 'triangle-up'] as const;

/** The look of the nth study; colour and dash together differ for the first sixteen. */
function studyStyle(place: number, name: string, theme: ChartTheme): Omit<MarkStyle, 'pattern'> {
  const round = Math.floor(place / DASHES.length);
  const [color, dash, symbol] = [
    theme.series[place % theme.series.length],
    DASHES[(place + round) % DASHES.length],
    SYMBOLS[place % SYMBOLS.length],
  ];
  if (color === undefined || dash === undefined || symbol === undefined) throw new Error('No look left');
  return { name: plotText(name), color, dash, symbol };
}

function studyTraces(
  { points, from, to }: StudyCurve,
  options: {
    readonly study: ComparedStudy;
    readonly place: number;
    readonly isAnySelected: boolean;
    readonly view: ComparisonView;
    readonly theme: ChartTheme;
  },
): readonly Data[] {
  const { study, place, isAnySelected, view, theme } = options;
  if (points.length === 0) return [];
  const style = studyStyle(place, study.name, theme);
  const vertices = [...(from === null ? [] : [from]), ...points, ...(to === null ? [] : [to])];
  // With a selection in any study, the others recede too; no trial has number 0.
  const selected = isAnySelected && study.selected.size === 0 ? new Set([0]) : study.selected;
  const markers = trialMarkers(
    points.map(({ trialNumber, x, y, value }) => ({ trialNumber, x, y, texts: [objectiveText(value)] })),
    {
      ...{ style, selected, theme },
      hovertemplate: `${style.name}, trial %{customdata[0]}: %{customdata[1]}${view === 'distribution' ? '<br>%{y:.1%} up to here' : ''}<extra></extra>`,
    },
  );
  const shared = { legendgroup: study.state.studyId, meta: { studyId: study.state.studyId } };
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: style.name,
      x: vertices.map(({ x }) => x),
      y: vertices.map(({ y }) => y),
      line: { color: style.color, dash: style.dash, width: 2, shape: 'hv' },
      hoverinfo: 'skip',
      ...shared,
    },
    { ...markers, showlegend: false, ...shared },
  ];
}

function comparisonAxes(
  curves: readonly ComparedCurve[],
  options: { readonly first: ComparedStudy; readonly view: ComparisonView; readonly theme: ChartTheme },
): { readonly xaxis: Partial<LayoutAxis>; readonly yaxis: Partial<LayoutAxis> } {
  const { first, view, theme } = options;
  const { config } = first.state;
  const values = curves.flatMap(({ curve }) => curve.points.map(({ value }) => value));
  if (view === 'distribution') {
    return { xaxis: objectiveAxis(config, values, { theme }), yaxis: shareAxis(theme) };
  }
  const end = Math.max(...curves.map(({ curve }) => curve.to?.x ?? 0));
  return {
    xaxis: countAxis(view === 'rounds' ? 'Boosting rounds trained' : 'Trial', [0, end * 1.03], theme),
    yaxis: objectiveAxis(config, values, { theme, title: `Best ${objectiveMeasure(config)} so far` }),
  };
}

function comparisonTable(curves: readonly ComparedCurve[], view: ComparisonView): FigureTable {
  const objective = curves[0]?.study.state.config.objective ?? 'roc_auc';
  return {
    columns: [
      textColumn('study', 'Study'),
      numberColumn('trial', 'Trial', 'count'),
      ...(view === 'rounds' ? [numberColumn('rounds_trained', 'Rounds trained', 'count')] : []),
      ...(view === 'distribution' ? [numberColumn('share', 'Share up to it', 'share')] : []),
      numberColumn(objective, objectiveName(objective), 'score'),
      numberColumn('low', '95 % from', 'score'),
      numberColumn('high', '95 % to', 'score'),
    ],
    rows: curves.flatMap(({ study, curve }) =>
      curve.points.map(({ trialNumber, x, y, value, interval }) => ({
        study: study.name,
        trial: trialNumber,
        ...(view === 'rounds' && { rounds_trained: x }),
        ...(view === 'distribution' && { share: y }),
        [objective]: value,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      })),
    ),
  };
}
