import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { chosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { DEFAULT_STRATEGY_PLAN } from '@/lib/scoring/strategy/strategy-plan';
import { leadReportHtml, leadReportParts, type ReportedLeads } from './lead-report';
import { leadReportPdf } from './lead-report-pdf';

const random = randomSource(5);
const leadsOf = (n: number) => {
  const scores = Float32Array.from({ length: n }, () => 0.2 * random() ** 3)
    .sort()
    .reverse();
  return { scores, labels: Uint8Array.from(scores, (score) => Number(random() < score)) };
};
const range = { low: 0.7, high: 0.8 };
const report = {
  roc_auc: 0.75,
  average_precision: 0.2,
  recall: 0.4,
  precision: 0.3,
  log_loss: 0.15,
  n_test: 2_000,
  n_test_buyers: 97,
  intervals: { roc_auc: range, average_precision: range, recall: range, precision: range, log_loss: range },
} as unknown as EvaluationReport;
const reported = (change: Partial<ReportedLeads> = {}): ReportedLeads => ({
  nSubscribers: 10_000,
  nBuyers: 480,
  gate: { open: false, n_critical: 1, n_warning: 2, n_info: 0, reasons: ['Ratings are missing.'] },
  overrideReason: 'Known <and> mended',
  metadata: { model_id: 'model-0', dataset_sha256: 'd'.repeat(64), xgboost_version: '3.4.1' },
  report,
  verdict: { grade: 'ok', reasons: [{ code: 'few', grade: 'ok', sentence: 'Few buyers − 97.' }] },
  strategy: chosenStrategy(
    { chosenOn: leadsOf(2_000), judgedOn: leadsOf(2_000), list: leadsOf(10_000).scores },
    DEFAULT_STRATEGY_PLAN,
    7,
  ),
  nSuppressed: 3,
  ...change,
});
const leads = reported();

describe('leadReportHtml', () => {
  it('tells the data, the gate, the model, whom to write to, what to expect and what could be wrong', () => {
    expect(leadReportParts(leads).parts.map(({ title }) => title)).toEqual([
      'What the data said',
      'The model: OK',
      'Whom to write to',
      'What to expect of a week',
      'What could be wrong',
    ]);
    const html = leadReportHtml(leads);
    expect(html).toContain('10,000 subscribers, 480 of them buyers (4.80 %)');
    expect(html).toContain('The quality gate is shut: 1 critical, 2 warning findings. Ratings are missing.');
    expect(html).toContain('Known &lt;and&gt; mended');
    expect(html).toMatch(/<svg[\s\S]*<\/svg>/);
    expect(html).toContain('3 people who opted out are left alone.');
    expect(leadReportHtml(leads)).toBe(html);
  });

  it('says so where nothing can be valued', () => {
    const nobody = { scores: leadsOf(50).scores, labels: new Uint8Array(50) };
    const strategy = chosenStrategy(
      { chosenOn: nobody, judgedOn: nobody, list: nobody.scores },
      DEFAULT_STRATEGY_PLAN,
      7,
    );
    expect(leadReportHtml(reported({ strategy }))).toContain('Nothing can be valued');
  });
});

describe('leadReportPdf', () => {
  it('is one A4 page without a clock, and the same bytes for the same report', async () => {
    const bytes = await leadReportPdf(leads);
    expect(Buffer.compare(bytes, await leadReportPdf(leads))).toBe(0);
    const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
    expect(pdf.getPageCount()).toBe(1);
    expect(pdf.getTitle()).toBe('Whom to write to, of 10,000 subscribers');
    expect(pdf.getCreationDate()?.getUTCFullYear()).toBe(2000);
  });

  it('takes another page where even small text does not fit one, so that nothing is lost', async () => {
    const reasons = Array.from({ length: 90 }, (_, i) => ({
      code: `r${i}`,
      grade: 'ok' as const,
      sentence: `Reason ${i} is that something was found that must be known before the list is used.`,
    }));
    const pdf = await PDFDocument.load(await leadReportPdf(reported({ verdict: { grade: 'ok', reasons } })));
    expect(pdf.getPageCount()).toBe(2);
  });
});
