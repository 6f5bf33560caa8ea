import type { StudyListener } from '@/lib/store/services';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { type RawMessage, studyMessage } from './study-messages';

/** The page's clock and patience, handed in so that tests need not wait. */
export interface PageTime {
  /** Milliseconds of a clock that does not go backwards. */
  readonly now: () => number;
  /** Let the page answer whoever uses it, then go on. */
  readonly breathe: () => Promise<void>;
  /** Run something later; gives how to call it off. */
  readonly later: (run: () => void, delayMs: number) => () => void;
}

/** Longest stretch of work between two breaths. A long task is one of 50 ms; folding and drawing come on top. */
const SLICE_MS = 10;
/** Nothing came for so long: what is here may be drawn. */
const QUIET_MS = 16;
/** Drawn at the latest after so long, however much still comes. */
const LONGEST_UNDRAWN_MS = 200;

/**
 * Understands the messages of a study in slices, so that opening a study of thousands of events never stops the page, and
 * says when it is time to draw. Passes each sequence number on once.
 */
export class StudySlices {
  readonly #listener: StudyListener;
  readonly #time: PageTime;
  readonly #waiting: RawMessage[] = [];
  #lastSequence = 0;
  /** When the first of what is not drawn yet was told; null when all is drawn. */
  #undrawnSinceMs: number | null = null;
  #callOff: () => void = () => undefined;
  #isEnded = false;

  constructor(listener: StudyListener, time: PageTime) {
    this.#listener = listener;
    this.#time = time;
  }

  /** Sequence number of the last event that was passed on; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Take a message in; it is understood with the next `drained`. */
  push(message: RawMessage): void {
    this.#waiting.push(message);
  }

  /** Pass on all that was taken in. @throws where a message cannot be understood */
  async drained(): Promise<void> {
    for (let at = 0; at < this.#waiting.length && !this.#isEnded; ) {
      at = this.#passSlice(at);
      if (at < this.#waiting.length) await this.#time.breathe();
    }
    this.#waiting.length = 0;
  }

  /** Say how the connection is. */
  connection(state: 'live' | 'reconnecting'): void {
    if (this.#isEnded) return;
    this.#listener.onConnection(state);
    this.#settleSoon();
  }

  /** Tell nothing any more. */
  end(): void {
    this.#isEnded = true;
    this.#callOff();
  }

  /** Pass messages on until the slice is full; gives the place of the first that is left. */
  #passSlice(from: number): number {
    const untilMs = this.#time.now() + SLICE_MS;
    let events: StudyEvent[] = [];
    const passEvents = () => {
      if (events.length > 0) this.#listener.onEvents(events);
      events = [];
    };
    let at = from;
    for (; at < this.#waiting.length && (at === from || this.#time.now() < untilMs); at++) {
      const raw = this.#waiting[at];
      const message = raw === undefined ? null : studyMessage(raw);
      if (message === null) continue;
      if (message.kind === 'event') {
        if (message.event.sequence <= this.#lastSequence) continue;
        this.#lastSequence = message.event.sequence;
        events.push(message.event);
        continue;
      }
      // What the server does and how trials train belongs between the events that it came between.
      passEvents();
      if (message.kind === 'activity') this.#listener.onActivity(message.activity);
      else this.#listener.onReport(message.report);
    }
    passEvents();
    this.#settleSoon();
    return at;
  }

  #settleSoon(): void {
    const nowMs = this.#time.now();
    this.#undrawnSinceMs ??= nowMs;
    this.#callOff();
    const delayMs = Math.min(QUIET_MS, this.#undrawnSinceMs + LONGEST_UNDRAWN_MS - nowMs);
    this.#callOff = this.#time.later(
      () => {
        this.#undrawnSinceMs = null;
        if (!this.#isEnded) this.#listener.onSettled();
      },
      Math.max(0, delayMs),
    );
  }
}
