import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';
import type { CellId } from '@/lib/store/cells';
import { changedFile, counted, inventedFile, queried } from './crm-files';
import { drawnPlot, expectAllDrawn } from './drawn-figure';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

const FILE = inventedFile(71, 4_000);
const FIRST_TWO = 'rowid IN (SELECT rowid FROM Subscribers ORDER BY rowid LIMIT 2)';
const SIZES = [
  { width: 1440, height: 2_000 },
  { width: 390, height: 2_400 },
] as const;

/** Pictures of a cell, for someone to look at. */
async function keepPictures(
  workbench: WorkbenchPage,
  testInfo: TestInfo,
  { id, name }: { readonly id: CellId; readonly name: string },
): Promise<void> {
  const { page } = workbench;
  const before = page.viewportSize();
  if (before === null) throw new Error('The page has no fixed size');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      const path = testInfo.outputPath(`${name}-${size.width}-${colorScheme}.png`);
      await workbench.cell(id).screenshot({ path, animations: 'disabled' });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('.svg-container').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

test('a change of the list is named with its time, other days are compared, and a second file', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  await workbench.openPrepared();
  const file = await changedFile(
    FILE,
    'moved.sqlite',
    "UPDATE Subscribers SET country_code = 'br' WHERE optin_time >= '2020-05-01' AND rowid % 2 = 0;",
  );
  await workbench.work(file);
  const drift = workbench.cell('drift');
  const rows = workbench.rows('drift', 'Columns and how they changed');
  await test.step('which column, how much, since when', async () => {
    await expect(drift.getByText(/ columns (has|have) changed between .*country_code \(PSI /)).toBeVisible();
    await expect(rows.first()).toHaveText(/^country_codechanged much2020-05/);
    await expect(drift.getByRole('figure').first()).toHaveAccessibleName(
      /^country_code has changed much: “br” went from \d\.\d % to \d\d\.\d % .*; since 2020-05\.$/,
    );
    await expect(drift.getByRole('figure').last()).toHaveAccessibleName(/^country_code over time: /);
    await expectAllDrawn(drift.getByRole('figure'), 2);
    await expectAccessible(page);
    await keepPictures(workbench, testInfo, { id: 'drift', name: 'dates' });
  });
  await test.step('another column', async () => {
    await drift.getByRole('button', { name: 'member_rating', exact: true }).click();
    await expect(drift.getByRole('figure').first()).toHaveAccessibleName(/^member_rating /);
    expect(new URL(page.url()).hash).toBe('#drift=member_rating');
    await page.goBack();
    await expect(drift.getByRole('figure').first()).toHaveAccessibleName(/^country_code /);
  });
  await test.step('other days', async () => {
    await drift.getByLabel('Current from').fill('2019-03-01');
    await expect(drift.getByRole('alert')).toHaveText(/must not overlap/);
    await drift.getByLabel('Reference to').fill('2019-02-28');
    await drift.getByLabel('Current to').fill('2019-12-31');
    await drift.getByRole('button', { name: 'Compare these days' }).click();
    const n = await counted(
      file,
      "SELECT count(*) FROM Subscribers WHERE optin_time BETWEEN '2019-03-01' AND '2019-12-31'",
    );
    const sides = `and ${n.toLocaleString('en-US')} subscribers of 2019-03-01 – 2019-12-31`;
    await expect(drift.getByText(sides)).toBeVisible();
    await workbench.reload();
    await expect(drift.getByText(sides)).toBeVisible();
    await drift.getByRole('button', { name: 'Days that suggest themselves' }).click();
    await expect(rows.first()).toHaveText(/^country_codechanged much2020-05/);
  });
  await test.step('a second file, which stays in the browser', async () => {
    const choosing = page.waitForEvent('filechooser');
    await drift.getByRole('button', { name: 'Compare with a second file' }).click();
    await (await choosing).setFiles({
      name: FILE.name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(FILE.bytes),
    });
    await expect(drift.getByText(`Compared with ${FILE.name}, 4,000 subscribers.`)).toBeVisible();
    await expect(
      drift.getByText(
        /^1 of \d+ columns has changed between .* 4,000 subscribers of moved\.sqlite and .*: country_code/,
      ),
    ).toBeVisible();
    await keepPictures(workbench, testInfo, { id: 'drift', name: 'files' });
    await drift.getByRole('button', { name: 'Compare opt-in dates' }).click();
    await expect(rows.first()).toHaveText(/^country_codechanged much2020-05/);
  });
  await test.step('a second file that is none', async () => {
    const choosing = page.waitForEvent('filechooser');
    await drift.getByRole('button', { name: 'Compare with a second file' }).click();
    await (await choosing).setFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('notes'),
    });
    await expect(drift.getByRole('alert')).toContainText('notes.txt');
    await expect(rows.first()).toHaveText(/^country_codechanged much2020-05/);
  });
});

test('an import and odd subscribers are found, read, downloaded and looked at in every figure', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  await workbench.openPrepared();
  const file = await changedFile(
    FILE,
    'imported.sqlite',
    `UPDATE Subscribers SET optin_time = '2020-07-18' WHERE rowid % 20 = 3;
     UPDATE Subscribers SET optin_time = '2120-07-18' WHERE ${FIRST_TWO};`,
  );
  await workbench.work(file);
  const anomalies = workbench.cell('anomalies');
  const figure = anomalies.getByRole('figure');
  const n = await counted(file, "SELECT count(*) FROM Subscribers WHERE optin_time = '2020-07-18'");
  const rows = workbench.rows('anomalies', 'What looks wrong');
  await test.step('days that stand out, and groups', async () => {
    await expect(figure).toHaveAccessibleName(
      /^Of \d+ days, \d+ have at least twice .* has most, \d+ where about \d+ were expected\.$/,
    );
    await drawnPlot(figure);
    await expect(rows.filter({ hasText: 'import 2020-07-18' })).toContainText(`${n} opt-ins in a day`);
    await expect(rows.filter({ hasText: 'impossible optin_time' })).toContainText('which has not been yet');
    await expect(anomalies.getByText(/^2 values are impossible, by 1 rule; /)).toBeVisible();
    await expectAccessible(page);
    await keepPictures(workbench, testInfo, { id: 'anomalies', name: 'anomalies' });
  });
  await test.step('the rows of a group', async () => {
    await anomalies.getByRole('button', { name: 'Rows of impossible optin_time' }).click();
    const ids = (
      await queried(file, `SELECT mailchimp_id FROM Subscribers WHERE ${FIRST_TWO} ORDER BY rowid`)
    ).map(([id]) => String(id));
    const shown = workbench.rows('anomalies', 'Subscribers: impossible optin_time');
    await expect(shown).toHaveCount(2);
    for (const [i, id] of ids.entries()) await expect(shown.nth(i)).toContainText(id);
    const { name, text } = await workbench.downloaded(
      anomalies.getByRole('button', { name: 'Download CSV' }),
    );
    expect(name).toBe('impossible_optin_time.csv');
    expect(text.trim().split('\r\n')).toHaveLength(3);
  });
  await test.step('looked at everywhere, and held by the address', async () => {
    await anomalies.getByRole('button', { name: 'Rows of import 2020-07-18' }).click();
    await anomalies.getByRole('button', { name: `Look at these ${n} alone` }).click();
    const bar = page.getByRole('region', { name: 'Filters of the exploration' });
    const chip = bar.getByText('anomaly: import 2020-07-18');
    await expect(chip).toBeVisible();
    await expect(bar.getByRole('status')).toContainText(`${n} of 4,000 subscribers`);
    await workbench.reload();
    await expect(chip).toBeVisible();
    await expect(bar.getByRole('status')).toContainText(`${n} of 4,000 subscribers`);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(bar).toHaveCount(0);
  });
});
