import { z } from 'zod';
import { fail, succeed } from '@/lib/core/result';
import { repairStepsSchema } from '@/lib/quality/repair/repair-step';
import type { RepairStepKeeper } from '@/lib/store/services';

const KEY = 'leadbench.repair-steps';
const ownerSchema = z.object({ fileName: z.string(), sizeBytes: z.number() });
const keptSchema = z.strictObject({ ...ownerSchema.shape, ...repairStepsSchema.shape });
const UNREADABLE = fail(
  'kept_steps_unreadable',
  'The steps that were kept for this file on an earlier visit cannot be read by this version, so none is done.',
  'Do them again, or load the repair_steps.json that was saved with them.',
);

/** Remember the steps in the browser, for the file they were made for and no other. */
export const keptRepairSteps: RepairStepKeeper = {
  kept({ fileName, sizeBytes }) {
    const text = localStorage.getItem(KEY);
    if (text === null) return succeed([]);
    const json: unknown = JSON.parse(text);
    const owner = ownerSchema.safeParse(json);
    const isThisFile =
      !owner.success || (owner.data.fileName === fileName && owner.data.sizeBytes === sizeBytes);
    if (!isThisFile) return succeed([]);
    const kept = keptSchema.safeParse(json);
    return kept.success ? succeed(kept.data.steps) : UNREADABLE;
  },
  keep({ fileName, sizeBytes }, steps) {
    localStorage.setItem(KEY, JSON.stringify({ fileName, sizeBytes, version: 1, steps }));
  },
};
