import { assertNever, type Failure } from '@/lib/core/result';

/** A cell of the notebook. */
export type CellId =
  | 'source'
  | 'ingest'
  | 'quality'
  | 'pareto'
  | 'rating'
  | 'tags'
  | 'interactions'
  | 'sufficiency'
  | 'drift'
  | 'anomalies'
  | 'features'
  | 'leakage'
  | 'tuning'
  | 'evaluation'
  | 'model_tests'
  | 'scoring'
  | 'slices'
  | 'models'
  | 'strategy'
  | 'leads';

/** How far a running cell has come; `total` is 0 while it is not known. */
export interface CellProgress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** Where a cell is in its life. Every state but `done` and `running` carries its reason in words. */
export type CellStatus =
  | { readonly kind: 'idle'; readonly reason: string }
  | { readonly kind: 'running'; readonly startedAtMs: number; readonly progress: CellProgress | null }
  | { readonly kind: 'done'; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly elapsedMs: number }
  | { readonly kind: 'stale'; readonly reason: string }
  /** Put aside by the user, to go on later. */
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string };

/** What a cell is, before anything ran. */
export interface CellDefinition {
  readonly id: CellId;
  /** Stage of the pipeline, as the folders under lib/ are numbered. */
  readonly stage: string;
  readonly title: string;
  /** Cells whose output this one reads. */
  readonly needs: readonly CellId[];
  /** Cheap cells run by themselves as soon as they can; dear ones wait for a button. */
  readonly cost: 'cheap' | 'dear';
  /** Whether a shut quality gate blocks it. */
  readonly isGated: boolean;
}

/** The notebook, in reading order. Each cell needs only cells above it. */
export const CELLS: readonly CellDefinition[] = [
  { id: 'source', stage: 'Open', title: 'CRM file', needs: [], cost: 'cheap', isGated: false },
  { id: 'ingest', stage: 'Ingest', title: 'Joined table', needs: ['source'], cost: 'cheap', isGated: false },
  {
    id: 'quality',
    stage: 'Validate',
    title: 'Quality gate',
    needs: ['ingest'],
    cost: 'cheap',
    isGated: false,
  },
  {
    id: 'pareto',
    stage: 'Explore',
    title: 'Sales by segment',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'rating',
    stage: 'Explore',
    title: 'Conversion by member rating',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'tags',
    stage: 'Explore',
    title: 'What tags go with',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'interactions',
    stage: 'Explore',
    title: 'What depends on what',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'sufficiency',
    stage: 'Explore',
    title: 'Is the list enough?',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'drift',
    stage: 'Explore',
    title: 'Has the list changed?',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'anomalies',
    stage: 'Explore',
    title: 'What looks wrong?',
    needs: ['quality'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'features',
    stage: 'Prepare',
    title: 'Features and split',
    needs: ['pareto'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'leakage',
    stage: 'Prepare',
    title: 'Does anything know the future?',
    needs: ['features'],
    cost: 'cheap',
    isGated: true,
  },
  { id: 'tuning', stage: 'Tune', title: 'Tuning study', needs: ['features'], cost: 'dear', isGated: true },
  {
    id: 'evaluation',
    stage: 'Evaluate',
    title: 'Model on the test rows',
    needs: ['tuning'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'model_tests',
    stage: 'Evaluate',
    title: 'Does the model behave?',
    needs: ['evaluation'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'scoring',
    stage: 'Score',
    title: 'Scores in the browser',
    needs: ['evaluation'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'slices',
    stage: 'Evaluate',
    title: 'For whom is it worse?',
    needs: ['scoring'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'models',
    stage: 'Publish',
    title: 'Which model is in use?',
    needs: ['scoring'],
    cost: 'cheap',
    isGated: true,
  },
  {
    id: 'strategy',
    stage: 'Leads',
    title: 'Whom to write to',
    needs: ['scoring'],
    cost: 'cheap',
    isGated: true,
  },
  { id: 'leads', stage: 'Leads', title: 'Lead list', needs: ['strategy'], cost: 'cheap', isGated: true },
];

/** Look a cell up. @throws if there is none: ids are a closed set. */
export function cellDefinition(id: CellId): CellDefinition {
  const found = CELLS.find((cell) => cell.id === id);
  if (!found) throw new Error(`No such cell: ${id}`);
  return found;
}

/** Status of every cell. */
export type CellStatuses = Readonly<Record<CellId, CellStatus>>;

/** All cells below one that read it, directly or through others, in reading order. */
export function dependentsOf(id: CellId): readonly CellId[] {
  const reached = new Set<CellId>([id]);
  for (const cell of CELLS) if (cell.needs.some((need) => reached.has(need))) reached.add(cell.id);
  reached.delete(id);
  return [...reached];
}

/** The statuses of a notebook in which nothing has run. */
export function freshStatuses(): CellStatuses {
  const entries = CELLS.map((cell): [CellId, CellStatus] => [cell.id, idleStatus(cell)]);
  return Object.fromEntries(entries) as Record<CellId, CellStatus>;
}

function idleStatus(cell: CellDefinition): CellStatus {
  const first = cell.needs[0];
  return { kind: 'idle', reason: first ? `Waits for “${cellDefinition(first).title}”.` : 'Nothing is open.' };
}

/** What can happen to a cell. */
export type CellMessage =
  | { readonly type: 'started'; readonly atMs: number }
  | { readonly type: 'progressed'; readonly progress: CellProgress }
  | { readonly type: 'finished'; readonly atMs: number }
  | { readonly type: 'failed'; readonly atMs: number; readonly failure: Failure }
  | { readonly type: 'outdated'; readonly reason: string }
  | { readonly type: 'paused'; readonly reason: string }
  | { readonly type: 'blocked'; readonly reason: string }
  | { readonly type: 'reset'; readonly reason: string };

/** The status after a message. Pure; a message that makes no sense in a state leaves it as it is. */
export function statusAfter(status: CellStatus, message: CellMessage): CellStatus {
  switch (message.type) {
    case 'started':
      return { kind: 'running', startedAtMs: message.atMs, progress: null };
    case 'progressed':
      return status.kind === 'running' ? { ...status, progress: message.progress } : status;
    case 'finished':
      return { kind: 'done', elapsedMs: elapsed(status, message.atMs) };
    case 'failed':
      return { kind: 'failed', failure: message.failure, elapsedMs: elapsed(status, message.atMs) };
    case 'outdated':
      return status.kind === 'idle' ? status : { kind: 'stale', reason: message.reason };
    case 'paused':
      return { kind: 'paused', reason: message.reason };
    case 'blocked':
      return { kind: 'blocked', reason: message.reason };
    case 'reset':
      return { kind: 'idle', reason: message.reason };
    default:
      return assertNever(message);
  }
}

function elapsed(status: CellStatus, atMs: number): number {
  return status.kind === 'running' ? Math.max(0, atMs - status.startedAtMs) : 0;
}
