import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CDPSession, chromium, devices, type Page } from '@playwright/test';
import { installPageMeter, PAGE_MARKS } from './page-meter';

/** A page in a browser that has never been used before, with the meter in it. */
export interface FreshPage {
  readonly page: Page;
  readonly session: CDPSession;
}

/** Longest time that a page of a million subscribers may take. */
const LIMIT_MS = 300_000;

/**
 * Open Chromium as the end-to-end tests do, with a profile of its own on disk that is removed afterwards, and use a page.
 *
 * @param options.scratch folder for the profile
 */
export async function withFreshPage<T>(
  options: { readonly chromiumPath: string; readonly scratch: string },
  use: (fresh: FreshPage) => Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(options.scratch, 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...devices['Desktop Chrome'],
    executablePath: options.chromiumPath,
    viewport: { width: 1440, height: 900 },
  });
  try {
    context.setDefaultTimeout(LIMIT_MS);
    await context.addInitScript(installPageMeter, PAGE_MARKS);
    const page = context.pages()[0] ?? (await context.newPage());
    return await use({ page, session: await context.newCDPSession(page) });
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
