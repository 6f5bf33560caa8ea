import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { BOUGHT_SQL } from '@/lib/testing/prepared-crm';
import { changedFile, inventedFile } from './crm-files';
import { test } from './quiet-page';

const PLANTED = `INSERT INTO Tags SELECT mailchimp_id, 'welcome pack' FROM Subscribers
  WHERE (${BOUGHT_SQL} AND rowid % 20 > 0) OR (NOT ${BOUGHT_SQL} AND rowid % 100 = 0)`;
const MEASURE_LIMIT_MS = 90_000;

test('a planted leak is named, warned of, and measured with and without', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  await workbench.open();
  await workbench.work(await changedFile(inventedFile(71, 3_000), 'leak.sqlite', PLANTED));
  const cell = workbench.cell('leakage');
  await expect(cell.getByText(/^tag_welcome_pack: knows of the purchase/)).toBeVisible();
  await expect(workbench.rows('leakage', 'Suspects').first()).toContainText('certain, by data');
  await expect(workbench.cell('tuning').getByRole('status', { name: 'Leakage' })).toContainText(
    'tag_welcome_pack',
  );
  await workbench.button('leakage', 'Measure with and without').click();
  await expect(workbench.button('leakage', 'Stop measuring')).toBeVisible();
  const figure = cell.getByRole('figure');
  await expect(figure).toHaveAccessibleName(/; without tag_welcome_pack it is 0\.[78]/, {
    timeout: MEASURE_LIMIT_MS,
  });
  await figure.getByText('Table', { exact: true }).click();
  const rows = figure.getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(rows.first()).toContainText('all features');
  const without = rows.filter({ hasText: 'without tag_welcome_pack' });
  const texts = await without.getByRole('cell').allInnerTexts();
  expect(Number(texts[2]), 'ROC AUC without the leak').toBeLessThan(0.9);
  expect(Number(texts[6]), 'lower end of what it brings').toBeGreaterThan(0.1);
  await figure.getByText('Chart', { exact: true }).click();
  await expect(cell.getByText(/^On the newest fifth of the list/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).exclude('.svg-container').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 2_000 });
      const path = testInfo.outputPath(`leakage-${width}-${colorScheme}.png`);
      await cell.screenshot({ path, animations: 'disabled' });
    }
  }
});

test('a measurement that is stopped leaves the page as it was', async ({ workbench }) => {
  await workbench.open();
  await workbench.work(inventedFile(72, 6_000));
  await workbench.button('leakage', 'Measure with and without').click();
  await workbench.button('leakage', 'Stop measuring').click();
  await expect(workbench.button('leakage', 'Measure with and without')).toBeEnabled();
  await expect(workbench.cell('leakage').getByRole('figure')).toHaveCount(0);
  await expect(workbench.cell('leakage').getByRole('alert')).toHaveCount(0);
});

test('the learning curve says whether more subscribers would pay', async ({ page, workbench }, testInfo) => {
  test.slow();
  await workbench.open();
  await workbench.work(inventedFile(73, 5_000));
  const cell = workbench.cell('sufficiency');
  await workbench.button('sufficiency', 'Measure the learning curve').click();
  const figure = cell.getByRole('figure');
  await expect(figure).toHaveAccessibleName(/^(Enough|Not enough): ROC AUC stands at 0\.\d{3}/, {
    timeout: MEASURE_LIMIT_MS,
  });
  await figure.getByText('Table', { exact: true }).click();
  await expect(figure.getByRole('row').filter({ has: page.getByRole('cell') })).toHaveCount(8);
  await figure.getByText('Chart', { exact: true }).click();
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 1_600 });
      const path = testInfo.outputPath(`learning-curve-${width}-${colorScheme}.png`);
      await cell.screenshot({ path, animations: 'disabled' });
    }
  }
});
