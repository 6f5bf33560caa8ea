import type { Data } from 'plotly.js';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { ParameterImportances } from '@/lib/tuning/insight/parameter-importances';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { objectiveName } from './objective-text';

type Known = Extract<ParameterImportances, { isKnown: true }>;

/** Pairs drawn; the table has all. */
const N_PAIRS_DRAWN = 5;
/** Pairs that explain less are not drawn. */
const MIN_PAIR_SHARE = 0.01;

/**
 * Draw how much of the objective's variance over the space each parameter explains, largest on top, with the trees'
 * standard deviation; then the pairs that explain most beyond it. `customdata` of a bar is its parameter, of a pair's bar
 * both.
 */
export function parameterImportancesFigure(
  input: { readonly importances: ParameterImportances; readonly config: Pick<StudyConfig, 'objective'> },
  theme: ChartTheme,
): FigureSpec {
  const { importances, config } = input;
  if (!importances.isKnown) {
    const { reason } = importances;
    return { title: reason, data: [], layout: emptyLayout(theme, reason), table: importancesTable(null) };
  }
  const pairs = importances.pairs.slice(0, N_PAIRS_DRAWN).filter(({ share }) => share >= MIN_PAIR_SHARE);
  return {
    title: importancesTitle(importances, config),
    data: [singleBars(importances, theme), ...(pairs.length === 0 ? [] : [pairBars(pairs, theme)])],
    layout: themedLayout(theme, {
      showlegend: pairs.length > 0,
      barmode: 'overlay',
      margin: fixedMargin({ left: 230, right: 24, bottom: 56 }),
      xaxis: themedAxis(theme, `Share of the variance of ${objectiveName(config.objective)} over the space`, {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
      yaxis: themedAxis(theme, '', {
        ...FIXED_ROOM,
        type: 'category',
        autorange: 'reversed',
        showgrid: false,
      }),
    }),
    table: importancesTable(importances),
  };
}

function importancesTitle(
  { parameters, pairs, nTrials, higherOrderShare }: Known,
  { objective }: Pick<StudyConfig, 'objective'>,
): string {
  const [first, second] = parameters;
  if (first === undefined) throw new Error('A space has a parameter');
  const together = higherOrderShare + pairs.reduce((sum, { share }) => sum + share, 0);
  const next = second === undefined ? '' : `, ${second.parameter} ${percentText(second.share, 0)}`;
  const imputed = parameters.filter(({ nImputed }) => nImputed > 0).map(({ parameter }) => parameter);
  const note =
    imputed.length === 0 ? '' : `; where ${imputed.join(', ')} was absent, the middle of its range stood in`;
  return (
    `${first.parameter} explains ${percentText(first.share, 0)} of the variance of ${objectiveName(objective)}${next}; ` +
    `combinations ${percentText(together, 0)} (${countText(nTrials)} complete trials, fANOVA)${note}.`
  );
}

function singleBars({ parameters }: Known, theme: ChartTheme): Data {
  return {
    type: 'bar',
    orientation: 'h',
    name: 'Alone',
    y: parameters.map(({ parameter }) => parameter),
    x: parameters.map(({ share }) => share),
    error_x: {
      type: 'data',
      array: parameters.map(({ share, deviation }) => Math.min(deviation, 1 - share)),
      arrayminus: parameters.map(({ share, deviation }) => Math.min(deviation, share)),
      color: theme.text,
      thickness: 1,
    },
    marker: { color: theme.series[0] },
    customdata: parameters.map(({ parameter }) => parameter),
    text: parameters.map(({ share, deviation }) => `${percentText(share)} ± ${percentText(deviation)}`),
    textposition: 'none',
    hovertemplate: '%{y}: %{text}<extra></extra>',
  };
}

function pairBars(pairs: Known['pairs'], theme: ChartTheme): Data {
  return {
    type: 'bar',
    orientation: 'h',
    name: 'Together, beyond both alone',
    y: pairs.map(({ parameters }) => parameters.join(' × ')),
    x: pairs.map(({ share }) => share),
    marker: {
      color: theme.series[1],
      pattern: { shape: '/', bgcolor: theme.surface, fgcolor: theme.series[1] },
      line: { color: theme.series[1], width: 1 },
    },
    customdata: pairs.map(({ parameters }) => [...parameters]),
    text: pairs.map(({ share }) => percentText(share)),
    textposition: 'none',
    hovertemplate: '%{y}: %{text}<extra></extra>',
  };
}

function importancesTable(importances: Known | null): FigureTable {
  return {
    columns: [
      textColumn('parameter', 'Parameter'),
      numberColumn('share', 'Share of variance', 'share'),
      numberColumn('deviation', 'Deviation among trees', 'share'),
      numberColumn('n_imputed', 'Trials without it', 'count'),
    ],
    rows:
      importances === null
        ? []
        : [
            ...importances.parameters.map(({ parameter, share, deviation, nImputed }) => ({
              ...{ parameter, share, deviation, n_imputed: nImputed },
            })),
            ...importances.pairs.map(({ parameters, share }) => ({
              ...{ parameter: parameters.join(' × '), share, deviation: null, n_imputed: null },
            })),
            {
              parameter: 'three or more together',
              share: importances.higherOrderShare,
              deviation: null,
              n_imputed: null,
            },
          ],
  };
}
