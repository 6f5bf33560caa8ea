import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { changedFile, inventedFile } from './crm-files';
import { test } from './quiet-page';

const N_SUBSCRIBERS = 1_200;

/** SQL for a row of Subscribers by its number in the file, from 1. */
const rowAt = (number: number) =>
  `(SELECT rowid FROM Subscribers ORDER BY rowid LIMIT 1 OFFSET ${number - 1})`;
const rowsAt = (...numbers: readonly number[]) => numbers.map(rowAt).join(', ');

/** Three impossible ratings shut the gate; a second pair of subscribers is one person; a country has white space around it. */
const damaged = () =>
  changedFile(
    inventedFile(83, N_SUBSCRIBERS),
    'damaged.sqlite',
    `UPDATE Subscribers SET member_rating = 9 WHERE rowid IN (${rowsAt(10, 20, 30)});
     UPDATE Subscribers SET user_email = (SELECT upper(user_email) FROM Subscribers WHERE rowid = ${rowAt(1)}) WHERE rowid = ${rowAt(2)};
     UPDATE Subscribers SET country_code = ' us ' WHERE rowid = ${rowAt(5)};`,
  );

test('failing rows are left out, fixes done and taken back, and a reload keeps them', async ({
  workbench,
  page,
}) => {
  await workbench.open();
  const file = await damaged();
  await workbench.drop(file);
  await workbench.expectOpen(file.name);
  const quality = workbench.cell('quality');
  await expect(quality.locator('[data-gate="shut"]')).toBeVisible();

  await quality
    .getByRole('row', { name: /expect_column_values_to_be_between\(column: member_rating/ })
    .getByRole('button', { name: /^Rows of/ })
    .click();
  const rows = quality.getByRole('region', { name: 'Rows of Subscribers that are not as expected' });
  await expect(rows.getByRole('row')).toHaveCount(4);
  await quality.getByRole('button', { name: 'Leave them out' }).click();
  await expect(quality.locator('[data-gate="open"]')).toBeVisible();
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,197');
  for (const id of ['ingest', 'quality', 'pareto', 'features', 'leads'] as const)
    await expect(workbench.cell(id).locator('[data-left-out]')).toContainText('Without 3 subscribers');

  const fixes = quality.getByRole('region', { name: 'Fixes on offer' });
  await fixes.getByRole('combobox').selectOption('first');
  await fixes.getByRole('button', { name: /^Keep one subscriber an e-mail address: the first one/ }).click();
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,195');
  await expect(workbench.fact('ingest', 'Repeats of an earlier e-mail')).toHaveText('0');
  await fixes.getByRole('button', { name: 'Trim white space around Subscribers.country_code' }).click();

  const steps = workbench.cell('ingest').getByRole('region', { name: 'Steps before the join' });
  await expect(steps.getByRole('row')).toHaveCount(4);
  await expect(steps.getByRole('row').nth(3)).toContainText('1 cells written anew');
  const saved = await workbench.downloaded(workbench.button('ingest', 'repair_steps.json'));
  expect(JSON.parse(saved.text).steps.map(({ type }: { type: string }) => type)).toEqual([
    'quarantine',
    'merge_subscribers',
    'trim',
  ]);

  const { violations } = await new AxeBuilder({ page })
    .include('[data-cell="ingest"]')
    .include('[data-cell="quality"]')
    .analyze();
  expect(violations).toEqual([]);

  await page.reload();
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,195');
  await expect(steps.getByRole('row')).toHaveCount(4);
  await steps.getByRole('button', { name: 'Take step 1 back' }).click();
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,198');
  await expect(quality.locator('[data-gate="shut"]')).toBeVisible();
});

test('row numbers are those of the file, whatever was left out before', async ({ workbench }) => {
  await workbench.openPrepared();
  const file = await changedFile(
    inventedFile(84, N_SUBSCRIBERS),
    'two-faults.sqlite',
    `UPDATE Subscribers SET member_rating = 9 WHERE rowid IN (${rowsAt(10, 20)});
     UPDATE Subscribers SET user_email = 'no address' WHERE rowid = ${rowAt(400)};`,
  );
  await workbench.drop(file);
  await workbench.expectOpen(file.name);
  const quality = workbench.cell('quality');
  const leaveOut = async (name: RegExp) => {
    await quality
      .getByRole('row', { name })
      .getByRole('button', { name: /^Rows of/ })
      .click();
  };
  await leaveOut(/expect_column_values_to_be_between\(column: member_rating/);
  await quality.getByRole('button', { name: 'Leave them out' }).click();
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,198');
  await leaveOut(/expect_column_values_to_match_regex\(column: user_email/);
  const rows = quality.getByRole('region', { name: 'Rows of Subscribers that are not as expected' });
  await expect(rows.getByRole('row').nth(1)).toContainText(/^400/);
});

test('a file that holds no steps is refused with its reason', async ({ workbench, page }) => {
  await workbench.open();
  await workbench.work(inventedFile(85, N_SUBSCRIBERS));
  const chooser = page.waitForEvent('filechooser');
  await workbench.button('ingest', 'Load steps').click();
  await (await chooser).setFiles({
    name: 'nonsense.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"version":1,"steps":[{"type":"shred"}]}'),
  });
  await expect(workbench.cell('ingest').getByRole('alert')).toContainText(
    'nonsense.json holds no repair steps: steps.0',
  );
});
