import { defineConfig } from 'vitest/config';
import { CODE_VARIABLE, codeDigest } from './lib/setup/code-version.mjs';
import { ROOT } from './lib/setup/project.mjs';

export default defineConfig({
  resolve: { alias: { '@': ROOT } },
  define: { [`process.env.${CODE_VARIABLE}`]: JSON.stringify(await codeDigest(ROOT)) },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'app/**/*.test.ts', 'bench/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    // Two at once: most wait for processes half the time.
    maxWorkers: 2,
  },
});
