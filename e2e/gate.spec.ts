import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { CELLS } from '@/lib/store/cells';
import { changedFile, inventedFile } from './crm-files';
import { modelFolder } from './home-folder';
import { test } from './quiet-page';

const GATED = CELLS.filter(({ isGated }) => isGated).map(({ id }) => id);
const REASON = 'Ratings of 9 are an old import and mean 5.';

test('ratings of 9 shut the gate, and a reason opens it and travels with the model', async ({
  workbench,
}) => {
  const rated = await changedFile(
    inventedFile(14),
    'ratings-of-9.sqlite',
    `UPDATE Subscribers SET member_rating = 9
     WHERE rowid IN (SELECT rowid FROM Subscribers ORDER BY rowid LIMIT 40)`,
  );
  await workbench.open();
  await workbench.drop(rated);
  await workbench.expectOpen(rated.name);
  const gate = workbench.cell('quality').getByRole('alert', { name: 'The gate is shut' });
  await expect(gate).toContainText(
    'Subscribers.member_rating: 40 of 1,500 values are not between 1 and 5, for example 9 in row 1.',
  );
  for (const id of GATED)
    await expect(workbench.status(id), id).toHaveText('Blocked · The quality gate is shut.');
  await expect(workbench.startButton()).toBeDisabled();

  const override = workbench.button('quality', 'Override the gate');
  const reason = workbench
    .cell('quality')
    .getByLabel('Reason to go on all the same (travels with the model)');
  await reason.fill('because');
  await expect(override).toBeDisabled();
  await reason.fill(REASON);
  await override.click();
  await expect(workbench.cell('quality')).toContainText(`Overridden: “${REASON}”.`);
  await workbench.expectPrepared();

  await workbench.setTrials(2);
  await workbench.startButton().click();
  await workbench.expectLeads();
  await expect(workbench.cell('evaluation')).toContainText(`The quality gate was overridden: “${REASON}”.`);
  const metadata = readFileSync(join(modelFolder(await workbench.modelId()), 'metadata.json'), 'utf8');
  expect(JSON.parse(metadata)).toMatchObject({ gate_override_reason: REASON });

  await workbench.reload();
  await expect(workbench.cell('quality')).toContainText(`Overridden: “${REASON}”.`);
  await workbench.expectLeads();
});

test('a conversion above 50 % shuts the gate', async ({ workbench }) => {
  const sold = await changedFile(
    inventedFile(15),
    'everyone-buys.sqlite',
    `INSERT INTO Transactions
     SELECT 900000 + rowid, '2020-01-01', user_full_name, user_email, 'US', 1 FROM Subscribers ORDER BY rowid LIMIT 1200`,
  );
  await workbench.open();
  await workbench.drop(sold);
  await workbench.expectOpen(sold.name);
  const gate = workbench.cell('quality').getByRole('alert', { name: 'The gate is shut' });
  await expect(gate).toContainText(
    /subscribers_joined\.made_purchase: the conversion is 8\d\.\d+ %, expected between 1 % and 50 %\./,
  );
  for (const id of GATED)
    await expect(workbench.status(id), id).toHaveText('Blocked · The quality gate is shut.');
});
