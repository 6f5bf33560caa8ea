'use client';

import { type ReactNode, startTransition, useEffect, useState } from 'react';
import { createCrmService } from '@/lib/browser/crm-service';
import { createFileKeeper } from '@/lib/browser/file-keeper';
import { keptGateReasons } from '@/lib/browser/kept-gate-reason';
import { keepParams, keptParams } from '@/lib/browser/kept-params';
import { keptRepairSteps } from '@/lib/browser/kept-repair-steps';
import { keptStrategyPlan } from '@/lib/browser/kept-strategy-plan';
import { keptSuites } from '@/lib/browser/kept-suites';
import { keptTestSuite } from '@/lib/browser/kept-test-suite';
import { pageAddress } from '@/lib/browser/page-address';
import { suppressionKeeper } from '@/lib/browser/suppression-keeper';
import { createTrainingService, type TrainingActions, tokenHeaders } from '@/lib/browser/training-service';
import { Workbench } from '@/lib/store/workbench';
import { WorkbenchContext } from './use-workbench';

interface Props {
  readonly actions: TrainingActions;
  /** Of this server process; every action and route asks for it. */
  readonly token: string;
  readonly children: ReactNode;
  /** Shown while the page's own code starts. */
  readonly fallback: ReactNode;
}

/** The composition root: builds the one workbench from the real services. */
export function WorkbenchProvider({ actions, token, children, fallback }: Props) {
  const [workbench, setWorkbench] = useState<Workbench | null>(null);
  useEffect(() => {
    const created = createWorkbench(actions, token);
    // The whole page at once: drawn in slices, so that it answers meanwhile.
    startTransition(() => setWorkbench(created));
    void created.start();
    return () => created.close();
  }, [actions, token]);
  if (!workbench) return fallback;
  return <WorkbenchContext value={workbench}>{children}</WorkbenchContext>;
}

function createWorkbench(actions: TrainingActions, token: string): Workbench {
  const workbench = new Workbench(
    {
      crm: createCrmService({
        crmWorker: () =>
          new Worker(new URL('../../lib/workers/crm.worker.ts', import.meta.url), { type: 'module' }),
        scoringWorker: () =>
          new Worker(new URL('../../lib/workers/scoring.worker.ts', import.meta.url), { type: 'module' }),
        sqlWasmUrl: new URL('sql.js/dist/sql-wasm-browser.wasm', import.meta.url).href,
        // By its path: under its package's name the server's build would take it for a module to leave outside.
        onnxWasmUrl: new URL(
          '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
          import.meta.url,
        ).href,
      }),
      files: createFileKeeper({ url: '/api/demo', headers: tokenHeaders(token) }),
      training: createTrainingService(actions, token),
      gateReasons: keptGateReasons,
      repairSteps: keptRepairSteps,
      suites: keptSuites,
      testSuites: keptTestSuite,
      strategyPlan: keptStrategyPlan,
      suppression: suppressionKeeper,
      address: pageAddress,
      now: () => Date.now(),
      newKey: () => crypto.randomUUID(),
    },
    keptParams(),
  );
  workbench.store.subscribe((state, before) => {
    const { params, isPlanEdited } = state;
    if (params !== before.params || isPlanEdited !== before.isPlanEdited)
      keepParams({ params, isPlanEdited });
  });
  return workbench;
}
