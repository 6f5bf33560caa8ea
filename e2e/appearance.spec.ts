import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { CELLS } from '@/lib/store/cells';
import { changedFile, inventedFile } from './crm-files';
import { expectAllDrawn } from './drawn-figure';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

/** Faults that keep people out, as axe grades them. Plotly's drawings are left out: name and table of a figure say the same. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .exclude('.svg-container')
    .options({ resultTypes: ['violations'] })
    .analyze();
  const faults = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`),
    );
  expect(faults).toEqual([]);
}

/** Switch the system's colours and wait until none is half-way between two schemes. */
async function showScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  const nMoving = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  await expect.poll(nMoving, 'running transitions').toBe(0);
}

/** Polled, because the page takes a moment to follow a new size. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excessPx = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(excessPx, 'wider than the window').toBe(0);
}

async function expectFiguresDrawn(page: Page, nFigures: number): Promise<void> {
  await expectAllDrawn(page.getByRole('figure'), nFigures);
}

/** Pictures of the page's top and of every cell, for someone to look at. */
async function keepPictures(workbench: WorkbenchPage, testInfo: TestInfo, name: string): Promise<void> {
  const { page } = workbench;
  const size = page.viewportSize();
  if (size === null) throw new Error('The page has no fixed size');
  await page.screenshot({ path: testInfo.outputPath(`${name}-00-top.png`) });
  // High enough for the highest cell beside the header.
  await page.setViewportSize({ width: size.width, height: 2_800 });
  for (const [index, { id }] of CELLS.entries()) {
    const path = testInfo.outputPath(`${name}-${String(index + 1).padStart(2, '0')}-${id}.png`);
    await workbench.cell(id).screenshot({ path, animations: 'disabled' });
  }
  await page.setViewportSize(size);
}

test('every cell of a finished notebook looks whole, light and dark, wide and narrow', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(23, 5_000), 12);
  for (const [index, size] of SIZES.entries()) {
    await page.setViewportSize(size);
    await workbench.reload();
    await workbench.expectLeads();
    for (const colorScheme of SCHEMES) {
      const name = `${size.width}-${colorScheme}`;
      await test.step(name, async () => {
        await showScheme(page, colorScheme);
        await expectFiguresDrawn(page, 17);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        // Wide ones of light, narrow ones of dark: pictures take longer than all checks.
        if (colorScheme === SCHEMES[index]) await keepPictures(workbench, testInfo, name);
      });
    }
  }
});

test('everything unfolded is accessible too', async ({ page, workbench }, testInfo) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(24), 2);
  for (const { title } of CELLS)
    await expect(page.getByRole('region', { name: title, exact: true })).toBeVisible();
  for (const { id } of CELLS) await workbench.button(id, /^Show (SQL|definition)$/).click();
  await workbench.button('ingest', 'Show the first rows').click();
  await workbench.cell('quality').getByRole('switch').check();
  for (const colorScheme of SCHEMES) {
    await showScheme(page, colorScheme);
    await expectFiguresDrawn(page, 17);
    await expectAccessible(page);
    await page.screenshot({ path: testInfo.outputPath(`unfolded-${colorScheme}.png`), fullPage: true });
  }
  await page.setViewportSize(SIZES[1]);
  await expectNoSidewaysScroll(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
});

test('a shut gate and a refused file are shown accessibly', async ({ page, workbench }, testInfo) => {
  const rated = await changedFile(
    inventedFile(25),
    'ratings-of-9.sqlite',
    'UPDATE Subscribers SET member_rating = 9 WHERE country_code IS NULL',
  );
  await workbench.open();
  await workbench.drop(rated);
  await workbench.expectOpen(rated.name);
  await expect(workbench.status('leads')).toHaveText('Blocked · The quality gate is shut.');
  await workbench.drop({ name: 'notes.txt', bytes: new TextEncoder().encode('just notes') });
  await expect(workbench.cell('source').getByRole('alert')).toContainText('“notes.txt” is a text file');
  for (const size of SIZES) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(size);
      await showScheme(page, colorScheme);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      const path = testInfo.outputPath(`shut-${size.width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
});
