import { readFileSync } from 'node:fs';
import { type Download, expect, type Locator, type Page } from '@playwright/test';
import type { CellId } from '@/lib/store/cells';

/** A file as a person would hand it over. */
export interface HandedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Limits for a machine that does much else at the same time. */
const PREPARE_LIMIT_MS = 60_000;
export const STUDY_LIMIT_MS = 90_000;

/** The notebook as a person sees and works it. */
export class WorkbenchPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Open the page, and wait until it takes a file. What the page opens with may still be at work. */
  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.page.getByText('Drop a SQLite file here')).toBeVisible({ timeout: PREPARE_LIMIT_MS });
  }

  /** Open the page and wait until everything cheap has run on what it opens with. */
  async openPrepared(): Promise<void> {
    await this.open();
    await this.expectPrepared();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.expectPrepared();
  }

  /** Wait until the features are made and the server has been asked for studies of theirs. */
  async expectPrepared(): Promise<void> {
    await expect(this.status('features')).toHaveText(/^Done in/, { timeout: PREPARE_LIMIT_MS });
    await expect(this.status('tuning')).not.toContainText('Waits for');
  }

  /** By its mark: to find a region by name, all names of the page are worked out, each time that something is waited for. */
  cell(id: CellId): Locator {
    return this.page.locator(`section[data-cell="${id}"]`);
  }

  /** The line beside a cell's title: its state, with the reason or the time taken. */
  status(id: CellId): Locator {
    return this.cell(id).locator('header [role=status]');
  }

  /** A figure of a cell by its label, such as "File" or "Trials". */
  fact(id: CellId, label: string): Locator {
    const term = this.page.locator('dt').filter({ hasText: new RegExp(`^${label}$`) });
    return this.cell(id).locator('dl > div').filter({ has: term }).locator('dd');
  }

  /** Data rows of a small table, by the table's label. */
  rows(id: CellId, label: string): Locator {
    return this.cell(id)
      .getByRole('region', { name: label, exact: true })
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell') });
  }

  /** Drop a file on the page's first cell. */
  async drop({ name, bytes }: HandedFile): Promise<void> {
    await this.page
      .getByText('Drop a SQLite file here')
      .drop({ files: { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) } });
  }

  /** Pick a file as by the file chooser. */
  async pick({ name, bytes }: HandedFile): Promise<void> {
    const choosing = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Open file' }).click();
    const chooser = await choosing;
    await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
  }

  /** Wait until a file is the open one. */
  async expectOpen(fileName: string): Promise<void> {
    await expect(this.fact('source', 'File')).toHaveText(fileName, { timeout: PREPARE_LIMIT_MS });
  }

  /** Drop a file and wait until everything cheap has run on it. */
  async work(file: HandedFile): Promise<void> {
    await this.drop(file);
    await this.expectOpen(file.name);
    await this.expectPrepared();
  }

  async setTrials(nTrials: number): Promise<void> {
    await this.cell('tuning').getByRole('textbox', { name: 'Trials', exact: true }).fill(String(nTrials));
  }

  button(id: CellId, name: string | RegExp): Locator {
    return this.cell(id).getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  startButton(): Locator {
    return this.button('tuning', /^Start (the|a new) study$/);
  }

  /** Drop a file, run a study on it and wait for the leads. */
  async workThrough(file: HandedFile, nTrials: number): Promise<void> {
    await this.work(file);
    await this.setTrials(nTrials);
    await this.startButton().click();
    await this.expectLeads();
  }

  /** "7 of 24" → 7 */
  async nTrialsDone(): Promise<number> {
    const text = await this.fact('tuning', 'Trials').textContent();
    return Number.parseInt(text ?? '', 10);
  }

  async expectTrialsDone(atLeast: number): Promise<void> {
    // Asked often, since whoever waits for few trials wants to see the study before its end.
    const poll = { timeout: STUDY_LIMIT_MS, intervals: [50] };
    await expect.poll(() => this.nTrialsDone(), poll).toBeGreaterThanOrEqual(atLeast);
  }

  /** Wait until the leads are there. */
  async expectLeads(): Promise<void> {
    await expect(this.status('leads')).toHaveText(/^Done in/, { timeout: STUDY_LIMIT_MS });
  }

  studyId(): Promise<string> {
    return this.fact('tuning', 'Study').innerText();
  }

  modelId(): Promise<string> {
    return this.cell('evaluation')
      .getByText(/^model-[0-9a-f]+$/)
      .innerText();
  }

  /** Click what starts a download and give the text of the file. */
  async downloaded(button: Locator): Promise<{ readonly name: string; readonly text: string }> {
    const download: Promise<Download> = this.page.waitForEvent('download');
    await button.click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  }

  downloadLeads(): Promise<{ readonly name: string; readonly text: string }> {
    return this.downloaded(this.button('leads', 'scored_leads.csv'));
  }
}
