/** Why a study waits: something happened in it; the server was away; a part was refused or a doubt is to be settled later. */
export type WaitReason = 'news' | 'away' | 'later';

interface Waiting {
  readonly dueAtMs: number;
  readonly reason: WaitReason;
}

/** The studies that have something to deliver, those first that came first. */
export interface DeliveryQueue {
  /**
   * Put a study in. One that waits already keeps the earlier time and the more pressing reason.
   *
   * @returns whether that changed anything
   */
  add(studyId: string, dueAtMs: number, reason: WaitReason): boolean;
  /** Take out the oldest study that is due, or null. */
  takeDue(nowMs: number): string | null;
  /** Take out the oldest study that has news, due or not, or that is due after the server was away; or null. */
  takeLast(nowMs: number): string | null;
  /** When the next is due; null when none waits. */
  nextDueAtMs(): number | null;
  /** Whether none waits but for something refused or doubtful. */
  isDrained(): boolean;
  isWaiting(studyId: string): boolean;
  /** Whether a study waits and its time has come. */
  isDue(studyId: string, nowMs: number): boolean;
  /** Take out all that wait for something refused or doubtful. */
  dropLater(): void;
}

/** Create an empty queue. */
export function createDeliveryQueue(): DeliveryQueue {
  const waiting = new Map<string, Waiting>();
  /** A study keeps its place however often it comes back. */
  const places = new Map<string, number>();

  const placeOf = (studyId: string) => places.get(studyId) ?? places.size;
  const taken = (isMeant: (study: Waiting) => boolean): string | null => {
    let oldest: string | null = null;
    for (const [studyId, study] of waiting) {
      if (!isMeant(study)) continue;
      if (oldest === null || placeOf(studyId) < placeOf(oldest)) oldest = studyId;
    }
    if (oldest !== null) waiting.delete(oldest);
    return oldest;
  };

  return {
    add(studyId, dueAtMs, reason) {
      if (!places.has(studyId)) places.set(studyId, places.size);
      const known = waiting.get(studyId);
      const merged: Waiting = {
        dueAtMs: Math.min(known?.dueAtMs ?? dueAtMs, dueAtMs),
        reason: known === undefined || known.reason === 'later' ? reason : known.reason,
      };
      waiting.set(studyId, merged);
      return merged.dueAtMs !== known?.dueAtMs || merged.reason !== known.reason;
    },
    takeDue: (nowMs) => taken(({ dueAtMs }) => dueAtMs <= nowMs),
    takeLast: (nowMs) =>
      taken(({ reason, dueAtMs }) => reason === 'news' || (reason === 'away' && dueAtMs <= nowMs)),
    nextDueAtMs() {
      let next: number | null = null;
      for (const { dueAtMs } of waiting.values()) next = Math.min(next ?? dueAtMs, dueAtMs);
      return next;
    },
    isDrained: () => [...waiting.values()].every(({ reason }) => reason === 'later'),
    isWaiting: (studyId) => waiting.has(studyId),
    isDue: (studyId, nowMs) => (waiting.get(studyId)?.dueAtMs ?? Number.POSITIVE_INFINITY) <= nowMs,
    dropLater() {
      for (const [studyId, { reason }] of waiting) if (reason === 'later') waiting.delete(studyId);
    },
  };
}
