import { expect, type Locator, type Page } from '@playwright/test';
import { inventedFile } from './crm-files';
import { test } from './quiet-page';

/** The page has many stops, and the palette does not take the focus along. */
const MAX_TABS = 400;

/** Press Tab until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let n = 0; n < MAX_TABS; n++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${MAX_TABS} times Tab did not reach ${target}`);
}

test('a study is reached and started without a mouse', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.work(inventedFile(16));
  await workbench.setTrials(2);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Cell or command' }).pressSequentially('tuning study');
  await expect(page.getByRole('button', { name: /^\d+\. Tuning study/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(workbench.cell('tuning').getByRole('heading', { name: 'Tuning study' })).toBeInViewport();
  await tabTo(page, workbench.startButton());
  await page.keyboard.press('Enter');
  await workbench.expectLeads();
});

test('the palette starts a study', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.work(inventedFile(17));
  await workbench.setTrials(2);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Cell or command' }).pressSequentially('start a tuning');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(workbench.fact('tuning', 'Trials')).toHaveText(/ of 2$/);
  await workbench.expectLeads();
});

test('on a narrow screen the outline opens, leads to a cell and closes', async ({ page, workbench }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await workbench.openPrepared();
  const outline = page.getByRole('navigation', { name: 'Outline' });
  await expect(outline).not.toBeInViewport();
  await tabTo(page, page.getByRole('button', { name: 'Open the outline' }));
  await page.keyboard.press('Enter');
  await expect(outline).toBeInViewport();
  await tabTo(page, outline.getByRole('link', { name: /Lead list/ }));
  await page.keyboard.press('Enter');
  await expect(workbench.cell('leads').getByRole('heading', { name: 'Lead list' })).toBeInViewport();
  await expect(outline).not.toBeInViewport();
});
