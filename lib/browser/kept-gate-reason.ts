import { z } from 'zod';
import type { GateReasons } from '@/lib/store/services';

const KEY = 'leadbench.gate-reason';
const keptSchema = z.strictObject({ fileName: z.string(), sizeBytes: z.number(), reason: z.string().min(1) });

/** Remember the reason in the browser, for the file it was given for and no other. */
export const keptGateReasons: GateReasons = {
  kept({ fileName, sizeBytes }) {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const kept = keptSchema.safeParse(JSON.parse(text));
    const isThisFile = kept.success && kept.data.fileName === fileName && kept.data.sizeBytes === sizeBytes;
    return isThisFile ? kept.data.reason : null;
  },
  keep({ fileName, sizeBytes }, reason) {
    localStorage.setItem(KEY, JSON.stringify({ fileName, sizeBytes, reason }));
  },
};
