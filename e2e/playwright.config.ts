import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';
import { findChromium } from '../lib/setup/chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const port = Number(process.env.LEADBENCH_E2E_PORT ?? 3107);

// Test workers read this file again: what the first reading found is handed down in the environment.
process.env.LEADBENCH_E2E_HOME ??= mkdtempSync(join(tmpdir(), 'leadbench-e2e-'));
if (process.env.LEADBENCH_CHROMIUM === undefined) {
  const browser = await findChromium();
  if (!browser.ok) throw new Error(`${browser.error.message} ${browser.error.hint}`);
  process.env.LEADBENCH_CHROMIUM = browser.value.path;
}

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: join(root, 'test-results'),
  globalTeardown: './remove-home.ts',
  // The machine that trains is the machine that tests.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    launchOptions: { executablePath: process.env.LEADBENCH_CHROMIUM },
    // Pictures of every step would take longer than the steps, and slow the page that is measured against training.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `"${process.execPath}" .build/server.mjs --port ${port}`,
    cwd: root,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: {
      FORCE_COLOR: '0',
      LEADBENCH_HOME: process.env.LEADBENCH_E2E_HOME,
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
    },
  },
});
