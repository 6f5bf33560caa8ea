import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { countText } from '@/components/format';
import { CockpitPage } from './cockpit-page';
import { leadbench } from './command-line';
import { counted, demoFile, inventedFile, queried } from './crm-files';
import { csvRows } from './csv-rows';
import { whileTrainingIsFrozen } from './frozen-training';
import { modelFolder } from './home-folder';
import { test } from './quiet-page';
import { STUDY_LIMIT_MS, type WorkbenchPage } from './workbench-page';

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Score text by id; fails where an id occurs twice. */
function scoresById(csv: string): ReadonlyMap<string, string> {
  const leads = csvRows(csv);
  const scores = new Map(leads.map((lead) => [lead.mailchimp_id ?? '', lead.score ?? '']));
  expect(scores.size, 'ids').toBe(leads.length);
  return scores;
}

async function expectFileShown(workbench: WorkbenchPage, file: ReturnType<typeof demoFile>): Promise<void> {
  const rows = workbench.rows('source', 'Tables of the file');
  const tables = ['Subscribers', 'Tags', 'Transactions', 'Products'];
  const counts = await Promise.all(tables.map((table) => counted(file, `SELECT count(*) FROM ${table}`)));
  await expect(rows).toHaveText(tables.map((table, index) => `${table}${countText(counts[index] ?? 0)}`));
  const [optins] = await queried(file, 'SELECT min(optin_time), max(optin_time) FROM Subscribers');
  await expect(workbench.fact('source', 'Opt-ins')).toHaveText(`${optins?.[0]} – ${optins?.[1]}`);
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText(countText(counts[0] ?? 0));
  const nUnmatched = await counted(
    file,
    `SELECT count(*) FROM Transactions WHERE lower(trim(user_email)) NOT IN (SELECT lower(trim(user_email)) FROM Subscribers)`,
  );
  await expect(workbench.fact('ingest', 'Transactions … matching no subscriber')).toHaveText(
    countText(nUnmatched),
  );
}

test('a list travels from the file to scored leads, and the command line gives the same', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  const launches: string[] = [];
  page.on('request', (request) => {
    if (request.postData()?.includes('idempotencyKey')) launches.push(request.url());
  });

  await test.step('the demo is on the page', async () => {
    await workbench.openPrepared();
    await workbench.expectOpen('crm_database.sqlite (invented demo data)');
    await expectFileShown(workbench, demoFile());
  });

  // Large enough that three trials are seen before the last is done.
  const own = inventedFile(7, 40_000);
  await test.step('a file of her own is dropped and passes the gate', async () => {
    await workbench.work(own);
    await expectFileShown(workbench, own);
    await expect(workbench.cell('quality').getByRole('alert', { name: 'The gate is open' })).toBeVisible();
  });

  await test.step('a study starts, and a reload half-way finds it', async () => {
    await workbench.setTrials(24);
    await workbench.startButton().click();
    await workbench.expectTrialsDone(3);
    const studyId = await workbench.studyId();
    // However fast training is, the page comes back half-way.
    await whileTrainingIsFrozen(async () => {
      await workbench.reload();
      await workbench.expectOpen(own.name);
      await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
      expect(await workbench.nTrialsDone(), 'the reload came before the end').toBeLessThan(24);
      await expect(workbench.button('tuning', 'Stop')).toBeEnabled();
    });
    await expect(workbench.fact('tuning', 'Trials')).toHaveText('24 of 24', { timeout: STUDY_LIMIT_MS });
    await workbench.expectLeads();
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
    expect(launches, 'one launch').toHaveLength(1);
    await new CockpitPage(workbench).expectTrials(24);
  });

  await test.step('the model has a verdict, and a threshold for 50 calls of 1,000 is chosen on validation rows', async () => {
    const cell = workbench.cell('evaluation');
    const verdict = cell.getByRole('status', { name: 'Verdict' });
    await expect(verdict).toContainText(/Verdict: (Ready|OK)/);
    await expect(verdict).toContainText('These test rows were looked at once.');
    await expect(workbench.rows('evaluation', 'Metrics of the test rows').first()).toHaveText(
      /^roc_auc0\.\d{4}0\.\d{4} to 0\.\d{4}0\.50\.\d{4}/,
    );
    await cell.getByRole('combobox', { name: 'Rule' }).click();
    await page.getByRole('option', { name: 'Capacity' }).click();
    await cell.getByRole('textbox', { name: 'Calls per 1,000 leads' }).fill('50');
    const chosen = workbench.rows('evaluation', 'Around the threshold').filter({ hasText: '●' });
    await expect(chosen).toHaveText(/●\d{3}(4\.9\d|5\.00) %/);
    await cell.getByText('Gains', { exact: true }).click();
    await expect(
      cell.getByText(/^Calling the best 20 % of [78],\d{3} test rows finds \d\d % of the buyers/),
    ).toBeVisible();
  });

  const { name, text } = await workbench.downloadLeads();
  expect(name).toBe('scored_leads.csv');
  const scores = scoresById(text);
  const ids = (await queried(own, 'SELECT mailchimp_id FROM Subscribers')).map(([id]) => String(id));
  expect([...scores.keys()].sort()).toEqual(ids.sort());

  await test.step('the command line comes to the same model and scores', async () => {
    const db = testInfo.outputPath('own.sqlite');
    const out = testInfo.outputPath('run');
    writeFileSync(db, own.bytes);
    await leadbench('pipeline', '--db', db, '--out', out, '--trials', '24', '--seed', '42');
    expect(scores).toEqual(scoresById(readFileSync(join(out, 'scored_leads.csv'), 'utf8')));
    const model = modelFolder(await workbench.modelId());
    expect(readdirSync(model).sort()).toEqual(readdirSync(join(out, 'model')).sort());
    for (const file of [
      'model.ubj',
      'model.onnx',
      'feature_spec.json',
      'metadata.json',
      'evaluation_report.json',
    ])
      expect(sha256(join(model, file)), file).toBe(sha256(join(out, 'model', file)));
  });
});
