import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edaSummarySchema } from '@/lib/explore/summary/summary-schema';
import { escaped } from '@/lib/report/svg-text';
import { openTestCli, type TestCli } from '@/lib/testing/cli';

let cli: TestCli;
let out: string;
let db: string;
const textOf = (name: string) => readFileSync(`${out}/${name}`, 'utf8');

beforeAll(async () => {
  cli = await openTestCli();
  [db, out] = [cli.path('crm.sqlite'), cli.path('run')];
  await cli.run('generate', '--out', db, '--subscribers', '3000', '--seed', '8');
  for (const stage of ['ingest', 'validate']) {
    expect(await cli.run(stage, '--db', db, '--out', out)).toMatchObject({ exitCode: 0 });
  }
  const explored = await cli.run('explore', '--db', db, '--out', out, '--report');
  expect(explored).toMatchObject({ exitCode: 0, stderr: '' });
}, 120_000);
afterAll(() => cli.close());

describe('explore --report', () => {
  it('prints every sentence of the exploration and of the gate, each figure drawn', () => {
    const html = textOf('eda_report.html');
    const summary = edaSummarySchema.parse(JSON.parse(textOf('eda_summary.json')));
    const { gate } = JSON.parse(textOf('validation_results.json'));
    const sentences = [
      ...summary.segments.map(({ sentence }) => sentence),
      summary.member_rating.sentence,
      summary.member_rating.by_age.sentence,
      summary.tag_count.sentence,
      summary.tags.sentence,
      ...summary.interactions.described.map(({ sentence }) => sentence),
      summary.sufficiency.sentence,
      JSON.parse(textOf('drift.json')).sentence,
      JSON.parse(textOf('anomalies.json')).sentence,
      ...gate.reasons,
    ];
    for (const sentence of sentences) expect(html).toContain(escaped(String(sentence)));
    const nFigures = summary.segments.length + 3 + summary.interactions.described.length;
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(nFigures);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('needs nothing else: no script, nothing from the network', () => {
    const html = textOf('eda_report.html');
    expect(html).not.toMatch(/<script|<link|<img|<iframe|javascript:|url\((?!#)/i);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(html).toContain('@page { size: A4');
  });

  it('names nobody', () => {
    const people = textOf('subscribers_joined.csv').split('\r\n').slice(1, -1);
    const html = textOf('eda_report.html');
    expect(html).not.toContain('@gmail');
    for (const person of people) {
      for (const mark of person.split(',').slice(1, 3)) expect(html.includes(mark)).toBe(false);
    }
  });

  it('gives the same bytes again, and takes an old report away where none is asked for', async () => {
    const before = textOf('eda_report.html');
    await cli.run('explore', '--db', db, '--out', out, '--report');
    expect(textOf('eda_report.html')).toBe(before);
    await cli.run('explore', '--db', db, '--out', out);
    expect(existsSync(`${out}/eda_report.html`)).toBe(false);
  });
});
