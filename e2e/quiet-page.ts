import { test as base, expect } from '@playwright/test';
import { WorkbenchPage } from './workbench-page';

/** What the page must never do, however a test ends: complain on the console, break its policy, call elsewhere. */
const fixtures = base.extend<{ workbench: WorkbenchPage; quiet: undefined }>({
  quiet: [
    async ({ context, baseURL }, use) => {
      const faults: string[] = [];
      context.on('console', (message) => {
        if (['error', 'warning', 'assert'].includes(message.type()))
          faults.push(`${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack}`));
      context.on('request', (request) => {
        const url = new URL(request.url());
        const isLocal = url.protocol === 'blob:' || url.protocol === 'data:';
        if (!isLocal && url.origin !== baseURL) faults.push(`foreign request: ${url.href}`);
      });
      await use(undefined);
      expect(faults, 'complaints of the page').toEqual([]);
    },
    { auto: true },
  ],
  workbench: async ({ page }, use) => {
    await use(new WorkbenchPage(page));
  },
});

export { fixtures as test };
