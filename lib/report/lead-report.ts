import { LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import { type FigureTable, numberColumn, textColumn } from '@/lib/charts/figure-spec';
import { strategyFigure } from '@/lib/charts/strategy-figure';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { VERDICT_WORDS, type Verdict } from '@/lib/evaluation/verdict/verdict-reason';
import { listSufficiency } from '@/lib/explore/sufficiency/sufficiency';
import { sufficiencySentence } from '@/lib/explore/sufficiency/sufficiency-sentence';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import type { LeadBand } from '@/lib/scoring/strategy/capacity-plan';
import type { ChosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import {
  capacitySentence,
  heldOutSentence,
  strategySentence,
  usdText,
} from '@/lib/scoring/strategy/strategy-sentences';
import { figureHtml, paragraph, reportHtml, tableHtml } from './report-html';

/** All that the report of a lead list is made of. It names nobody. */
export interface ReportedLeads {
  readonly nSubscribers: number;
  readonly nBuyers: number;
  readonly gate: ValidationResults['gate'];
  readonly overrideReason: string | null;
  readonly metadata: Pick<ModelMetadata, 'model_id' | 'dataset_sha256' | 'xgboost_version'>;
  readonly report: EvaluationReport;
  readonly verdict: Verdict;
  readonly strategy: ChosenStrategy;
  readonly nSuppressed: number;
}

/** A part of the report, the same in every format. */
export interface ReportPart {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly table: Pick<FigureTable, 'columns' | 'rows'> | null;
}

/** Reasons of a shut gate that are printed. */
const MOST_REASONS = 3;

/** Give the report's title and its parts in order: from the data to what could be wrong. */
export function leadReportParts(leads: ReportedLeads): {
  readonly title: string;
  readonly parts: readonly ReportPart[];
} {
  const { nSubscribers, strategy } = leads;
  return {
    title: `Whom to write to, of ${countText(nSubscribers)} subscribers`,
    parts: [
      dataPart(leads),
      modelPart(leads),
      {
        title: 'Whom to write to',
        sentences: [strategySentence(strategy), heldOutSentence(strategy)],
        table: null,
      },
      expectPart(leads),
      doubtPart(leads),
    ],
  };
}

/**
 * Write the report of a lead list as one page to print. The same data and seed give the same text; it holds no time and needs
 * nothing from the network.
 */
export function leadReportHtml(leads: ReportedLeads): string {
  const { title, parts } = leadReportParts(leads);
  const figure = figureHtml(
    { ...strategyFigure(leads.strategy, LIGHT_CHART_THEME), table: { columns: [], rows: [] } },
    { heightPx: 240 },
  );
  return reportHtml(
    title,
    parts.map(({ title: name, sentences, table }) => ({
      title: name,
      html: [
        ...sentences.map(paragraph),
        ...(name === 'Whom to write to' ? [figure] : []),
        ...(table === null ? [] : [tableHtml(table)]),
      ].join('\n'),
    })),
  );
}

function dataPart({ nSubscribers, nBuyers, gate, overrideReason }: ReportedLeads): ReportPart {
  const conversion = nSubscribers === 0 ? '' : ` (${percentText(nBuyers / nSubscribers, 2)})`;
  const counts = `${countText(gate.n_critical)} critical, ${countText(gate.n_warning)} warning`;
  const state = gate.open ? 'The quality gate is open' : 'The quality gate is shut';
  const reasons = gate.reasons.slice(0, MOST_REASONS).join(' ');
  const overridden = overrideReason === null ? '' : ` It was overridden: “${overrideReason}”.`;
  return {
    title: 'What the data said',
    sentences: [
      `${countText(nSubscribers)} subscribers, ${countText(nBuyers)} of them buyers${conversion}. ${sufficiencySentence(listSufficiency({ n: nSubscribers, buyers: nBuyers }))}`,
      `${state}: ${counts} ${gate.n_critical + gate.n_warning === 1 ? 'finding' : 'findings'}. ${reasons}${overridden}`.trim(),
    ],
    table: null,
  };
}

function modelPart({ metadata, report, verdict }: ReportedLeads): ReportPart {
  const { intervals } = report;
  const rows = (
    [
      ['ROC AUC', report.roc_auc, intervals.roc_auc],
      ['Average precision', report.average_precision, intervals.average_precision],
      ['Recall', report.recall, intervals.recall],
      ['Precision', report.precision, intervals.precision],
      ['Log loss', report.log_loss, intervals.log_loss],
    ] as const
  ).map(([metric, value, interval]) => ({
    metric,
    value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  }));
  return {
    title: `The model: ${VERDICT_WORDS[verdict.grade]}`,
    sentences: [
      `${metadata.model_id}, XGBoost ${metadata.xgboost_version}, judged on ${countText(report.n_test)} test rows with ${countText(report.n_test_buyers)} buyers. Dataset ${metadata.dataset_sha256.slice(0, 12)}…`,
    ],
    table: {
      columns: [
        textColumn('metric', 'On the test rows'),
        numberColumn('value', 'Value', 'score'),
        numberColumn('low', '95 % from', 'score'),
        numberColumn('high', '95 % to', 'score'),
      ],
      rows,
    },
  };
}

function expectPart({ strategy, nSuppressed }: ReportedLeads): ReportPart {
  const { capacity } = strategy;
  const bands: readonly (readonly [string, LeadBand])[] = [
    ['Call', capacity.called],
    ['Write to', capacity.written],
    ['Both', capacity.contacted],
    ['Left on the table', capacity.left],
  ];
  const optedOut =
    nSuppressed === 0 ? [] : [`${countText(nSuppressed)} people who opted out are left alone.`];
  return {
    title: 'What to expect of a week',
    sentences: [capacitySentence(capacity), ...optedOut],
    table: {
      columns: [
        textColumn('contact', 'Contact'),
        numberColumn('leads', 'Leads', 'count'),
        numberColumn('score', 'Score from', 'score'),
        textColumn('buyers', 'Buyers to expect (95 %)'),
        textColumn('profit', 'Profit (95 %)'),
      ],
      rows: bands.map(([contact, band]) => ({
        contact,
        leads: band.nLeads,
        score: band.cutoff,
        buyers: `${band.expectedBuyers === null ? '–' : countText(Math.round(band.expectedBuyers))} (${countText(band.buyersInterval.low)} to ${countText(band.buyersInterval.high)})`,
        profit: `${band.profitUsd === null ? '–' : usdText(band.profitUsd)} (${usdText(band.profitInterval.low)} to ${usdText(band.profitInterval.high)})`,
      })),
    },
  };
}

function doubtPart({ verdict, strategy }: ReportedLeads): ReportPart {
  const { economics } = strategy.plan;
  return {
    title: 'What could be wrong',
    sentences: [
      ...verdict.reasons.map(({ sentence }) => sentence),
      'Purchases are counted as the file counts them: who would have bought without a call or an e-mail is among them, and nobody was left alone by chance to tell.',
      'Rows were split by chance, not by time: on people who join later the model may do worse.',
      `The money follows from what is assumed: ${percentText(economics.unsubscribeRate)} unsubscribe an e-mail, ${percentText(economics.conversion)} convert, a customer is worth ${usdText(economics.customerValueUsd)}, ${usdText(economics.salesPerMonthUsd)} are sold a month.`,
    ],
    table: null,
  };
}
