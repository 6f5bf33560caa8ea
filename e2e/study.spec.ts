import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { CellId } from '@/lib/store/cells';
import { inventedFile } from './crm-files';
import { modelFolder } from './home-folder';
import { test } from './quiet-page';
import { STUDY_LIMIT_MS, type WorkbenchPage } from './workbench-page';

const N_TRIALS = 120;

/** Data rows of a CSV file, each as its line. */
const csvLines = ({ text }: { readonly text: string }) => text.trim().split(/\r?\n/).slice(1);

test('a stopped study keeps what it finished, is evaluated as it stands, and goes on', async ({
  workbench,
}) => {
  test.slow();
  await workbench.open();
  await workbench.work(inventedFile(12));
  await workbench.setTrials(N_TRIALS);
  await workbench.startButton().click();
  await workbench.expectTrialsDone(3);
  const studyId = await workbench.studyId();
  await workbench.button('tuning', 'Stop').click();

  await expect(workbench.status('tuning')).toHaveText(/^Done in/, { timeout: STUDY_LIMIT_MS });
  const stopped = new RegExp(`^Idle · The study was stopped after (\\d+) of ${N_TRIALS} trials\\.$`);
  await expect(workbench.status('evaluation')).toHaveText(stopped);
  const nStopped = Number(stopped.exec(await workbench.status('evaluation').innerText())?.[1]);
  expect(nStopped).toBeLessThan(N_TRIALS);
  await expect(workbench.fact('tuning', 'Trials')).toHaveText(`${nStopped} of ${N_TRIALS}`);
  const trials = async () => csvLines(await workbench.downloaded(workbench.button('tuning', 'trials.csv')));
  const kept = await trials();
  expect(kept).toHaveLength(nStopped);

  await workbench.button('tuning', 'Evaluate the best so far').click();
  await workbench.expectLeads();
  const best = /trial (\d+)/.exec(await workbench.fact('tuning', 'Best roc_auc so far').innerText())?.[1];
  await expect(workbench.cell('evaluation')).toContainText(`, trial ${best},`);

  await workbench.button('tuning', 'Resume').click();
  await expect(workbench.fact('tuning', 'Trials')).toHaveText(`${N_TRIALS} of ${N_TRIALS}`, {
    timeout: STUDY_LIMIT_MS,
  });
  await expect(workbench.button('tuning', 'Resume')).toBeHidden();
  await workbench.expectLeads();
  await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
  const all = await trials();
  expect(all).toHaveLength(N_TRIALS);
  expect(all.filter((row) => kept.includes(row))).toEqual(kept);
  const { best_trial_number } = JSON.parse(
    readFileSync(join(modelFolder(await workbench.modelId()), 'metadata.json'), 'utf8'),
  ) as { best_trial_number: number };
  await expect(workbench.fact('tuning', 'Best roc_auc so far')).toContainText(`trial ${best_trial_number}`);
});

const expectStatuses = async (
  workbench: WorkbenchPage,
  expected: Readonly<Record<string, RegExp | string>>,
) => {
  for (const [id, text] of Object.entries(expected))
    await expect(workbench.status(id as CellId), id).toHaveText(text);
};

const DONE = { tuning: /^Done in/, evaluation: /^Done in/, scoring: /^Done in/, leads: /^Done in/ };

test('a changed parameter makes what depends on it stale, with the reason', async ({ workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(13), 4);
  const leads = await workbench.downloadLeads();

  await test.step('another seed', async () => {
    const seed = workbench.cell('features').getByLabel('Seed (split, sampler, XGBoost)');
    const stale = 'Stale · “Features and split” changed.';
    await seed.fill('43');
    await seed.press('Enter');
    await expectStatuses(workbench, {
      features: /^Done in/,
      tuning: 'Stale · The features changed since this study ran.',
      evaluation: stale,
      scoring: stale,
      leads: stale,
    });
    await seed.fill('42');
    await seed.press('Enter');
    await expectStatuses(workbench, { features: /^Done in/, ...DONE });
  });

  await test.step('another share of sales', async () => {
    const share = workbench.cell('pareto').getByRole('slider');
    const stale = 'Stale · “Sales by segment” changed.';
    await share.press('Home');
    await expectStatuses(workbench, {
      pareto: /^Done in/,
      features: /^Done in/,
      tuning: 'Stale · The features changed since this study ran.',
      evaluation: stale,
      scoring: stale,
      leads: stale,
    });
  });

  await test.step('another number of trials', async () => {
    await workbench.page.evaluate(() => localStorage.removeItem('leadbench.params'));
    await workbench.reload();
    await expectStatuses(workbench, DONE);
    expect(await workbench.downloadLeads()).toEqual(leads);
    await workbench.setTrials(5);
    const stale = 'Stale · The study’s parameters changed.';
    await expectStatuses(workbench, {
      features: /^Done in/,
      tuning: stale,
      evaluation: stale,
      scoring: stale,
      leads: stale,
    });
  });
});
