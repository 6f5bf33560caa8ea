import { createEngineProcess, type EngineProcess, type EngineProcessOptions } from './engine-process';

/** A process and what it holds. */
export interface Seat {
  readonly process: EngineProcess;
  /** What its trials are prepared for; null before the first. */
  preparedFor: string | null;
  /** Paused trials whose boosters live in it, as `<study>:<trial>`. */
  readonly held: Set<string>;
}

interface Lane {
  seat: Seat | null;
  isBusy: boolean;
}

/** Who waits for a lane, and which trial it wants to go on with. */
interface Waiter {
  readonly trialKey: string | null;
  readonly give: (lane: number) => void;
}

/** The places in which processes run at once: each has at most one process and one job. */
export interface ProcessLanes {
  /**
   * Wait for a lane and use its process, started where there is none. A lane whose process holds the trial is waited for;
   * any other job takes the first that is free. Served in the order of asking.
   *
   * @throws the signal's reason when it is aborted before a lane is free; what `work` throws
   */
  use<T>(
    trialKey: string | null,
    signal: AbortSignal,
    work: (seat: Seat, lane: number) => Promise<T>,
  ): Promise<T>;
  /** Use a process of its own, beside the lanes, that ends with the work. */
  useFresh<T>(work: (seat: Seat) => Promise<T>): Promise<T>;
  holderOf(trialKey: string): 'idle' | 'busy' | 'none';
  pids(): readonly number[];
  /** Kill every process and resolve when none is left. */
  clear(): Promise<void>;
}

/** Create `nLanes` lanes, all empty; see `ProcessLanes`. */
export function createProcessLanes(nLanes: number, options: EngineProcessOptions): ProcessLanes {
  const lanes: Lane[] = Array.from({ length: nLanes }, () => ({ seat: null, isBusy: false }));
  const waiting = new Set<Waiter>();
  const alive = new Set<EngineProcess>();

  const started = (): Seat => {
    const process = createEngineProcess(options);
    alive.add(process);
    return { process, preparedFor: null, held: new Set() };
  };
  const dropped = async (process: EngineProcess) => {
    await process.kill();
    alive.delete(process);
  };
  const laneHolding = (trialKey: string | null): number =>
    trialKey === null
      ? -1
      : lanes.findIndex(({ seat }) => seat?.process.isAlive() === true && seat.held.has(trialKey));
  /** The lane that a job may take now, or −1. */
  const freeLane = (trialKey: string | null): number => {
    const holding = laneHolding(trialKey);
    if (holding !== -1) return lanes[holding]?.isBusy === true ? -1 : holding;
    return lanes.findIndex(({ isBusy }) => !isBusy);
  };
  const serveWaiting = () => {
    for (const waiter of [...waiting]) {
      const lane = freeLane(waiter.trialKey);
      if (lane === -1) continue;
      waiting.delete(waiter);
      waiter.give(taken(lane));
    }
  };
  const taken = (lane: number): number => {
    const found = lanes[lane];
    if (found === undefined) throw new Error(`There is no lane ${lane}`);
    found.isBusy = true;
    return lane;
  };
  const turn = async (trialKey: string | null, signal: AbortSignal): Promise<number> => {
    signal.throwIfAborted();
    const lane = freeLane(trialKey);
    if (lane !== -1) return taken(lane);
    return new Promise<number>((resolve, reject) => {
      const handleAbort = () => {
        waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        trialKey,
        give: (given) => {
          signal.removeEventListener('abort', handleAbort);
          resolve(given);
        },
      };
      signal.addEventListener('abort', handleAbort, { once: true });
      waiting.add(waiter);
    });
  };
  /** Give the lane's process; one that died while nobody looked is let go. */
  const seatIn = (lane: Lane): Seat => {
    if (lane.seat?.process.isAlive() === true) return lane.seat;
    if (lane.seat !== null) alive.delete(lane.seat.process);
    lane.seat = started();
    return lane.seat;
  };

  return {
    async use(trialKey, signal, work) {
      const number = await turn(trialKey, signal);
      const lane = lanes[number];
      if (lane === undefined) throw new Error(`There is no lane ${number}`);
      try {
        signal.throwIfAborted();
        return await work(seatIn(lane), number);
      } finally {
        if (lane.seat?.process.isAlive() === false) {
          await dropped(lane.seat.process);
          lane.seat = null;
        }
        lane.isBusy = false;
        serveWaiting();
      }
    },
    async useFresh(work) {
      const seat = started();
      try {
        return await work(seat);
      } finally {
        await dropped(seat.process);
      }
    },
    holderOf(trialKey) {
      const holding = laneHolding(trialKey);
      if (holding === -1) return 'none';
      return lanes[holding]?.isBusy === true ? 'busy' : 'idle';
    },
    pids: () => [...alive].filter((process) => process.isAlive()).map((process) => process.pid),
    async clear() {
      await Promise.all([...alive].map(dropped));
    },
  };
}
