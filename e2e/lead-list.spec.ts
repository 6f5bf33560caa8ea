import { expect, type Locator } from '@playwright/test';
import { countText } from '@/components/format';
import { inventedFile } from './crm-files';
import { csvRows } from './csv-rows';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

type Lead = Readonly<Record<string, string>>;
type Direction = 'ascending' | 'descending';

const opposite = (direction: Direction): Direction =>
  direction === 'ascending' ? 'descending' : 'ascending';

/** Columns in the table's order: label, column of the CSV, how its texts compare, and which way a first click sorts. */
const COLUMNS: readonly (readonly [
  label: string,
  column: string,
  kind: 'number' | 'text',
  first: Direction,
])[] = [
  ['Id', 'mailchimp_id', 'number', 'descending'],
  ['Name', 'user_full_name', 'text', 'ascending'],
  ['E-mail', 'user_email', 'text', 'ascending'],
  ['Score', 'score', 'number', 'descending'],
  ['Percentile', 'percentile', 'number', 'descending'],
  ['Tier', 'tier', 'text', 'ascending'],
  ['Rating', 'member_rating', 'number', 'descending'],
  ['Country', 'country_code', 'text', 'ascending'],
  ['Opt-in', 'optin_time', 'text', 'ascending'],
  ['Tags', 'tag_count', 'number', 'descending'],
  ['Bought', 'made_purchase', 'number', 'descending'],
];

const table = (workbench: WorkbenchPage) => workbench.cell('leads').getByRole('table', { name: 'Leads' });
const rowAt = (workbench: WorkbenchPage, index: number): Locator =>
  table(workbench).locator(`[role=row][aria-rowindex="${index + 2}"]`);

/** What the table shows for a value of the CSV. */
function shown(column: string, value: string): string {
  if (column === 'score') return Number(value).toFixed(4);
  if (column === 'made_purchase') return value === '1' ? 'yes' : 'no';
  return value;
}

/** What stands first in a column sorted either way; leads without a value are left out, for they come last. */
function extremes(
  leads: readonly Lead[],
  column: string,
  kind: 'number' | 'text',
): Record<Direction, string> {
  const values = leads.map((lead) => lead[column] ?? '').filter((value) => value !== '');
  const folded = (value: string) => value.toLowerCase();
  values.sort((a, b) =>
    kind === 'number' ? Number(a) - Number(b) : folded(a) < folded(b) ? -1 : folded(a) > folded(b) ? 1 : 0,
  );
  return { ascending: values[0] ?? '', descending: values.at(-1) ?? '' };
}

test('the lead list sorts, filters, searches and reaches its last row', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(18), 3);
  const leads = csvRows((await workbench.downloadLeads()).text);
  const count = workbench.cell('leads').getByText(/ of 1,500 subscribers$/);
  await expect(count).toHaveText('1,500 of 1,500 subscribers');

  await test.step('the last row is reached, and only rows in view are drawn', async () => {
    await expect(rowAt(workbench, 0)).toContainText(leads[0]?.user_email ?? '');
    await table(workbench).press('End');
    await expect(rowAt(workbench, 1_499)).toContainText(leads.at(-1)?.user_email ?? '');
    expect(await table(workbench).getByRole('row').count()).toBeLessThan(100);
  });

  await test.step('a lead opens by keyboard: reasons, another tier, what if, buyers like it', async () => {
    const lead = leads[0];
    expect(lead?.reason_1).toMatch(/^(For|Against): .+/);
    await table(workbench).press('Home');
    const open = rowAt(workbench, 0).getByRole('button', { name: lead?.user_full_name ?? '' });
    await open.focus();
    await open.press('Enter');
    const panel = page.getByRole('dialog', { name: lead?.user_full_name ?? '' });
    const sentence = (lead?.reason_1 ?? '').replace(/^(For|Against): /, '');
    await expect(panel.getByText(sentence)).toBeVisible();
    await panel.getByText('Other tier').click();
    await expect(panel.getByText(/changes of member rating and tags were scored/)).toBeVisible();
    await panel.getByText('Like buyers').click();
    await expect(panel.getByRole('region', { name: 'Most similar buyers' }).getByRole('row')).toHaveCount(6);
    await panel.getByText('What if', { exact: true }).click();
    const answer = panel.getByRole('status').filter({ hasText: 'instead of' });
    const score = shown('score', lead?.score ?? '');
    await expect(answer).toContainText(`Score ${score} instead of ${score}`);
    await panel.getByRole('textbox', { name: 'Opt-in' }).fill('2010-01-01');
    await expect(answer).not.toContainText(`Score ${score} instead`);
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(open).toBeFocused();
  });

  for (const [index, [label, column, kind, first]] of COLUMNS.entries()) {
    await test.step(`sort by ${label}`, async () => {
      const header = table(workbench).getByRole('columnheader', { name: label, exact: true });
      const cell = rowAt(workbench, 0).getByRole('cell').nth(index);
      const expected = extremes(leads, column, kind);
      for (const direction of [first, opposite(first)] as const) {
        await header.getByRole('button').click();
        await expect(header).toHaveAttribute('aria-sort', direction);
        await expect(cell, direction).toHaveText(shown(column, expected[direction]));
      }
    });
  }

  await test.step('filters and search', async () => {
    const ofTier = leads.filter(({ tier }) => tier === 'B');
    await workbench
      .cell('leads')
      .getByRole('group', { name: 'Tiers' })
      .getByText('B', { exact: true })
      .click();
    await expect(count).toHaveText(`${countText(ofTier.length)} of 1,500 subscribers`);
    const both = ofTier.filter(({ country_code }) => country_code === 'us');
    await workbench.cell('leads').getByRole('combobox', { name: 'Country' }).fill('us');
    await page.getByRole('option', { name: 'us', exact: true }).click();
    await expect(count).toHaveText(`${countText(both.length)} of 1,500 subscribers`);
    const download = await workbench.downloaded(workbench.button('leads', `These ${countText(both.length)}`));
    expect(
      csvRows(download.text)
        .map(({ mailchimp_id }) => mailchimp_id)
        .sort(),
    ).toEqual(both.map(({ mailchimp_id }) => mailchimp_id).sort());
    const one = both.at(-1);
    await workbench
      .cell('leads')
      .getByRole('textbox', { name: 'Search' })
      .fill(one?.user_email ?? '');
    await expect(count).toHaveText('1 of 1,500 subscribers');
    await expect(rowAt(workbench, 0)).toContainText(one?.user_full_name ?? '');
  });
});
