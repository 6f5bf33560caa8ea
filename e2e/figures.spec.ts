import { expect, type Locator } from '@playwright/test';
import { cellText } from '@/lib/charts/figure-spec';
import { demoFile, inventedFile, queried } from './crm-files';
import { csvRows } from './csv-rows';
import { drawnPlot } from './drawn-figure';
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
  const plot = await drawnPlot(figure);
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

/** A row of the table view: texts by column, and its place. */
interface ShownRow {
  readonly place: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows of the table view that are drawn: all of a short one, those in view of a long one. */
async function shownTable(figure: Locator): Promise<readonly ShownRow[]> {
  await figure.getByText('Table', { exact: true }).click();
  await expect(figure.locator('tbody tr:not([aria-hidden])').first()).toBeVisible();
  const header = await figure.getByRole('columnheader').allInnerTexts();
  const rows = await figure.locator('tbody tr:not([aria-hidden])').evaluateAll((elements) =>
    elements.map((row, index) => ({
      // The header is row 1.
      place: Number(row.getAttribute('aria-rowindex') ?? index + 2) - 2,
      texts: Array.from(row.querySelectorAll('td'), (cell) => cell.textContent ?? ''),
    })),
  );
  return rows.map(({ place, texts }) => ({
    place,
    cells: Object.fromEntries(header.map((name, index) => [name, texts[index] ?? ''])),
  }));
}

/** Rows that a table says it has, where it does not draw them all. */
async function nRowsOf(figure: Locator): Promise<number | null> {
  const text = await figure.getByRole('table').getAttribute('aria-rowcount');
  return text === null ? null : Number(text) - 1;
}

const FORMATS = ['text', 'count', 'share', 'score', 'ratio', 'number'] as const;

/** Whether a cell of the table shows a cell of the CSV, in one of the ways numbers are written. */
function isShownAs(csv: string, shown: string): boolean {
  return csv === shown || (csv !== '' && FORMATS.some((format) => cellText(Number(csv), format) === shown));
}

test('the country chart, its table and its download hold what the file holds', async ({ workbench }) => {
  await workbench.openPrepared();
  const figure = workbench.cell('pareto').getByRole('figure');
  const traces = await drawnTraces(figure);
  const { name, text } = await downloadedCsv(workbench, figure);
  expect(name).toBe('sales_by_country.csv');
  const rows = csvRows(text);
  const known = rows.filter((row) => row.Part !== 'missing');
  const bars = traces.filter((trace) => trace.name !== 'Cumulative share');
  expect(bars.flatMap(({ x, y }) => x.map((code, index) => [code, y[index]]))).toEqual(
    known.map((row) => [row.Country, Number(row.Sales)]),
  );
  expect(traces.find((trace) => trace.name === 'Cumulative share')?.y).toEqual(
    known.map((row) => Number(row.Cumulative)),
  );

  const truth = await queried(
    demoFile(),
    `SELECT coalesce(lower(trim(country_code)), '(missing)') AS code, count(*), sum(
       lower(trim(user_email)) IN (SELECT lower(trim(user_email)) FROM Transactions)) AS buyers
     FROM Subscribers GROUP BY code`,
  );
  const sorted = (table: readonly (readonly unknown[])[]) => table.map(String).sort();
  expect(sorted(rows.map((row) => [row.Country, row.Subscribers, row.Sales]))).toEqual(sorted(truth));
});

/** Check that a chart's table shows, column by column, what its download holds. */
async function expectTableAsDownloaded(workbench: WorkbenchPage, figure: Locator): Promise<void> {
  await drawnTraces(figure);
  const rows = csvRows((await downloadedCsv(workbench, figure)).text);
  const shown = await shownTable(figure);
  expect(rows.length).toBeGreaterThan(0);
  expect((await nRowsOf(figure)) ?? shown.length).toBe(rows.length);
  const differing = shown.flatMap(({ place, cells }) => {
    const row = rows[place] ?? {};
    expect(Object.keys(cells)).toEqual(Object.keys(row));
    return Object.entries(row).filter(([column, value]) => !isShownAs(value, cells[column] ?? ''));
  });
  expect(differing).toEqual([]);
}

test('every chart’s table shows what its download holds', async ({ workbench }) => {
  await workbench.open();
  await workbench.workThrough(inventedFile(21), 3);
  // The notice of the finished study covers the lower corner, and stays while the pointer is over it or the page is busy.
  const notice = workbench.page.getByRole('alert').filter({ hasText: 'The study is done' });
  await workbench.page.addLocatorHandler(notice, () => notice.getByRole('button', { name: 'Close' }).click());
  const figures = await workbench.page.getByRole('figure').all();
  expect(figures).toHaveLength(17);
  for (const figure of figures) {
    const label = (await figure.getAttribute('aria-label')) ?? '';
    await test.step(label, () => expectTableAsDownloaded(workbench, figure));
  }
});

const STUDY_FIGURES = [
  ['History', 'optimisation_history.csv'],
  ['Best so far', 'best_so_far.csv'],
  ['Importances', 'parameter_importances.csv'],
  ['Parallel coordinates', 'parallel_coordinates.csv'],
  ['Slice', 'slice.csv'],
  ['Contour', 'contour.csv'],
  ['Learning curves', 'learning_curves.csv'],
  ['EDF', 'objective_distribution.csv'],
  ['Workers', 'worker_timeline.csv'],
] as const;

test('so does every figure of a study, each with a sentence of its own', async ({ workbench }) => {
  test.slow();
  await workbench.openPrepared();
  // Importances want ten trials.
  await workbench.workThrough(inventedFile(26), 10);
  const panel = workbench.cell('tuning').getByRole('tabpanel');
  const figure = panel.getByRole('figure');
  const sentences = new Set<string>();
  for (const [name, fileName] of STUDY_FIGURES) {
    await test.step(name, async () => {
      await workbench.cell('tuning').getByRole('tab', { name, exact: true }).click();
      await expect(figure).not.toHaveAccessibleName(/^Working/);
      sentences.add((await figure.getAttribute('aria-label')) ?? '');
      expect((await downloadedCsv(workbench, figure)).name).toBe(fileName);
      await expectTableAsDownloaded(workbench, figure);
      await figure.getByText('Chart', { exact: true }).click();
    });
  }
  // Parallel coordinates and slices both say where the best trials lie.
  expect(sentences.size).toBeGreaterThanOrEqual(STUDY_FIGURES.length - 1);
});
