import { expect, type Locator } from '@playwright/test';
import { cellText } from '@/lib/charts/figure-spec';
import { demoFile, inventedFile, queried } from './crm-files';
import { csvRows } from './csv-rows';
import { test } from './quiet-page';
import type { WorkbenchPage } from './workbench-page';

/** A trace as Plotly holds it. */
interface DrawnTrace {
  readonly name: string;
  readonly x: readonly (string | number)[];
  readonly y: readonly number[];
}

/** What Plotly has really drawn in a figure. */
async function drawnTraces(figure: Locator): Promise<readonly DrawnTrace[]> {
  const plot = figure.locator('[data-figure=drawn]');
  await expect(plot).toBeVisible();
  return plot.evaluate((element) =>
    (element as unknown as { data: DrawnTrace[] }).data.map(({ name, x, y }) => ({
      name,
      x: Array.from(x ?? []),
      y: Array.from(y ?? []),
    })),
  );
}

async function downloadedCsv(workbench: WorkbenchPage, figure: Locator) {
  await figure.getByRole('button', { name: /^Download “/ }).click();
  return workbench.downloaded(workbench.page.getByRole('menuitem', { name: 'CSV of the numbers' }));
}

/** The table view: texts, one record a row. */
async function shownTable(figure: Locator): Promise<readonly Readonly<Record<string, string>>[]> {
  await figure.getByText('Table', { exact: true }).click();
  const header = await figure.getByRole('columnheader').allInnerTexts();
  const rows = await figure
    .locator('tbody tr')
    .evaluateAll((elements) =>
      elements.map((row) => Array.from(row.querySelectorAll('td'), (cell) => cell.textContent ?? '')),
    );
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}

const FORMATS = ['text', 'count', 'share', 'score'] as const;

/** Whether a cell of the table shows a cell of the CSV, in one of the ways numbers are written. */
function isShownAs(csv: string, shown: string): boolean {
  return csv === shown || (csv !== '' && FORMATS.some((format) => cellText(Number(csv), format) === shown));
}

test('the country chart, its table and its download hold what the file holds', async ({ workbench }) => {
  await workbench.open();
  const figure = workbench.cell('pareto').getByRole('figure');
  const traces = await drawnTraces(figure);
  const { name, text } = await downloadedCsv(workbench, figure);
  expect(name).toBe('sales_by_country.csv');
  const rows = csvRows(text);
  const known = rows.filter((row) => row.Level !== 'missing');
  const bars = traces.filter((trace) => trace.name !== 'Cumulative share');
  expect(bars.flatMap(({ x, y }) => x.map((code, index) => [code, y[index]]))).toEqual(
    known.map((row) => [row.Country, Number(row.Sales)]),
  );
  expect(traces.find((trace) => trace.name === 'Cumulative share')?.y).toEqual(
    known.map((row) => Number(row.Cumulative)),
  );

  const truth = await queried(
    demoFile(),
    `SELECT coalesce(lower(trim(country_code)), 'missing') AS code, count(*), sum(
       lower(trim(user_email)) IN (SELECT lower(trim(user_email)) FROM Transactions)) AS buyers
     FROM Subscribers GROUP BY code`,
  );
  const sorted = (table: readonly (readonly unknown[])[]) => table.map(String).sort();
  expect(sorted(rows.map((row) => [row.Country, row.Subscribers, row.Sales]))).toEqual(sorted(truth));
});

test('every chart’s table shows what its download holds', async ({ workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(21), 3);
  const figures = await workbench.page.getByRole('figure').all();
  expect(figures).toHaveLength(8);
  for (const figure of figures) {
    const label = (await figure.getAttribute('aria-label')) ?? '';
    await test.step(label, async () => {
      await drawnTraces(figure);
      const rows = csvRows((await downloadedCsv(workbench, figure)).text);
      const shown = await shownTable(figure);
      expect(rows.length).toBeGreaterThan(0);
      expect(shown.map((row) => Object.keys(row))).toEqual(rows.map((row) => Object.keys(row)));
      const differing = rows.flatMap((row, index) =>
        Object.entries(row).filter(([column, value]) => !isShownAs(value, shown[index]?.[column] ?? '')),
      );
      expect(differing).toEqual([]);
    });
  }
});
