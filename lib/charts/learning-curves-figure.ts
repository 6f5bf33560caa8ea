import type { Data } from 'plotly.js';
import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { begunTrials, bestTrial } from '@/lib/tuning/study/study-state';
import type { TrialRecord, TrialStatus } from '@/lib/tuning/study/trial-record';
import { emptyLayout, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { objectiveName, objectiveText } from './objective-text';
import { countAxis, objectiveAxis, STUDY_MARGIN } from './study-axes';
import { progressText } from './study-text';
import { type LineStyle, type LineTraces, trialLines } from './trial-lines';
import { type MarkerStyle, type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';

/** Curves drawn, beside selected ones and the best: each is an element of its own on the page. */
const MAX_CURVES = 300;
/** Reports drawn of all curves together. */
const MAX_REPORTS = 10_000;

/**
 * Draw the objective of each trial by the boosting rounds it was trained, those ended early dotted, the best trial thick,
 * with a marker at each curve's end that tells how the trial stands. Of more than 300 curves every second, third … is
 * drawn, the best and selected ones always; of more than 10,000 reports likewise. The table has what is drawn.
 */
export function learningCurvesFigure(input: StudyFigureInput, theme: ChartTheme): FigureSpec {
  const { state } = input;
  const curves = begunTrials(state).filter(({ curve }) => curve.length > 0);
  const shown = thinnedCurves(curvesInView(curves, input));
  const table = curvesTable(shown.curves, state);
  if (curves.length === 0) {
    const title = `No trial has reported yet: ${progressText(state)}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial has reported yet.'), table };
  }
  const classes = curveClasses(shown.curves, { state, theme });
  const traces = classes.map((curveClass) => classTraces(curveClass, input, theme));
  return {
    title: curvesTitle(curves, { state, nDrawn: shown.curves.length, every: shown.every }),
    data: [
      ...traces.flatMap(({ back }) => back),
      ...traces.flatMap(({ front }) => front),
      ...classes.map((curveClass) => endMarkers(curveClass, input, theme)),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: STUDY_MARGIN,
      xaxis: countAxis('Boosting rounds', [0, 1.04 * mostRounds(curves)], theme),
      yaxis: objectiveAxis(
        state.config,
        curves.flatMap(({ curve }) => curve.map(([, value]) => value)),
        { theme },
      ),
    }),
    table,
  };
}

type State = StudyFigureInput['state'];

function mostRounds(curves: readonly TrialRecord[]): number {
  return curves.reduce((most, { curve }) => Math.max(most, curve[curve.length - 1]?.[0] ?? 0), 0);
}

function curvesInView(
  curves: readonly TrialRecord[],
  { state, selected }: StudyFigureInput,
): readonly TrialRecord[] {
  const every = Math.ceil(curves.length / MAX_CURVES);
  const best = bestTrial(state)?.number;
  return curves.filter(({ number }, i) => i % every === 0 || number === best || selected.has(number));
}

/** Leave reports out where there are too many, never a curve's last. */
function thinnedCurves(curves: readonly TrialRecord[]) {
  const nReports = curves.reduce((n, { curve }) => n + curve.length, 0);
  const every = Math.max(1, Math.ceil(nReports / MAX_REPORTS));
  if (every === 1) return { curves, every };
  const thinned = curves.map((trial) => ({
    ...trial,
    curve: trial.curve.filter((_, i) => i % every === 0 || i === trial.curve.length - 1),
  }));
  return { curves: thinned, every };
}

function curvesTitle(
  curves: readonly TrialRecord[],
  shown: { readonly state: State; readonly nDrawn: number; readonly every: number },
): string {
  const { state, nDrawn, every } = shown;
  const { objective } = state.config;
  const { nRounds } = studyProgress(state);
  const full = curves.reduce((sum, { params }) => sum + params.n_estimators, 0);
  const best = bestTrial(state);
  const bestPart =
    best === null
      ? ''
      : ` Trial ${countText(best.number)} is best, with ${objectiveName(objective)} ${objectiveText(best.metrics[objective])} after ${nounText(best.rounds, 'round', 'rounds')}.`;
  const left =
    nDrawn === curves.length ? '' : ` ${countText(nDrawn)} of ${countText(curves.length)} curves are drawn.`;
  const thinned = every === 1 ? '' : ` One report in ${every} is drawn.`;
  return `${progressText(state)}; ${countText(nRounds)} of ${countText(full)} rounds were trained.${bestPart}${left}${thinned}`;
}

interface CurveClass {
  readonly style: LineStyle;
  readonly symbol: MarkerStyle['symbol'];
  readonly curves: readonly TrialRecord[];
}

/** Drawn in this order, the later ones over the earlier. */
const ORDER = ['failed', 'running', 'pruned', 'paused', 'complete'] as const satisfies readonly TrialStatus[];

function curveClasses(
  curves: readonly TrialRecord[],
  { state, theme }: { readonly state: State; readonly theme: ChartTheme },
): readonly CurveClass[] {
  const best = bestTrial(state)?.number;
  const byState = ORDER.map((status, rank): CurveClass => {
    const { name, color, dash, symbol } = trialStateStyle(status, theme);
    const own = curves.filter((trial) => trial.state === status && trial.number !== best);
    return { style: { name, color, dash, width: 1.25, rank }, symbol, curves: own };
  });
  const bestClass: CurveClass = {
    style: { name: 'Best', color: theme.series[1], dash: 'solid', width: 3, rank: ORDER.length },
    symbol: 'star',
    curves: curves.filter(({ number }) => number === best),
  };
  return [...byState, bestClass].filter(({ curves: own }) => own.length > 0);
}

function classTraces(
  { style, curves }: CurveClass,
  { selected }: StudyFigureInput,
  theme: ChartTheme,
): LineTraces {
  const lines = curves.map(({ number, curve }) => ({
    ...{ trialNumber: number, x: curve.map(([x]) => x), y: curve.map(([, y]) => y), texts: [] },
  }));
  return trialLines(lines, {
    ...{ style, selected, theme, links: 'gaps' },
    hovertemplate: `Trial %{customdata}, ${style.name.toLowerCase()}<br>%{y:.4f} after %{x} rounds<extra></extra>`,
  });
}

function endMarkers(
  { style, symbol, curves }: CurveClass,
  { selected }: StudyFigureInput,
  theme: ChartTheme,
): Data {
  const points = curves.map(({ number, curve }) => {
    const [x, y] = curve[curve.length - 1] ?? [null, null];
    return { trialNumber: number, x, y, texts: [] };
  });
  return {
    ...trialMarkers(points, {
      style: { name: style.name, color: style.color, symbol },
      ...{ selected, theme },
      hovertemplate: `Trial %{customdata[0]}, ${style.name.toLowerCase()}<br>%{y:.4f} after %{x} rounds<extra></extra>`,
    }),
    legendgroup: style.name,
    showlegend: false,
  };
}

function curvesTable(curves: readonly TrialRecord[], { config }: State): FigureTable {
  const { objective } = config;
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      textColumn('state', 'State'),
      numberColumn('rounds', 'Rounds', 'count'),
      numberColumn(objective, objectiveName(objective), 'score'),
    ],
    rows: curves.flatMap(({ number, state, curve }) =>
      curve.map(([rounds, value]) => ({ trial: number, state, rounds, [objective]: value })),
    ),
  };
}
