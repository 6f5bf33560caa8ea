import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { inventedFile } from './crm-files';
import { modelFolder } from './home-folder';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

async function choose(workbench: WorkbenchPage, label: string, option: string): Promise<void> {
  const cell = workbench.cell('features');
  await cell.getByRole('combobox', { name: label, exact: true }).click();
  await workbench.page.getByRole('option', { name: option, exact: true }).click();
  await workbench.expectPrepared();
}

test('features are chosen, kept, trained on and scored with', async ({ workbench }) => {
  test.slow();
  const own = inventedFile(21);
  await workbench.open();
  await workbench.work(own);
  const cell = workbench.cell('features');
  const table = workbench.rows('features', 'Features');
  const nAll = await table.count();
  await expect(workbench.fact('features', 'Features')).toHaveText(String(nAll));

  await test.step('a feature is switched off by the keyboard', async () => {
    await cell.getByRole('switch', { name: 'Use optin_quarter' }).press('Space');
    await expect(workbench.fact('features', 'Features')).toHaveText(`${nAll - 1} (1 switched off)`);
    await expect(cell.getByRole('switch', { name: 'Use optin_quarter' })).toBeFocused();
    await expect(table).toHaveCount(nAll);
  });

  await test.step('encodings and missing values are chosen', async () => {
    await choose(workbench, 'country_code', 'Target: conversion, within folds');
    await expect(table.filter({ hasText: 'country_code_target' })).toContainText('of the other 4 of 5 folds');
    await choose(workbench, 'Missing values', 'Leave to XGBoost (NaN)');
    await expect(cell).toContainText('stay NaN');
    await workbench.button('features', /^Preview/).click();
    await expect(workbench.rows('features', 'First rows of the matrix')).toHaveCount(8);
  });

  await test.step('a feature of her own is written, with its faults told as she writes', async () => {
    await workbench.button('features', /^Own features/).click();
    await cell.getByLabel('Name', { exact: true }).fill('tags_a_day');
    const expression = cell.getByLabel('Expression', { exact: true });
    const add = workbench.button('features', 'Add');
    await expression.fill('tag_count / user_email');
    await expect(cell).toContainText(
      'Character 13: user_email tells who a person is, and never becomes a feature.',
    );
    await expect(add).toBeDisabled();
    await expression.fill('tag_count / (optin_days + 1)');
    await add.click();
    await expect(table.filter({ hasText: 'tags_a_day' })).toContainText('tag_count / (optin_days + 1)');
  });

  await test.step('what says the same is found', async () => {
    await workbench.button('features', /^Redundancy/).click();
    await expect(cell.getByText(/pairs? of the \d+ features says? nearly the same/).first()).toBeVisible();
    // Tags a day was written twice: once by the design, once by her.
    await workbench
      .rows('features', 'Explained by the others')
      .filter({ hasText: 'tags_a_day' })
      .getByRole('cell', { name: '∞' })
      .waitFor();
  });

  await test.step('a visit later all is as it was', async () => {
    await workbench.reload();
    await workbench.work(own);
    await expect(table.filter({ hasText: 'country_code_target' })).toHaveCount(1);
    await expect(table.filter({ hasText: 'tags_a_day' })).toHaveCount(1);
  });

  await test.step('a model is trained on them and its scores are proved', async () => {
    await workbench.setTrials(2);
    await workbench.startButton().click();
    await workbench.expectLeads();
    const spec = JSON.parse(
      readFileSync(join(modelFolder(await workbench.modelId()), 'feature_spec.json'), 'utf8'),
    );
    expect(spec).toMatchObject({ version: 2, missingValue: null, switchedOff: ['optin_quarter'] });
    expect(spec.features.at(-1).source).toEqual({
      type: 'expression',
      text: 'tag_count / (optin_days + 1)',
    });
  });

  await test.step('another choice makes what is below stale, and the way back is one button', async () => {
    await choose(workbench, 'member_rating', 'One-hot: 0 or 1 a rating');
    await expect(workbench.status('tuning')).toContainText('Stale');
    await workbench.button('features', 'Back to the design’s').click();
    await expect(workbench.fact('features', 'Features')).toHaveText(String(nAll));
  });
});
