import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator } from '@playwright/test';
import type { CellId } from '@/lib/store/cells';
import { changedFile, counted, inventedFile, queried } from './crm-files';
import { csvRows } from './csv-rows';
import { drawnPlot } from './drawn-figure';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

const FILE = inventedFile(61, 4_000);
const BOUGHT = 'lower(trim(user_email)) IN (SELECT lower(trim(user_email)) FROM Transactions)';
const COUNTRY = 'lower(trim(country_code))';

/** The figure of a cell; the last where it has several. */
const figureOf = (workbench: WorkbenchPage, id: CellId) => workbench.cell(id).getByRole('figure').last();
const bar = (workbench: WorkbenchPage) =>
  workbench.page.getByRole('region', { name: 'Filters of the exploration' });

/** Click a mark of a figure once the figure has answered the pointer. */
async function clickMark(
  workbench: WorkbenchPage,
  id: CellId,
  mark: Locator,
  modifiers: readonly 'Shift'[] = [],
) {
  await drawnPlot(figureOf(workbench, id));
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  if (box === null) throw new Error('The figure has no such mark');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const { mouse, keyboard } = workbench.page;
  await mouse.move(x - 2, y - 2);
  await mouse.move(x, y, { steps: 3 });
  await expect(figureOf(workbench, id).locator('.hoverlayer .hovertext').first()).toBeVisible();
  for (const key of modifiers) await keyboard.down(key);
  await mouse.click(x, y);
  for (const key of modifiers) await keyboard.up(key);
}

const firstBar = (workbench: WorkbenchPage) =>
  figureOf(workbench, 'pareto').locator('.barlayer .point path').first();

/** Text of the counts in the bar, from the file itself. */
async function countsText(where: string): Promise<string> {
  const n = await counted(FILE, `SELECT count(*) FROM Subscribers WHERE ${where}`);
  const buyers = await counted(FILE, `SELECT count(*) FROM Subscribers WHERE ${where} AND ${BOUGHT}`);
  const text = (count: number) => count.toLocaleString('en-US');
  return `${text(n)} of 4,000 subscribers, ${text(buyers)} bought (${((100 * buyers) / n).toFixed(2)} %)`;
}

async function bestCountry(): Promise<string> {
  const rows = await queried(
    FILE,
    `SELECT ${COUNTRY} AS c, sum(${BOUGHT}) AS b, count(*) AS n FROM Subscribers WHERE c <> '' GROUP BY c ORDER BY b DESC, n DESC LIMIT 1`,
  );
  return String(rows[0]?.[0]);
}

test('a click filters every figure, chips say so, Back takes it away and the address holds it', async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.work(FILE);
  const best = await bestCountry();
  await test.step('a bar', async () => {
    await clickMark(workbench, 'pareto', firstBar(workbench));
    await expect(bar(workbench).getByText(`country: ${best}`)).toBeVisible();
    await expect(bar(workbench).getByRole('status')).toHaveText(await countsText(`${COUNTRY} = '${best}'`));
    expect(new URL(page.url()).hash).toBe(`#country=${best}`);
  });
  await test.step('every other figure counts those subscribers alone', async () => {
    await figureOf(workbench, 'rating').getByText('Table', { exact: true }).click();
    await expect(figureOf(workbench, 'rating').getByRole('table')).toBeVisible();
    const cells = await figureOf(workbench, 'rating').getByRole('row').getByRole('cell').allInnerTexts();
    const n = await counted(FILE, `SELECT count(*) FROM Subscribers WHERE ${COUNTRY} = '${best}'`);
    const counts = cells.filter((_, i) => i % 7 === 1).map((text) => Number(text.replaceAll(',', '')));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
  });
  await test.step('a second filter, of another figure', async () => {
    await figureOf(workbench, 'tags').scrollIntoViewIfNeeded();
    await clickMark(workbench, 'tags', figureOf(workbench, 'tags').locator('.points path').first());
    await expect(bar(workbench)).toHaveAttribute('data-filters', '2');
    await expect(bar(workbench).getByText(/^tag: /)).toBeVisible();
  });
  await test.step('Back takes the last away, a reload keeps what is left', async () => {
    await page.goBack();
    await expect(bar(workbench)).toHaveAttribute('data-filters', '1');
    await workbench.reload();
    await expect(bar(workbench).getByRole('status')).toHaveText(await countsText(`${COUNTRY} = '${best}'`));
    await workbench.page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(bar(workbench)).toHaveCount(0);
    expect(new URL(page.url()).hash).toBe('');
  });
});

test('segments by any dimension, and pairs of features, are told apart', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.work(FILE);
  const pareto = workbench.cell('pareto');
  for (const [name, title] of [
    ['product', /products? reach(es)? 85 % of the buyers who have a product/],
    ['e-mail domain', /of the sales with a known e-mail domain/],
    ['opt-in month', /opt-in months reach/],
  ] as const) {
    await pareto.getByRole('combobox', { name: 'Segment by' }).click();
    await page.getByRole('option', { name, exact: true }).click();
    await expect(figureOf(workbench, 'pareto')).toHaveAccessibleName(title);
  }
  const interactions = workbench.cell('interactions');
  await expect(figureOf(workbench, 'interactions')).toHaveAccessibleName(/number of tags and member rating/);
  await interactions.getByRole('combobox', { name: 'Along' }).click();
  await page.getByRole('option', { name: 'country', exact: true }).click();
  await expect(figureOf(workbench, 'interactions')).toHaveAccessibleName(/country and member rating/);
  await expect(workbench.cell('sufficiency').getByText(/^(Enough|Not enough): /)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).exclude('.svg-container').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('the rows behind a failing check are shown, downloaded and looked at in every figure', async ({
  workbench,
}) => {
  await workbench.openPrepared();
  const file = await changedFile(
    FILE,
    'ratings.sqlite',
    'UPDATE Subscribers SET member_rating = 9 WHERE rowid % 500 = 7;',
  );
  await workbench.drop(file);
  await workbench.expectOpen(file.name);
  const wrong = await queried(
    file,
    'SELECT rowid, mailchimp_id, user_full_name FROM Subscribers WHERE member_rating = 9 ORDER BY rowid',
  );
  const n = wrong.length;
  expect(n).toBeGreaterThan(5);
  const quality = workbench.cell('quality');
  const row = quality
    .getByRole('row')
    .filter({ hasText: 'expect_column_values_to_be_between(column: member_rating' });
  await row.getByRole('button', { name: /^Rows of subscribers check/ }).click();
  const table = quality.getByRole('region', { name: 'Rows of Subscribers that are not as expected' });
  const shown = await table
    .getByRole('row')
    .filter({ has: workbench.page.getByRole('cell') })
    .all();
  expect(shown).toHaveLength(n);
  await expect(quality.getByText(`${n} rows of Subscribers`)).toBeVisible();
  const { name, text } = await workbench.downloaded(quality.getByRole('button', { name: 'Download CSV' }));
  expect(name).toMatch(/^subscribers_check_\d+_rows\.csv$/);
  const lines = text.trim().split('\r\n');
  expect(lines).toHaveLength(n + 1);
  for (const [i, [, id, person]] of wrong.entries()) expect(lines[i + 1]).toContain(`${id},${person}`);
});

/** Drag the pointer through points given as shares of a box. */
async function dragThrough(
  { page }: WorkbenchPage,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  corners: readonly (readonly [along: number, down: number])[],
) {
  const [first = [0, 0], ...rest] = corners.map(
    ([along, down]) => [box.x + along * box.width, box.y + down * box.height] as const,
  );
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const corner of rest) await page.mouse.move(...corner, { steps: 6 });
  await page.mouse.up();
}

/** Where a mark lies once it is in the middle of the window, clear of the page's header. */
async function boxOf(mark: Locator) {
  await mark.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  return placeOf(mark);
}

/** Where a mark lies in the window as it is scrolled. */
async function placeOf(mark: Locator) {
  const box = await mark.boundingBox();
  if (box === null) throw new Error('The figure has no such mark');
  return box;
}

const RATED = 'member_rating BETWEEN 1 AND 5';

test('a cell, a box, a lasso and a row of a table filter as a bar does', async ({ page, workbench }) => {
  await workbench.open();
  await workbench.work(FILE);
  const grid = figureOf(workbench, 'interactions');
  await test.step('a cell filters both its sides, and the heatmap itself stays whole', async () => {
    await drawnPlot(grid);
    const area = await boxOf(grid.locator('.heatmaplayer image').first());
    const [x, y] = [area.x + area.width / 22, area.y + area.height * 0.7];
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y, { steps: 3 });
    await expect(grid.locator('.hoverlayer .hovertext').first()).toContainText('member rating 2');
    await page.mouse.click(x, y);
    await expect(bar(workbench)).toHaveAttribute('data-filters', '2');
    await expect(bar(workbench).getByText('number of tags: 0')).toBeVisible();
    await expect(bar(workbench).getByText('member rating: 2')).toBeVisible();
    await expect(grid.locator('.shapelayer path')).toHaveCount(1);
    expect(new URL(page.url()).hash).toBe('#tag_count=0&member_rating=2');
    const n = await counted(
      FILE,
      'SELECT count(*) FROM Subscribers WHERE member_rating = 2 AND mailchimp_id NOT IN (SELECT mailchimp_id FROM Tags)',
    );
    await expect(bar(workbench).getByRole('status')).toContainText(`${n.toLocaleString('en-US')} of 4,000`);
    await page.goBack();
    await expect(bar(workbench)).toHaveCount(0);
  });
  await test.step('a box over cells filters to their levels', async () => {
    await expect(grid.locator('.shapelayer path')).toHaveCount(0);
    await expect(workbench.cell('interactions').getByText('ranking all pairs …')).toHaveCount(0);
    await drawnPlot(grid);
    const area = await boxOf(grid.locator('.heatmaplayer image').first());
    // Ratings 4 and 5 of the first three counts.
    await dragThrough(workbench, area, [
      [0.01, 0.02],
      [0.26, 0.38],
    ]);
    await expect(bar(workbench).getByText('member rating: 4 or 5')).toBeVisible();
    await expect(bar(workbench).getByText('number of tags: 0 or 1 or 2')).toBeVisible();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(bar(workbench)).toHaveCount(0);
  });
  await test.step('a lasso around points', async () => {
    const figure = figureOf(workbench, 'rating');
    await figure.getByRole('button', { name: /^Dragging across the chart/ }).click();
    await page.getByRole('menuitem', { name: 'Select with a lasso' }).click();
    await drawnPlot(figure);
    const area = await boxOf(figure.locator('.nsewdrag').first());
    const third = await placeOf(figure.locator('.points path').nth(2));
    const fifth = await placeOf(figure.locator('.points path').nth(4));
    const left = third.x - 20 - area.x;
    const right = fifth.x + 30 - area.x;
    await dragThrough(workbench, { ...area, width: 1, height: 1 }, [
      [left, fifth.y - 20 - area.y],
      [right, fifth.y - 20 - area.y],
      [right, third.y + 30 - area.y],
      [left, third.y + 30 - area.y],
      [left, fifth.y - 20 - area.y],
    ]);
    await expect(bar(workbench).getByText('member rating: 3 or 4 or 5')).toBeVisible();
    await expect(bar(workbench).getByRole('status')).toHaveText(
      await countsText('member_rating IN (3, 4, 5)'),
    );
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });
  await test.step('Enter on a row of the table, and Shift adds', async () => {
    const counts = workbench.cell('tags').getByRole('figure').first();
    await counts.getByText('Table', { exact: true }).click();
    await counts.getByRole('button', { name: '4', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(bar(workbench).getByText('number of tags: 4')).toBeVisible();
    await counts.getByRole('button', { name: '6–7', exact: true }).focus();
    await page.keyboard.press('Shift+Enter');
    await expect(bar(workbench).getByText('number of tags: 4 or 6–7')).toBeVisible();
    const held = '(SELECT count(DISTINCT tag) FROM Tags WHERE Tags.mailchimp_id = Subscribers.mailchimp_id)';
    await expect(bar(workbench).getByRole('status')).toHaveText(await countsText(`${held} IN (4, 6, 7)`));
    await drawnPlot(figureOf(workbench, 'interactions'));
    await expect(figureOf(workbench, 'interactions').locator('.shapelayer path')).not.toHaveCount(0);
    expect(await counted(FILE, `SELECT count(*) FROM Subscribers WHERE ${RATED}`)).toBe(4_000);
  });
});

test('the cut of the countries is dragged in the chart, and the features follow', async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.work(FILE);
  const figure = figureOf(workbench, 'pareto');
  const note = workbench.cell('features').getByText(/outside the \d+ kept/);
  const nKept = async () => Number(/outside the (\d+) kept/.exec(await note.innerText())?.[1]);
  const before = await nKept();
  await drawnPlot(figure);
  const area = await boxOf(figure.locator('.nsewdrag').first());
  const line = await placeOf(figure.locator('.shapelayer path').first());
  const x = line.x + line.width * 0.7;
  await page.mouse.move(x, line.y + line.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, area.y + area.height * (1 - 0.6 / 1.04), { steps: 8 });
  await page.mouse.up();
  await expect(figure).toHaveAccessibleName(/countries reach (59|60|61) % of the sales/);
  await expect.poll(nKept).toBeLessThan(before);
  await workbench.expectPrepared();
  await expect(page.getByText(/must hold: (59|60|61) %/)).toBeVisible();
});

test('the SQL that a figure shows gives its table when it is run on the file', async ({
  page,
  workbench,
}) => {
  await workbench.open();
  await workbench.work(FILE);
  await clickMark(workbench, 'pareto', firstBar(workbench));
  await expect(bar(workbench)).toHaveAttribute('data-filters', '1');
  for (const id of ['pareto', 'rating', 'tags', 'interactions'] as const) {
    await test.step(id, async () => {
      const figure = figureOf(workbench, id);
      await figure.getByText('SQL', { exact: true }).click();
      const statement = await figure.getByRole('region', { name: /^SQL: / }).innerText();
      if (id !== 'pareto') expect(statement).toContain(`"country" IN ('${await bestCountry()}')`);
      await figure.getByRole('button', { name: /^Download “/ }).click();
      const { text } = await workbench.downloaded(page.getByRole('menuitem', { name: 'CSV of the numbers' }));
      const shown = csvRows(text).map((row) => Object.values(row));
      const found = await queried(FILE, statement);
      expect(found.map((row) => row.map(rounded))).toEqual(shown.map((row) => row.map(rounded)));
    });
  }
});

/** Sums made in another order may differ in the last places. */
function rounded(cell: unknown): string {
  const text = cell === null ? '' : String(cell);
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text).toPrecision(11);
}
