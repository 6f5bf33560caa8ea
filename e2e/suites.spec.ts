import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { parseSuiteText } from '@/lib/quality/suites/suite-file';
import { test } from './quiet-page';

test('a suite is edited, applied, kept over a reload and put back', async ({ workbench }) => {
  await workbench.openPrepared();
  const cell = workbench.cell('quality');
  await expect(cell.getByRole('alert', { name: 'The gate is open' })).toBeVisible();
  await cell.getByRole('button', { name: /^Edit the suites/ }).click();
  await cell.getByRole('combobox', { name: 'Suite', exact: true }).selectOption('tags');
  const text = cell.getByRole('textbox', { name: 'Suite tags as JSON', exact: true });
  const apply = cell.getByRole('button', { name: 'Apply' });
  await expect(cell.getByText(/^13 checks on Tags, in use\.$/)).toBeVisible();
  await expect(apply).toBeDisabled();

  const written = await text.inputValue();
  await text.fill(written.replace('"mailchimp_id" }', '"mailchimp_id", "mostli": 1 }'));
  await expect(
    cell.getByText(
      'Suite tags, check 1 (expect_column_to_exist): it takes no argument mostli. Its arguments are: column.',
    ),
  ).toBeVisible();
  await expect(apply).toBeDisabled();

  const check = {
    type: 'unexpected_rows_expectation',
    kwargs: { unexpected_rows_query: "SELECT * FROM {batch} WHERE tag LIKE '%webinar%'" },
    severity: 'critical',
    description: 'No webinar.',
  };
  await text.fill(written.replace('"expectations": [', `"expectations": [${JSON.stringify(check)},`));
  await expect(cell.getByText(/^14 checks on Tags, not applied yet\.$/)).toBeVisible();
  await apply.click();
  const gate = cell.getByRole('alert', { name: 'The gate is shut' });
  await expect(gate).toContainText(
    /Tags: [\d,]+ rows are not as expected by a query of the suite: No webinar\./,
  );
  await cell.getByRole('button', { name: 'Rows of tags check 1' }).click();
  await expect(cell.getByRole('region', { name: 'Rows of Tags that are not as expected' })).toContainText(
    'ebinar',
  );

  await workbench.page.reload();
  await expect(gate).toBeVisible({ timeout: 60_000 });
  await cell.getByRole('button', { name: /^Edit the suites\s*of your own: tags/ }).click();
  await cell.getByRole('combobox', { name: 'Suite', exact: true }).selectOption('tags');
  await cell.getByRole('button', { name: 'Reset to the default' }).click();
  await expect(cell.getByRole('alert', { name: 'The gate is open' })).toBeVisible();
});

test('a suite is suggested from the data, and a run is compared with another', async ({ workbench }) => {
  await workbench.openPrepared();
  const cell = workbench.cell('quality');
  await cell.getByRole('button', { name: /^Suggest a suite/ }).click();
  await cell.getByRole('button', { name: 'Suggest from the data' }).click();
  await expect(cell.getByText(/checks that hold of Subscribers now/)).toBeVisible();
  const suggested = await cell
    .getByRole('textbox', { name: 'Suggested suite subscribers as JSON' })
    .inputValue();
  expect(parseSuiteText(suggested, 'subscribers').ok).toBe(true);
  const saving = workbench.page.waitForEvent('download');
  await cell.getByRole('button', { name: 'Download the suggestion' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('subscribers.json');
  expect(readFileSync(await saved.path(), 'utf8')).toBe(suggested);

  await cell.getByRole('button', { name: /^Compare with a run/ }).click();
  const choosing = workbench.page.waitForEvent('filechooser');
  await cell.getByRole('button', { name: 'Open a validation_results.json' }).click();
  const gate = { open: false, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] };
  const buffer = Buffer.from(JSON.stringify({ gate, suites: [] }));
  await (await choosing).setFiles({ name: 'earlier.json', mimeType: 'application/json', buffer });
  await expect(
    cell.getByText(
      /^Since earlier\.json: The gate was shut and is open\. Newly failing: 5 checks; mended: 0 checks;/,
    ),
  ).toBeVisible();
  await expect(cell.getByRole('region', { name: 'Checks compared with earlier.json' })).toContainText(
    'newly failing',
  );
});
