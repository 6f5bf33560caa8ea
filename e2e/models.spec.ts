import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type TestInfo } from '@playwright/test';
import { inventedFile } from './crm-files';
import { test } from './quiet-page';
import { STUDY_LIMIT_MS, type WorkbenchPage } from './workbench-page';

const LEADS = [
  { label: 'keen', member_rating: 5, country_code: 'us', optin_days: 300, tags: [], tag_count: 12 },
  { label: 'silent', member_rating: 1, optin_days: 700, tags: [] },
];
const SOUND = [
  { type: 'order', name: 'A keen lead comes before a silent one', leads: LEADS },
  { type: 'onnx_parity', name: 'The file scores as the library does' },
  { type: 'champion', name: 'Not worse than the one in use', severity: 'warning' },
  { type: 'latency', name: 'Fast enough' },
];
const ASKS_TOO_MUCH = { type: 'range', name: 'The silent one buys', leads: [LEADS[1]], lowest: 15 };

const suiteText = (tests: readonly unknown[]) => JSON.stringify({ version: 1, name: 'spec', tests }, null, 2);

/** Put tests in the place of those that are used, as a person edits them. */
async function writeTests(workbench: WorkbenchPage, tests: readonly unknown[]): Promise<void> {
  const text = workbench.cell('model_tests').getByRole('textbox', { name: 'Tests of the model as JSON' });
  await text.fill(suiteText(tests));
  await workbench.button('model_tests', 'Apply').click();
  await expect(workbench.cell('model_tests').getByText(`${tests.length} tests, in use.`)).toBeVisible();
}

async function runTests(workbench: WorkbenchPage, verdict: string): Promise<void> {
  await workbench.button('model_tests', 'Run the tests').click();
  const outcome = workbench.cell('model_tests').locator('[data-tests]');
  await expect(outcome).toContainText(verdict, { timeout: STUDY_LIMIT_MS });
}

const rowOf = (workbench: WorkbenchPage, modelId: string): Locator =>
  workbench.rows('models', 'Models').filter({ hasText: modelId });

async function keepPictures(workbench: WorkbenchPage, testInfo: TestInfo): Promise<void> {
  const { page } = workbench;
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 3_000 });
      for (const id of ['model_tests', 'slices', 'models'] as const) {
        const path = testInfo.outputPath(`${id}-${width}-${colorScheme}.png`);
        await workbench.cell(id).screenshot({ path, animations: 'disabled' });
      }
    }
  }
}

test('a model is tested, published, held against a second one, and brought back', async ({
  page,
  workbench,
}, testInfo) => {
  test.slow();
  await workbench.open();
  await workbench.workThrough(inventedFile(81, 4_000), 2);
  const first = await workbench.modelId();

  await test.step('a test that fails keeps it from being published, and shows why', async () => {
    await workbench.button('model_tests', /^Edit the tests/).click();
    await writeTests(workbench, [...SOUND, ASKS_TOO_MUCH]);
    await runTests(workbench, 'The model does not behave: 1 of 5 tests failed');
    await workbench.button('model_tests', 'Examples of The silent one buys').click();
    await expect(workbench.rows('model_tests', 'Examples').first()).toContainText('silent');
    await expect(workbench.cell('models').getByText('1 of its tests failed')).toBeVisible();
    await expect(workbench.button('models', 'Publish the shown model')).toBeDisabled();
  });

  await test.step('with tests that it passes it is published', async () => {
    await writeTests(workbench, SOUND);
    await runTests(workbench, 'The model behaves');
    await workbench.button('models', 'Publish the shown model').click();
    await expect(rowOf(workbench, first)).toContainText('champion');
    await expect(workbench.button('models', 'The shown model is in use')).toBeDisabled();
  });

  await test.step('the worst slices are searched', async () => {
    await workbench.button('slices', 'Search slices and pairs for the worst').click();
    await expect(
      workbench.cell('slices').getByText(/slices and pairs of slices with at least 100 test rows/),
    ).toBeVisible();
    await expect(workbench.cell('slices').getByRole('figure')).toHaveAccessibleName(
      /^(Over|ROC AUC is) .* test rows/,
    );
  });

  await test.step('a second one is trained, tested against it, compared and published with a reason', async () => {
    const seed = workbench.cell('features').getByLabel('Seed (split, sampler, XGBoost)');
    await seed.fill('43');
    await seed.press('Enter');
    await expect(workbench.status('tuning')).toContainText('Stale');
    await workbench.startButton().click();
    await expect(workbench.cell('evaluation').getByText(first)).toHaveCount(0, { timeout: STUDY_LIMIT_MS });
    await workbench.expectLeads();
    const second = await workbench.modelId();
    await expect(workbench.cell('models').getByText('The tests of this model were not run.')).toBeVisible();
    await workbench.button('models', `Compare ${first} with the model shown`).click();
    const comparison = workbench.cell('models').getByRole('region', { name: 'Comparison of models' });
    const differs = new RegExp(
      `^On [\\d,]+ test rows the ROC AUC of ${second} differs from that of ${first}`,
    );
    await expect(comparison.getByText(differs)).toBeVisible();
    await expect(comparison.getByText(/compared on the \d+ rows that are test rows of both/)).toBeVisible();
    await expect(workbench.rows('models', 'Champion and challenger')).toHaveCount(7);
    await expect(workbench.rows('models', 'Who moves between tiers')).toHaveCount(4);
    await writeTests(workbench, [...SOUND, ASKS_TOO_MUCH]);
    await runTests(workbench, 'The model does not behave: 1 of 5 tests failed');
    await workbench.cell('model_tests').getByRole('switch').check();
    await expect(
      workbench.rows('model_tests', 'Model tests').filter({ hasText: `Against ${first}, on ` }),
    ).toHaveCount(1);
    await workbench.button('model_tests', 'Examples of The silent one buys').click();
    await workbench
      .cell('models')
      .getByRole('textbox', { name: 'Reason to publish all the same' })
      .fill('The fair is on Monday.');
    await workbench.button('models', 'Publish the shown model').click();
    await expect(rowOf(workbench, second)).toContainText('champion');
    await expect(rowOf(workbench, first)).toContainText('archived');
    await expect(workbench.rows('models', 'What was put to use').first()).toContainText(
      'The fair is on Monday.',
    );
    await keepPictures(workbench, testInfo);
    const { violations } = await new AxeBuilder({ page }).exclude('.svg-container').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });

  await test.step('going back brings the first one into use again, over a reload too', async () => {
    await workbench.button('models', `Go back to ${first}`).click();
    await expect(rowOf(workbench, first)).toContainText('champion');
    await workbench.reload();
    await workbench.expectLeads();
    await expect(rowOf(workbench, first)).toContainText('champion');
  });
});
