import { expect, type Page } from '@playwright/test';
import { inventedFile } from './crm-files';
import { test } from './quiet-page';

const DEMO = 'crm_database.sqlite (invented demo data)';

/** Names of what the browser's private file system holds for the page. */
const keptNames = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('leadbench');
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });

test('a picked file survives a reload, and is gone once it is forgotten', async ({ page, workbench }) => {
  const file = inventedFile(11);
  await workbench.openPrepared();
  expect(await keptNames(page)).toEqual([]);
  await workbench.pick(file);
  await workbench.expectOpen(file.name);
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,500');
  await workbench.expectPrepared();
  expect(await keptNames(page)).toEqual(['crm.json', 'crm.sqlite']);

  await workbench.reload();
  await workbench.expectOpen(file.name);
  await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,500');

  await workbench.button('source', 'Forget this file').click();
  await workbench.expectOpen(DEMO);
  await workbench.expectPrepared();
  expect(await keptNames(page)).toEqual([]);
  await workbench.reload();
  await workbench.expectOpen(DEMO);
  await expect(workbench.button('source', 'Forget this file')).toBeHidden();
});
