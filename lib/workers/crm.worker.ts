import '@/lib/core/zod-without-eval';
import initSqlJs from 'sql.js/dist/sql-wasm-browser.js';
import { createCrmReader } from './crm-reader';
import { serveWorker, type WorkerScope } from './serve-worker';

// Registered before anything is awaited: the bundler may start this file as a classic script, and early messages would be lost.
serveWorker(
  globalThis as unknown as WorkerScope,
  createCrmReader((wasmUrl) => initSqlJs({ locateFile: () => wasmUrl })),
);
