import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { CockpitPage, type CsvTrial } from './cockpit-page';
import { inventedFile } from './crm-files';
import { drawnPlot } from './drawn-figure';
import { test } from './quiet-page';

const N_TRIALS = 10;

const numbersOf = (trials: readonly CsvTrial[]) => trials.map((trial) => Number(trial.trial_number));
const rocAuc = (trial: CsvTrial) => Number(trial.roc_auc);

test('the trial table sorts, filters, pins, compares and is downloaded whole', async ({ workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(41), N_TRIALS);
  const cockpit = new CockpitPage(workbench);
  await cockpit.expectTrials(N_TRIALS);
  const trials = await cockpit.csv();
  expect(numbersOf(trials)).toEqual(Array.from({ length: N_TRIALS }, (_, i) => i + 1));
  expect(trials.every(({ state }) => state === 'complete')).toBe(true);

  await test.step('sorts, best first and then worst first', async () => {
    const best = numbersOf([...trials].sort((a, b) => rocAuc(b) - rocAuc(a)));
    await cockpit.sortBy('roc_auc');
    await expect.poll(() => cockpit.shownNumbers()).toEqual(best);
    await expect(cockpit.row(best[0] ?? 0)).toContainText('★');
    await cockpit.sortBy('roc_auc');
    await expect.poll(() => cockpit.shownNumbers()).toEqual([...best].reverse());
    await cockpit.sortBy('Trial');
  });

  await test.step('filters by words and comparisons, and says what it cannot read', async () => {
    const deep = numbersOf(trials.filter(({ max_depth }) => Number(max_depth) > 5));
    await cockpit.filter.fill('max_depth > 5');
    await expect.poll(() => cockpit.shownNumbers()).toEqual(deep);
    await cockpit.filter.fill('max_depth > 5 depth = 3');
    await expect(cockpit.cell.getByText('No column is called “depth”.')).toBeVisible();
    expect(await cockpit.shownNumbers()).toEqual(deep);
    await cockpit.filter.fill('failed');
    await expect(cockpit.cell.getByText('No trial is like that.')).toBeVisible();
    await cockpit.filter.fill('');
    await cockpit.expectTrials(N_TRIALS);
  });

  await test.step('pins on top, whatever the filter says, and compares', async () => {
    await cockpit.grid.getByRole('button', { name: 'Pin trial 9 on top' }).click();
    await cockpit.filter.fill('trial_number <= 3');
    await expect.poll(() => cockpit.shownNumbers()).toEqual([9, 1, 2, 3]);
    await cockpit.grid.getByRole('checkbox', { name: 'Select trial 2', exact: true }).check();
    await cockpit.cell.getByRole('button', { name: 'Compare 2 trials side by side' }).click();
    const compared = cockpit.cell.getByRole('region', { name: 'Trials compared' });
    await expect(compared.getByRole('columnheader')).toHaveText(['Compared', 'Trial 9', 'Trial 2']);
    const depth = compared.getByRole('row').filter({ hasText: 'max_depth' });
    const depths = [8, 1].map((place) => trials[place]?.max_depth ?? '');
    await expect(depth.getByRole('cell')).toHaveText(depths);
    await expect(depth.getByText('(differs)')).toHaveCount(depths[0] === depths[1] ? 0 : 1);
  });
});

test('the table is worked without a mouse', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(42), N_TRIALS);
  const cockpit = new CockpitPage(workbench);
  await cockpit.grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await cockpit.expectSelected([2]);
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await cockpit.expectSelected([2, N_TRIALS]);
  await page.keyboard.press('p');
  await expect.poll(async () => (await cockpit.shownNumbers())[0]).toBe(N_TRIALS);
  await page.keyboard.press('Control+a');
  await expect(cockpit.cell.getByText(`${N_TRIALS - 1} trials selected`)).toBeVisible();
  await page.keyboard.press('Escape');
  await cockpit.expectSelected([]);
});

test('what is picked in one figure is picked in the table and in every other figure', async ({
  page,
  workbench,
}) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(43), N_TRIALS);
  const cockpit = new CockpitPage(workbench);
  const all = Array.from({ length: N_TRIALS }, (_, i) => i + 1);
  await cockpit.expectDrawn();

  await test.step('a click selects one trial, shift adds, the same click takes it back', async () => {
    await cockpit.grid.getByRole('rowheader', { name: '3', exact: true }).click();
    await cockpit.expectSelected([3]);
    await cockpit.grid.getByRole('rowheader', { name: '5', exact: true }).click({ modifiers: ['Shift'] });
    await cockpit.expectSelected([3, 5]);
    await page.keyboard.press('Escape');
    await cockpit.expectSelected([]);
  });

  for (const name of ['History', 'Slice', 'Contour', 'EDF', 'Workers', 'Parallel coordinates']) {
    await test.step(`a box in “${name}”`, async () => {
      await cockpit.openTab(name);
      expect(await cockpit.drawnTrials()).toEqual(all);
      await cockpit.dragOverAll();
      await cockpit.expectSelected(all);
      await cockpit.cell.getByRole('button', { name: 'Clear selection' }).click();
      await cockpit.expectSelected([]);
    });
  }

  await test.step('a click on a mark', async () => {
    await cockpit.openTab('EDF');
    await cockpit.clickFirstMark();
    await expect.poll(() => cockpit.selectedNumbers()).toHaveLength(1);
    const [picked] = await cockpit.selectedNumbers();
    for (const name of ['History', 'Best so far', 'Learning curves', 'Workers']) {
      await cockpit.openTab(name);
      await cockpit.expectSelected([picked ?? 0]);
      // Only a trial that became the best is in that figure.
      const outlined = await cockpit.outlinedTrials();
      const isDrawn = (await cockpit.drawnTrials()).includes(picked ?? 0);
      expect(outlined, name).toEqual(isDrawn ? [picked] : []);
    }
  });
});

test('importances are worked out beside the page', async ({ workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(44), 12);
  const cockpit = new CockpitPage(workbench);
  await cockpit.openTab('Importances');
  await expect(cockpit.figure()).toHaveAccessibleName(/^\S+ explains \d+ % of the variance of ROC AUC/);
});

test('two studies are set side by side', async ({ page, workbench }) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(45), 3);
  const first = await workbench.studyId();
  await workbench.setTrials(4);
  await workbench.startButton().click();
  await expect(workbench.fact('tuning', 'Study')).not.toHaveText(first);
  await workbench.expectLeads();
  const second = await workbench.studyId();
  const cockpit = new CockpitPage(workbench);
  await cockpit.cell.getByRole('button', { name: /^Studies/ }).click();
  await cockpit.cell.getByRole('checkbox', { name: `Compare ${first}` }).check();
  await cockpit.cell.getByRole('checkbox', { name: `Compare ${second}` }).check();
  const comparison = cockpit.cell.getByRole('region', { name: '2 studies compared' });
  const table = comparison.getByRole('region', { name: 'Studies compared' });
  await expect(table.getByRole('row').filter({ hasText: 'Complete trials' }).getByRole('cell')).toHaveText([
    '3 of 3',
    '4 of 4',
  ]);
  await expect(table.getByRole('row').filter({ hasText: '(differs)' }).getByRole('rowheader')).toHaveText([
    /Trials/,
  ]);
  const figure = comparison.getByRole('figure');
  await expect(figure).toHaveAccessibleName(/^Best ROC AUC: /);
  for (const view of ['By rounds', 'EDF', 'By trial']) {
    await comparison.getByText(view, { exact: true }).click();
    await drawnPlot(figure);
  }
  const { violations } = await new AxeBuilder({ page }).exclude('.svg-container').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});
