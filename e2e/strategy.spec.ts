import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Download, expect } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import readXlsxFile from 'read-excel-file/universal';
import { inventedFile } from './crm-files';
import { csvRows } from './csv-rows';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

/** Click what saves a file and its manifest, and give both. */
async function downloadedWithManifest(workbench: WorkbenchPage) {
  const { page } = workbench;
  const files: Download[] = [];
  const collect = (download: Download) => files.push(download);
  page.on('download', collect);
  await workbench.button('leads', 'Download').click();
  await expect.poll(() => files.length).toBe(2);
  page.off('download', collect);
  const [file, manifest] = files;
  const bytes = readFileSync(await file!.path());
  const said = JSON.parse(readFileSync(await manifest!.path(), 'utf8'));
  expect(said).toMatchObject({ file: file!.suggestedFilename(), n_bytes: bytes.length });
  expect(said.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  return { bytes, said };
}

test('500 calls are planned, downloaded as XLSX and opened again; who opted out is in no list', async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(18), 3);
  const strategy = workbench.cell('strategy');
  const leads = workbench.cell('leads');

  await test.step('500 calls a week are planned', async () => {
    await strategy.getByRole('textbox', { name: 'We can write to' }).fill('300');
    await expect(workbench.rows('strategy', 'A week’s plan by contact').first()).toContainText('Call500');
    await expect(strategy.getByText(/^500 called and 300 written to: \d+ buyers? to expect/)).toBeVisible();
    await expect(strategy.getByRole('figure')).toHaveCount(2);
  });

  const all = csvRows((await workbench.downloadLeads()).text);
  const [first, second] = all;

  await test.step('people who opted out are left out of the list, after a reload too', async () => {
    await workbench.button('leads', 'People who opted out').click();
    await leads
      .getByRole('textbox', { name: 'E-mail addresses of people who opted out' })
      .fill(`email\n${first?.user_email?.toUpperCase()}\n  ${second?.user_email} \nnobody@example.com`);
    await workbench.button('leads', 'Leave them out').click();
    await expect(leads.getByText(/^3 addresses opted out; 2 subscribers are left out/)).toBeVisible();
    await workbench.reload();
    await workbench.expectLeads();
    await expect(leads.getByText('1,498 of 1,500 subscribers, 2 opted out')).toBeVisible();
    await expect(strategy.getByRole('textbox', { name: 'We can write to' })).toHaveValue('300 a week');
  });

  await test.step('the plan’s calls are downloaded as XLSX and opened again', async () => {
    await leads.getByRole('combobox', { name: 'Contact' }).click();
    await page.getByRole('option', { name: 'To be called' }).click();
    await expect(leads.getByText('500 of 1,500 subscribers, 2 opted out')).toBeVisible();
    await workbench.button('leads', 'Download as').click();
    const { bytes, said } = await downloadedWithManifest(workbench);
    expect(said).toMatchObject({ n_rows_in: 1500, n_suppressed: 2, n_rows_out: 500, format: 'xlsx' });
    const sheets = await readXlsxFile(new Blob([bytes]));
    const [header, ...rows] = sheets.find(({ sheet }) => sheet === 'Leads')?.data ?? [];
    const column = (name: string) => rows.map((row) => row[header?.indexOf(name) ?? -1]);
    const called = all.slice(2, 502);
    expect(column('mailchimp_id')).toEqual(called.map(({ mailchimp_id }) => Number(mailchimp_id)));
    expect(column('tier')).toEqual(called.map(({ tier }) => tier));
    expect(column('reason_1')).toEqual(called.map(({ reason_1 }) => reason_1?.replace(/^'/, '')));
    for (const [name, xml] of Object.entries(unzipSync(bytes)))
      if (name.startsWith('xl/worksheets/')) expect(strFromU8(xml)).not.toMatch(/<f[ >/]/);
  });

  await test.step('who opted out is in no format', async () => {
    await leads.getByRole('radio', { name: 'all, best first' }).check();
    for (const format of ['CSV, safe in spreadsheets', 'CSV for programs', 'JSON', 'Parquet', 'XLSX']) {
      await leads.getByRole('combobox', { name: 'Format' }).click();
      await page.getByRole('option', { name: format, exact: true }).click();
      const { bytes, said } = await downloadedWithManifest(workbench);
      expect(said).toMatchObject({ n_suppressed: 2, n_rows_out: 1498 });
      const text =
        format === 'XLSX'
          ? strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
          : bytes.toString('latin1');
      expect(text, format).toContain(all[2]?.user_email);
      for (const lead of [first, second]) expect(text, format).not.toContain(lead?.user_email);
    }
  });
});
