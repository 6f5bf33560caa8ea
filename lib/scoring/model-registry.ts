import { z } from 'zod';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const shared = { sequence: z.int().min(1), atMs: z.int() };

/** A reason that somebody gives for going on although a check says no: as long as a sentence or a few. */
export const overrideReasonSchema = z.string().trim().min(1).max(500);

/** What happens to the models of a folder, in order. Nothing is ever taken back: a revert is an event of its own. */
export const registryEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...shared,
    type: z.literal('model_promoted'),
    modelId: modelIdSchema,
    /** Of the results that it was published on; null where none were run. */
    testsDigest: sha256Schema.nullable(),
    testsPassed: z.boolean(),
    /** Why it was published although its tests say no; null where they do not. */
    overrideReason: overrideReasonSchema.nullable(),
  }),
  z.strictObject({
    ...shared,
    type: z.literal('model_reverted'),
    /** The one that was in use. */
    fromModelId: modelIdSchema,
    /** The one before it, in use again. */
    toModelId: modelIdSchema,
    reason: overrideReasonSchema.nullable(),
  }),
]);

export type RegistryEvent = z.infer<typeof registryEventSchema>;
export type Promotion = Extract<RegistryEvent, { type: 'model_promoted' }>;

/** `candidate`: never in use. `champion`: in use. `archived`: was in use. */
export type ModelStage = 'candidate' | 'champion' | 'archived';

/** Which model is in use, and which were before. */
export interface RegistryState {
  /** Published and not taken back, oldest first; the last is in use. */
  readonly inUse: readonly string[];
  /** Every model that ever was in use. */
  readonly known: ReadonlySet<string>;
  readonly events: readonly RegistryEvent[];
}

/** The registry before anything was published. */
export const EMPTY_REGISTRY: RegistryState = { inUse: [], known: new Set(), events: [] };

/** The registry after an event. @throws where it takes back a model that is not in use, or gives back another than the one before */
export function registryAfter(state: RegistryState, event: RegistryEvent): RegistryState {
  const events = [...state.events, event];
  if (event.type === 'model_promoted') {
    return {
      inUse: [...state.inUse, event.modelId],
      known: new Set([...state.known, event.modelId]),
      events,
    };
  }
  const [before, current] = state.inUse.slice(-2);
  if (current !== event.fromModelId || before !== event.toModelId) {
    throw new Error(
      `Expected ${current} to give way to ${before}, got ${event.fromModelId} to ${event.toModelId}`,
    );
  }
  return { ...state, inUse: state.inUse.slice(0, -1), events };
}

/** The model in use; null where none was published. */
export function championOf({ inUse }: Pick<RegistryState, 'inUse'>): string | null {
  return inUse.at(-1) ?? null;
}

/** The model that reverting would bring back; null where there is none. */
export function predecessorOf({ inUse }: Pick<RegistryState, 'inUse'>): string | null {
  return inUse.at(-2) ?? null;
}

/** Stage of a model. */
export function stageOf(state: RegistryState, modelId: string): ModelStage {
  if (championOf(state) === modelId) return 'champion';
  return state.known.has(modelId) ? 'archived' : 'candidate';
}
