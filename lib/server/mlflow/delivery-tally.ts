import type { Failure } from '@/lib/core/result';
import type { DeskCount } from './study-desk';

/** Counts what is delivered and what is not, over all studies. */
export interface DeliveryTally {
  /** A study was listed and is not looked at yet. */
  listed(studyId: string, lastSequence: number): void;
  /** Number of its last event when it was listed, once; undefined where it was not. */
  takeListed(studyId: string): number | undefined;
  counted(studyId: string, count: DeskCount): void;
  /** Nothing of it is pending any more. */
  done(studyId: string): void;
  isKnown(studyId: string): boolean;
  received(atMs: number): void;
  totals(): {
    readonly nPending: number;
    readonly nRefused: number;
    readonly nUnsettled: number;
    readonly nDelivered: number;
    readonly lastDeliveredAtMs: number | null;
    readonly lastRefusal: Failure | null;
  };
}

/** Begin to count. */
export function createDeliveryTally(): DeliveryTally {
  const counts = new Map<string, DeskCount>();
  const unseen = new Map<string, number>();
  let nDelivered = 0;
  let lastDeliveredAtMs: number | null = null;
  return {
    listed: (studyId, lastSequence) => unseen.set(studyId, lastSequence),
    takeListed(studyId) {
      const lastSequence = unseen.get(studyId);
      unseen.delete(studyId);
      return lastSequence;
    },
    counted: (studyId, count) => counts.set(studyId, count),
    done: (studyId) => counts.delete(studyId),
    isKnown: (studyId) => counts.has(studyId) || unseen.has(studyId),
    received(atMs) {
      nDelivered += 1;
      lastDeliveredAtMs = atMs;
    },
    totals() {
      const all = [...counts.values()];
      const sumOf = (value: (count: DeskCount) => number) =>
        all.reduce((sum, count) => sum + value(count), 0);
      return {
        nPending: sumOf(({ nPending }) => nPending) + unseen.size,
        nRefused: sumOf(({ nRefused }) => nRefused),
        nUnsettled: all.filter(({ isDoubtful }) => isDoubtful).length,
        nDelivered,
        lastDeliveredAtMs,
        lastRefusal: all.findLast(({ lastRefusal }) => lastRefusal !== null)?.lastRefusal ?? null,
      };
    },
  };
}
