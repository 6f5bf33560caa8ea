import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { DESIGN_SEARCH_SPACE, searchSpaceSchema } from '@/lib/tuning/space/search-space';
import { inventedFile } from './crm-files';
import { test } from './quiet-page';
import { STUDY_LIMIT_MS, WorkbenchPage } from './workbench-page';

const N_TRIALS = 150;

/** Parts of the tuning cell's plan, by what they are called. */
function planOf(workbench: WorkbenchPage) {
  const cell = workbench.cell('tuning');
  return {
    field: (label: string) => cell.getByLabel(label, { exact: true }),
    fold: (title: string) => cell.getByRole('button', { name: new RegExp(`^${title}`), expanded: false }),
    faults: cell.getByRole('status', { name: 'What the plan lacks' }),
    json: cell.getByRole('textbox', { name: 'Search space as JSON' }),
    asJson: () => cell.getByText('JSON', { exact: true }).click(),
    /** Press a button that asks for a number, answer and confirm. */
    async ask(button: string, label: string, answer: number, confirm: string) {
      await workbench.button('tuning', button).click();
      const dropdown = workbench.page.getByRole('dialog', { name: button });
      await dropdown.getByRole('textbox', { name: label }).fill(String(answer));
      await dropdown.getByRole('button', { name: confirm }).click();
    },
  };
}

test('a study of one’s own space is paused, reloaded, resumed, extended and run again with another seed', async ({
  workbench,
}) => {
  test.slow();
  const plan = planOf(workbench);
  await workbench.open();
  await workbench.work(inventedFile(31));

  await test.step('write the plan', async () => {
    await workbench.setTrials(N_TRIALS);
    await plan.field('Sampler').selectOption('TPE');
    await plan.field('Scheduler').selectOption('ASHA');
    await plan.fold('Search space').click();
    await workbench.button('tuning', 'Wide space').click();
    await plan.field('Low of max_depth').fill('2');
    await workbench.button('tuning', 'Remove gamma').click();
    await expect(workbench.button('tuning', /^Search space/)).toContainText('your own, 12 parameters');
  });

  await test.step('start it and pause', async () => {
    await workbench.startButton().click();
    await expect(workbench.status('tuning')).toHaveText(/^Trials [1-9]/, { timeout: STUDY_LIMIT_MS });
    await workbench.button('tuning', 'Pause').click();
    await expect(workbench.status('tuning')).toHaveText(
      new RegExp(`^Paused · \\d+ of ${N_TRIALS} trials have a result\\. Resume it to go on\\.$`),
      { timeout: STUDY_LIMIT_MS },
    );
  });
  const studyId = await workbench.studyId();
  const paused = await workbench.status('tuning').innerText();

  await test.step('find it paused after a reload, with its plan', async () => {
    await workbench.reload();
    await expect(workbench.status('tuning')).toHaveText(paused);
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
    await expect(plan.field('Scheduler')).toHaveValue('asha');
    await expect(workbench.button('tuning', /^Search space/)).toContainText('your own, 12 parameters');
  });

  await test.step('resume it, and reload while it runs', async () => {
    await workbench.button('tuning', 'Resume').click();
    await expect(workbench.button('tuning', 'Pause')).toBeVisible();
    await workbench.reload();
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
    await workbench.expectLeads();
  });

  await test.step('extend it', async () => {
    await plan.ask('Extend', 'More trials', 6, `Extend to ${N_TRIALS + 6} trials`);
    await expect(workbench.fact('tuning', 'Trials')).toContainText(`${N_TRIALS + 6} of ${N_TRIALS + 6}`, {
      timeout: STUDY_LIMIT_MS,
    });
    await workbench.expectLeads();
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
  });

  await test.step('run it again with another seed', async () => {
    await plan.ask('Run again with another seed', 'Seed of the new study', 7, 'Run again with seed 7');
    await expect(workbench.fact('tuning', 'Study')).not.toHaveText(studyId);
    await expect(workbench.fact('tuning', 'Sampler')).toContainText('seed 7');
    await workbench.expectLeads();
  });

  await test.step('see both on the list, and open the first', async () => {
    await plan.fold('Studies').click();
    await workbench.cell('tuning').getByLabel('Only those of this file’s features').check();
    const studies = workbench.cell('tuning').getByRole('table', { name: 'Studies' });
    await expect(studies.getByRole('row').filter({ hasText: 'this file’s' })).toHaveCount(2);
    await studies.getByRole('button', { name: `Open ${studyId}` }).click();
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
    await workbench.expectLeads();
  });
});

test('what is wrong with a space is named, and nothing starts until it is mended', async ({
  page,
  workbench,
}) => {
  const plan = planOf(workbench);
  await workbench.open();
  await workbench.work(inventedFile(32));
  await plan.fold('Search space').click();

  await test.step('in the table', async () => {
    await plan.field('High of learning_rate').fill('0.001');
    await expect(plan.faults).toContainText('learning_rate needs low below high.');
    await expect(plan.field('High of learning_rate')).toHaveAttribute('aria-invalid', 'true');
    await expect(workbench.startButton()).toBeDisabled();
    await plan.field('High of learning_rate').fill('0.2');
    await expect(plan.faults).toBeEmpty();
    await expect(workbench.startButton()).toBeEnabled();
  });

  await test.step('as JSON', async () => {
    await plan.asJson();
    await expect(plan.json).toHaveValue(
      /"learning_rate": \{ "type": "loguniform", "low": 0.01, "high": 0.2 \}/,
    );
    await plan.json.fill('{ "n_estimators": ');
    await expect(plan.faults).toContainText(/[Ll]ine 1/);
    await plan.json.fill(
      JSON.stringify({ ...DESIGN_SEARCH_SPACE, max_depth: { type: 'uniform', low: 2, high: 4 } }),
    );
    await expect(plan.faults).toContainText('max_depth takes whole numbers');
    await plan.json.fill(
      JSON.stringify({ ...DESIGN_SEARCH_SPACE, eta: { type: 'uniform', low: 0, high: 1 } }),
    );
    await expect(plan.faults).toContainText(
      'eta is no parameter that can be searched. Write learning_rate if that is what eta means.',
    );
    await expect(workbench.startButton()).toBeDisabled();
    await workbench.button('tuning', 'Back to the last sound one').click();
    await expect(plan.field('High of learning_rate')).toHaveValue('0.2');
    await expect(workbench.startButton()).toBeEnabled();
  });

  await test.step('from a file, and into one', async () => {
    const choosing = page.waitForEvent('filechooser');
    await workbench.button('tuning', 'Open a .json file').click();
    const space = {
      n_estimators: { type: 'choice', values: [20, 40] },
      max_depth: { type: 'randint', low: 2, high: 4 },
    };
    await (await choosing).setFiles({
      name: 'space.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(space)),
    });
    await expect(workbench.button('tuning', /^Search space/)).toContainText('your own, 2 parameters');
    const saved = await workbench.downloaded(workbench.button('tuning', 'Save as search_space.json'));
    expect(saved.name).toBe('search_space.json');
    expect(searchSpaceSchema.parse(JSON.parse(saved.text))).toEqual(space);
  });

  await test.step('with more trials than a grid has points', async () => {
    await plan.field('Sampler').selectOption('Grid');
    await workbench.setTrials(7);
    await expect(workbench.cell('tuning')).toContainText('a grid of 6 points');
    await expect(plan.faults).toContainText('has 6 points, fewer than the 7 trials asked for.');
    await expect(workbench.startButton()).toBeDisabled();
    await workbench.setTrials(6);
    await workbench.startButton().click();
    await expect(workbench.fact('tuning', 'Trials')).toContainText('6 of 6', { timeout: STUDY_LIMIT_MS });
    await workbench.expectLeads();
  });
});

test('two tabs agree on a study that one of them commands', async ({ context, workbench }) => {
  test.slow();
  await workbench.open();
  const file = inventedFile(37);
  await workbench.work(file);
  await workbench.setTrials(N_TRIALS);
  await workbench.startButton().click();
  await expect(workbench.status('tuning')).toHaveText(/^Trials [1-9]/, { timeout: STUDY_LIMIT_MS });
  const other = new WorkbenchPage(await context.newPage());
  // The file is kept in the browser, so the other tab opens it too.
  await other.openPrepared();
  await expect(other.fact('tuning', 'Study')).toHaveText(await workbench.studyId());
  await other.button('tuning', 'Pause').click();
  const paused = /^Paused · \d+ of/;
  await expect(workbench.status('tuning')).toHaveText(paused, { timeout: STUDY_LIMIT_MS });
  await expect(other.status('tuning')).toHaveText(await workbench.status('tuning').innerText());
  await workbench.button('tuning', 'Stop').click();
  const stopped = /^Idle · The study was stopped after \d+ of/;
  await expect(other.status('evaluation')).toHaveText(stopped, { timeout: STUDY_LIMIT_MS });
  await expect(workbench.status('evaluation')).toHaveText(await other.status('evaluation').innerText());
  const trialsOf = (tab: WorkbenchPage) => tab.downloaded(tab.button('tuning', 'trials.csv'));
  expect(await trialsOf(other)).toEqual(await trialsOf(workbench));
});

test('a study of another file is only looked at, with the reason', async ({ workbench }) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(33), 2);
  const first = await workbench.studyId();
  await workbench.workThrough(inventedFile(34), 2);
  const second = await workbench.studyId();
  const leads = await workbench.status('leads').innerText();
  await planOf(workbench).fold('Studies').click();
  const cell = workbench.cell('tuning');
  await cell.getByRole('button', { name: `Open ${first}` }).click();
  await expect(workbench.fact('tuning', 'Study')).toHaveText(first);
  await expect(cell.getByText('Its model cannot score what is open here.')).toContainText('another matrix');
  await expect(workbench.startButton()).toBeHidden();
  await expect(workbench.status('leads')).toHaveText(leads);
  await workbench.button('tuning', 'Back to this file’s study').click();
  await expect(workbench.fact('tuning', 'Study')).toHaveText(second);

  await cell.getByLabel(`Compare ${first}`).check();
  await expect(cell.getByText('Tick one more to compare.')).toBeVisible();
  await cell.getByLabel(`Compare ${second}`).check();
  await expect(cell.getByText('2 studies are compared below.')).toBeVisible();
});

test('a plan that was written but not launched is there after a reload', async ({ workbench }) => {
  const plan = planOf(workbench);
  await workbench.open();
  await workbench.workThrough(inventedFile(35), 2);
  await plan.field('Objective').selectOption('expected_profit');
  await plan.field('A contact costs').fill('35');
  await plan.fold('More').click();
  await plan.field('Measured on').selectOption('Repeated stratified k-fold');
  await workbench.reload();
  await expect(plan.field('A contact costs')).toHaveValue('$35');
  await expect(workbench.button('tuning', /^More/)).toContainText('5-fold');
  const differs = workbench.cell('tuning').getByText('The plan above is for the next study.');
  await expect(differs).toContainText('objective, economics, validation');
  await workbench.button('tuning', 'Take its plan').click();
  await expect(plan.field('Objective')).toHaveValue('roc_auc');
  await expect(differs).toBeHidden();
});

test('the plan is written without a mouse', async ({ page, workbench }) => {
  await workbench.openPrepared();
  const fold = planOf(workbench).fold('Search space');
  await fold.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(workbench.cell('tuning').getByRole('radio', { name: 'Table' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  await expect(workbench.button('tuning', 'Wide space')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(planOf(workbench).json).toHaveValue(/"grow_policy"/);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Cell or command' }).pressSequentially('all studies');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(workbench.button('tuning', /^Studies/)).toHaveAttribute('aria-expanded', 'true');
});

test('the plan unfolded is accessible, wide and narrow, light and dark', async ({
  page,
  workbench,
}, testInfo) => {
  const plan = planOf(workbench);
  await workbench.open();
  await workbench.workThrough(inventedFile(36), 2);
  await plan.field('Objective').selectOption('f1_score');
  await plan.field('Scheduler').selectOption('Median stopping');
  for (const title of ['Search space', 'More', 'Studies']) await plan.fold(title).click();
  await workbench.button('tuning', 'Wide space').click();
  await plan.field('Low of gamma').fill('nothing');
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 2_800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      const { violations } = await new AxeBuilder({ page })
        .include('[data-cell=tuning]')
        .exclude('.svg-container')
        .analyze();
      const faults = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(faults.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      const excessPx = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(excessPx, 'wider than the window').toBe(0);
      await workbench.cell('tuning').screenshot({
        path: testInfo.outputPath(`plan-${width}-${colorScheme}.png`),
        animations: 'disabled',
      });
    }
  }
});
