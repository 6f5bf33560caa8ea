import { z } from 'zod';
import { repairStepsSchema } from '@/lib/quality/repair/repair-step';
import type { RepairStepKeeper } from '@/lib/store/services';

const KEY = 'leadbench.repair-steps';
const keptSchema = z.strictObject({
  fileName: z.string(),
  sizeBytes: z.number(),
  ...repairStepsSchema.shape,
});

/** Remember the steps in the browser, for the file they were made for and no other. */
export const keptRepairSteps: RepairStepKeeper = {
  kept({ fileName, sizeBytes }) {
    const text = localStorage.getItem(KEY);
    if (text === null) return [];
    const kept = keptSchema.safeParse(JSON.parse(text));
    const isThisFile = kept.success && kept.data.fileName === fileName && kept.data.sizeBytes === sizeBytes;
    return isThisFile ? kept.data.steps : [];
  },
  keep({ fileName, sizeBytes }, steps) {
    localStorage.setItem(KEY, JSON.stringify({ fileName, sizeBytes, version: 1, steps }));
  },
};
