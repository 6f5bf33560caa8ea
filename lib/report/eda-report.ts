import { anomalyDaysFigure } from '@/lib/charts/anomaly-days-figure';
import { LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import { driftBinsFigure } from '@/lib/charts/drift-bins-figure';
import { driftWindowsFigure } from '@/lib/charts/drift-windows-figure';
import { type FigureSpec, numberColumn, textColumn } from '@/lib/charts/figure-spec';
import { interactionFigure } from '@/lib/charts/interaction-figure';
import { ratingConversionFigure } from '@/lib/charts/rating-conversion-figure';
import { segmentParetoFigure } from '@/lib/charts/segment-pareto-figure';
import { tagCountFigure } from '@/lib/charts/tag-count-figure';
import { tagLiftFigure } from '@/lib/charts/tag-lift-figure';
import type { AnomalyReport } from '@/lib/explore/anomalies/anomalies';
import { anomalySentence } from '@/lib/explore/anomalies/anomaly-sentences';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import { driftedFeatures, driftSentence, pText } from '@/lib/explore/drift/drift-sentences';
import { isBeyondChance } from '@/lib/explore/interactions/interaction-ranking';
import { axisWords } from '@/lib/explore/interactions/interaction-sentence';
import { simpsonSentence } from '@/lib/explore/rating/simpson';
import { DIMENSION_WORDS } from '@/lib/explore/segments/segment-sentences';
import { sufficiencySentence } from '@/lib/explore/sufficiency/sufficiency-sentence';
import type { Exploration, ExploredSegments } from '@/lib/explore/summary/exploration';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { ValidationResults } from '@/lib/quality/suite-result';
import { figureHtml, paragraph, type ReportSection, reportHtml, tableHtml } from './report-html';
import { escaped } from './svg-text';

const THEME = LIGHT_CHART_THEME;
/** Columns that may hold somebody's own domain are not drawn. */
const PERSONAL_DIMENSION = 'email_domain';

/** All that a report is made of. */
export interface ReportedList {
  readonly validation: ValidationResults;
  readonly overrideReason: string | null;
  readonly exploration: Exploration;
  readonly paretoShare: number;
  readonly drift: DriftReport;
  readonly anomalies: AnomalyReport;
}

/**
 * Write the quality gate and the exploration of a list as one page to print: the sentences, tables and figures that the notebook
 * shows without filters. Names nobody; the same list gives the same text.
 */
export function edaReport(list: ReportedList): string {
  const { exploration } = list;
  const size = `${countText(exploration.nSubscribers)} subscribers, ${countText(exploration.nBuyers)} of them buyers`;
  const share = exploration.conversion === null ? '' : ` (${percentText(exploration.conversion, 2)})`;
  return reportHtml(`Quality and exploration of ${size}${share}`, [
    qualitySection(list),
    ...exploration.segments.map((segments) => segmentsSection(segments, list.paretoShare)),
    ratingSection(exploration),
    tagCountSection(exploration),
    tagsSection(exploration),
    interactionsSection(exploration),
    driftSection(list.drift),
    anomaliesSection(list.anomalies),
    sufficiencySection(exploration),
  ]);
}

function qualitySection({ validation, overrideReason }: ReportedList): ReportSection {
  const { gate, suites } = validation;
  const state = gate.open ? 'The gate is open' : 'The gate is shut';
  const overridden = overrideReason === null ? '' : ` It was overridden: “${overrideReason}”.`;
  const counts = `${countText(gate.n_critical)} critical, ${countText(gate.n_warning)} warning, ${countText(gate.n_info)} information`;
  const reasons = gate.reasons.map((reason) => `<li>${escaped(reason)}</li>`).join('');
  const table = tableHtml({
    columns: [
      textColumn('suite', 'Suite'),
      numberColumn('checks', 'Checks', 'count'),
      numberColumn('passed', 'Passed', 'count'),
      numberColumn('failed', 'Failed', 'count'),
    ],
    rows: suites.map(({ suite_name, statistics }) => ({
      suite: suite_name,
      checks: statistics.evaluated_expectations,
      passed: statistics.successful_expectations,
      failed: statistics.unsuccessful_expectations,
    })),
  });
  return {
    title: 'Quality gate',
    html: `${paragraph(`${state}: ${counts}.${overridden}`)}<ul>${reasons}</ul>${table}`,
  };
}

function segmentsSection(
  { dimension, pareto, nLeftOut, sentence }: ExploredSegments,
  share: number,
): ReportSection {
  const figure = segmentParetoFigure({ pareto, dimension, share }, THEME);
  const left =
    nLeftOut === 0
      ? ''
      : paragraph(`${countText(nLeftOut)} rare ones, which may name a person, are not listed.`);
  return {
    title: `Sales by ${DIMENSION_WORDS[dimension].singular}`,
    html: figureHtml({ ...figure, title: sentence }, { heightPx: 320 }) + left,
  };
}

function ratingSection({ rating }: Exploration): ReportSection {
  return {
    title: 'Conversion by member rating',
    html:
      figureHtml(ratingConversionFigure(rating, THEME), { heightPx: 280 }) +
      paragraph(simpsonSentence(rating.simpson)),
  };
}

function tagCountSection({ tagCounts }: Exploration): ReportSection {
  const quantiles = tableHtml({
    columns: [
      textColumn('side', 'Side'),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('mean', 'Mean', 'ratio'),
      numberColumn('p10', '10 % quantile', 'ratio'),
      numberColumn('p50', '50 % (median)', 'ratio'),
      numberColumn('p90', '90 % quantile', 'ratio'),
    ],
    rows: tagCounts.byPurchase.map(({ madePurchase, ...side }) => ({
      side: madePurchase === 1 ? 'Buyers' : 'Others',
      ...side,
    })),
  });
  return {
    title: 'How many tags buyers hold',
    html: figureHtml(tagCountFigure({ comparison: tagCounts }, THEME)) + quantiles,
  };
}

function tagsSection({ tags, conversion }: Exploration): ReportSection {
  const pairs = tableHtml({
    columns: [
      textColumn('pair', 'Tags'),
      numberColumn('holders', 'Hold both', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('lift', 'Times the better one', 'ratio'),
      { ...textColumn('p', 'Adjusted p'), align: 'right' },
    ],
    rows: tags.pairs.map((pair) => ({
      pair: pair.tags.join(' + '),
      holders: pair.holders,
      buyers: pair.buyers,
      conversion: pair.conversion,
      lift: pair.liftOverBetter,
      p: pText(pair.adjustedPValue),
    })),
  });
  const heading = tags.pairs.length === 0 ? '' : '<h3>Pairs of tags that sell together</h3>';
  return {
    title: 'What tags go with',
    html: figureHtml(tagLiftFigure({ lifts: tags, conversion }, THEME)) + heading + pairs,
  };
}

function interactionsSection({ interactions, ranking }: Exploration): ReportSection {
  const beyond = ranking.filter(isBeyondChance);
  const table = tableHtml({
    columns: [
      textColumn('pair', 'Strongest beyond chance'),
      numberColumn('strength', 'Strength', 'share'),
      { ...textColumn('p', 'Adjusted p'), align: 'right' },
    ],
    rows: beyond.map((pair) => ({
      pair: `${axisWords(pair.along)} × ${axisWords(pair.up)}`,
      strength: pair.strength,
      p: pText(pair.adjustedPValue),
    })),
  });
  const figures = interactions.map((interaction) => withoutTable(interactionFigure({ interaction }, THEME)));
  const ranked = paragraph(
    `${countText(beyond.length)} of ${countText(ranking.length)} pairs interact beyond chance.`,
  );
  return {
    title: 'What depends on what',
    html: ranked + table + figures.map((figure) => figureHtml(figure, { heightPx: 340 })).join('\n'),
  };
}

/** The cells of a heatmap are written into it. */
function withoutTable(figure: FigureSpec): FigureSpec {
  return { ...figure, table: { columns: [], rows: [] } };
}

function driftSection(report: DriftReport): ReportSection {
  const changed = driftedFeatures(report.features).filter(
    ({ dimension }) => dimension !== PERSONAL_DIMENSION,
  );
  const figures = changed
    .slice(0, 2)
    .flatMap((feature) => [
      figureHtml(driftBinsFigure(report, feature, THEME), { heightPx: 340 }),
      figureHtml(withoutTable(driftWindowsFigure(report, feature, THEME))),
    ]);
  return { title: 'What has changed', html: paragraph(driftSentence(report)) + figures.join('\n') };
}

function anomaliesSection(report: AnomalyReport): ReportSection {
  const groups = tableHtml({
    columns: [textColumn('group', 'Group'), numberColumn('n', 'Subscribers', 'count')],
    rows: report.groups.map(({ level, n }) => ({ group: level, n })),
  });
  return {
    title: 'What looks wrong',
    html:
      paragraph(anomalySentence(report)) +
      groups +
      figureHtml(withoutTable(anomalyDaysFigure({ days: report.days }, THEME))),
  };
}

function sufficiencySection({ sufficiency }: Exploration): ReportSection {
  const { expected, test, buyersPerFeature } = sufficiency;
  const rows = [
    { fact: 'Buyers among the test rows', value: countText(test.buyers) },
    { fact: 'Others among the test rows', value: countText(test.others) },
    ...(expected === null
      ? []
      : [
          {
            fact: 'ROC AUC to be expected, 95 % on the test rows',
            value: `${expected.rocAuc.toFixed(2)} (${expected.low.toFixed(2)} to ${expected.high.toFixed(2)})`,
          },
        ]),
    ...(buyersPerFeature === null
      ? []
      : [{ fact: 'Training buyers a feature', value: buyersPerFeature.toFixed(0) }]),
  ];
  const columns = [textColumn('fact', 'Fact'), { ...textColumn('value', 'Value'), align: 'right' as const }];
  return {
    title: 'Is the list enough?',
    html: paragraph(sufficiencySentence(sufficiency)) + tableHtml({ columns, rows }),
  };
}
