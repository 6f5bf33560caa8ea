import { expect, type Locator, type Page } from '@playwright/test';
import { csvRows } from './csv-rows';
import { drawnPlot } from './drawn-figure';
import type { WorkbenchPage } from './workbench-page';

/** One trial of `trials.csv`, by column. */
export type CsvTrial = Readonly<Record<string, string>>;

/** The cockpit of the tuning cell as a person sees and works it. */
export class CockpitPage {
  readonly page: Page;
  readonly cell: Locator;
  /** The trial table. */
  readonly grid: Locator;
  readonly filter: Locator;
  readonly #workbench: WorkbenchPage;

  constructor(workbench: WorkbenchPage) {
    this.#workbench = workbench;
    this.page = workbench.page;
    this.cell = workbench.cell('tuning');
    this.grid = this.cell.getByRole('grid', { name: 'Trials' });
    this.filter = this.cell.getByRole('textbox', { name: 'Filter trials' });
  }

  /** Rows of trials that are drawn, in the order of the table. */
  rows(): Locator {
    return this.grid.getByRole('row').filter({ has: this.page.getByRole('rowheader') });
  }

  row(trialNumber: number): Locator {
    return this.grid.locator(`[data-trial="${trialNumber}"]`);
  }

  /** Numbers of the trials that are drawn, from above. */
  shownNumbers(): Promise<readonly number[]> {
    return this.rows().evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-trial'))));
  }

  selectedNumbers(): Promise<readonly number[]> {
    return this.rows().evaluateAll((rows) =>
      rows
        .filter((row) => row.getAttribute('aria-selected') === 'true')
        .map((row) => Number(row.getAttribute('data-trial')))
        .sort((a, b) => a - b),
    );
  }

  async expectSelected(trialNumbers: readonly number[]): Promise<void> {
    await expect.poll(() => this.selectedNumbers()).toEqual([...trialNumbers].sort((a, b) => a - b));
    const n = trialNumbers.length;
    const text =
      n === 0 ? /Click a trial|No trial selected/ : `${n} ${n === 1 ? 'trial' : 'trials'} selected`;
    await expect(this.cell.getByRole('status').filter({ hasText: text })).toBeVisible();
  }

  /** Trials that the table holds, drawn or not. */
  async expectTrials(n: number): Promise<void> {
    await expect(this.grid).toHaveAttribute('aria-rowcount', String(n + 1));
  }

  async sortBy(column: string): Promise<void> {
    await this.sortButton(column).click();
  }

  sortButton(column: string): Locator {
    return this.grid.getByRole('columnheader', { name: column, exact: true }).getByRole('button');
  }

  async csv(): Promise<readonly CsvTrial[]> {
    const { name, text } = await this.#workbench.downloaded(
      this.cell.getByRole('button', { name: 'trials.csv' }),
    );
    expect(name).toBe('trials.csv');
    return csvRows(text);
  }

  /** Show a figure and wait until it is drawn. */
  async openTab(name: string): Promise<void> {
    await this.tab(name).click();
    await this.expectDrawn();
  }

  tab(name: string): Locator {
    return this.cell.getByRole('tab', { name, exact: true });
  }

  /** The figure in view; a comparison of studies has one of its own below. */
  figure(): Locator {
    return this.cell.getByRole('tabpanel').getByRole('figure');
  }

  async expectDrawn(): Promise<void> {
    await drawnPlot(this.figure());
  }

  /** Drag a box over the whole area between the axes. */
  async dragOverAll(modifiers: readonly 'Shift'[] = []): Promise<void> {
    const area = await this.figure().locator('.nsewdrag').first().boundingBox();
    if (area === null) throw new Error('The figure has no area to drag over');
    for (const key of modifiers) await this.page.keyboard.down(key);
    await this.page.mouse.move(area.x + 1, area.y + 1);
    await this.page.mouse.down();
    await this.page.mouse.move(area.x + area.width / 2, area.y + area.height / 2, { steps: 5 });
    await this.page.mouse.move(area.x + area.width - 1, area.y + area.height - 1, { steps: 5 });
    await this.page.mouse.up();
    for (const key of modifiers) await this.page.keyboard.up(key);
  }

  /** Click the first mark that the figure draws, once the figure has answered the pointer as it does a person's. */
  async clickFirstMark(): Promise<void> {
    const mark = await this.figure().locator('.points path').first().boundingBox();
    if (mark === null) throw new Error('The figure has no mark to click');
    const [x, y] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
    await this.page.mouse.move(x - 3, y - 3);
    await this.page.mouse.move(x, y, { steps: 3 });
    await expect(this.figure().locator('.hoverlayer .hovertext').first()).toBeVisible();
    await this.page.mouse.click(x, y);
  }

  /** Trials that the figure draws, by what its traces say of their points. */
  drawnTrials(): Promise<readonly number[]> {
    return this.figure()
      .locator('[data-figure=drawn]')
      .evaluate((element) => {
        const { data } = element as unknown as { data: { customdata?: unknown[] }[] };
        const numbers = data.flatMap(({ customdata = [] }) =>
          Array.from(customdata, (own) => (Array.isArray(own) ? own[0] : own)),
        );
        return [...new Set(numbers.filter((number) => typeof number === 'number'))].sort((a, b) => a - b);
      });
  }

  /** Trials that the figure draws with the outline of those that are picked. */
  outlinedTrials(): Promise<readonly number[]> {
    return this.figure()
      .locator('[data-figure=drawn]')
      .evaluate((element) => {
        interface Trace {
          customdata?: unknown[][];
          marker?: { line?: { width?: unknown } };
        }
        const { data } = element as unknown as { data: Trace[] };
        const numbers = data.flatMap(({ customdata = [], marker }) => {
          const widths = marker?.line?.width;
          return Array.isArray(widths) ? customdata.filter((_, i) => widths[i] >= 2).map(([own]) => own) : [];
        });
        return [...new Set(numbers)].map(Number);
      });
  }
}
