import type { CDPSession } from '@playwright/test';
import { z } from 'zod';
import { PAGE_MARKS } from './page-meter';

/** The tasks of the page's main thread within a stretch of time. */
export interface MainThreadTasks {
  /** Process of the page, as the system numbers it. */
  readonly pid: number;
  /** Longest task on the wall clock, and the processor time of the one that took most of it. */
  readonly longestMs: number;
  readonly longestCpuMs: number;
  /** How many took more than 50 ms on the wall clock, and of processor time. */
  readonly nOver50Ms: number;
  readonly nOver50CpuMs: number;
  /** Processor time of all tasks. */
  readonly cpuMs: number;
}

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number(),
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
});
type TraceEvent = z.infer<typeof eventSchema>;

const TASK = 'ThreadControllerImpl::RunTask';
/** Tasks and marks only: a trace this small costs nothing that shows. */
const CATEGORIES = ['toplevel', 'blink.user_timing'];
const LONG_US = 50_000;

/** Trace the browser until the function returned is called, which gives the events. */
export async function startTrace(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => {
    for (const event of value) {
      const parsed = eventSchema.safeParse(event);
      // Flow and counter events have other shapes and are of no use here.
      if (parsed.success) events.push(parsed.data);
    }
  };
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    session.off('Tracing.dataCollected', collect);
    return events;
  };
}

/**
 * Sum up the tasks of the page's main thread from the mark at which the file was handed over, or from the trace's
 * beginning where there is none, to the mark of readiness.
 *
 * @throws where the trace has no such mark
 */
export function mainThreadTasks(events: readonly TraceEvent[]): MainThreadTasks {
  const ready = events.find(({ name }) => name === PAGE_MARKS.ready);
  if (ready === undefined) throw new Error('Expected the mark of readiness in the trace');
  const { pid, tid } = ready;
  const began = events.find(({ name }) => name === PAGE_MARKS.began)?.ts ?? 0;
  const tasks = events.filter(
    (event) =>
      event.name === TASK &&
      event.ph === 'X' &&
      event.pid === pid &&
      event.tid === tid &&
      event.ts < ready.ts &&
      event.ts + (event.dur ?? 0) > began,
  );
  const wall = tasks.map(({ dur = 0 }) => dur);
  const cpu = tasks.map(({ tdur = 0 }) => tdur);
  return {
    pid,
    longestMs: Math.max(0, ...wall) / 1000,
    longestCpuMs: Math.max(0, ...cpu) / 1000,
    nOver50Ms: wall.filter((us) => us > LONG_US).length,
    nOver50CpuMs: cpu.filter((us) => us > LONG_US).length,
    cpuMs: cpu.reduce((sum, us) => sum + us, 0) / 1000,
  };
}
