import { describe, expect, it } from 'vitest';
import type { StudyListener } from '@/lib/store/services';
import { created, ended, numbered, started } from '@/lib/testing/told-study';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { type PageTime, StudySlices } from './study-slices';

/** A page on which looking at the clock takes a millisecond, and time passes only as told. */
function slowPage() {
  let nowMs = 0;
  let nBreaths = 0;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const time: PageTime = {
    now: () => nowMs++,
    breathe: async () => {
      nBreaths += 1;
    },
    later: (run, delayMs) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const pass = (ms: number) => {
    nowMs += ms;
    for (const timer of [...timers]) {
      if (timer.atMs > nowMs) continue;
      timers.delete(timer);
      timer.run();
    }
  };
  return { time, pass, nBreaths: () => nBreaths };
}

/** A listener that writes down what it is told. */
function noting() {
  const told: string[] = [];
  const events: StudyEvent[] = [];
  const listener: StudyListener = {
    onEvents: (batch) => {
      events.push(...batch);
      told.push(`events ${batch.map(({ sequence }) => sequence).join(' ')}`);
    },
    onReport: ({ trialNumber, rounds }) => void told.push(`report ${trialNumber} ${rounds}`),
    onActivity: ({ kind }) => void told.push(kind),
    onConnection: (state) => void told.push(state),
    onSettled: () => void told.push('settled'),
    onBroken: () => void told.push('broken'),
  };
  return { listener, told, events };
}

const CONFIG = { datasetDigest: '0'.repeat(64), featureSpecDigest: '1'.repeat(64), nTrials: 500 };
const STUDY_ID = `study-${'0'.repeat(20)}`;
const raw = (event: StudyEvent) => ({ event: 'study', data: JSON.stringify(event) });
const story = numbered([
  created(CONFIG, STUDY_ID),
  ...Array.from({ length: 100 }, (_, i) => [started(i + 1), ended(i + 1)]).flat(),
]);

describe('StudySlices', () => {
  it('passes every event on in order, in slices, and lets the page breathe between them', async () => {
    const page = slowPage();
    const { listener, told, events } = noting();
    const slices = new StudySlices(listener, page.time);
    for (const event of story) slices.push(raw(event));
    await slices.drained();
    expect(events).toEqual(story);
    expect(told[0]).toBe('events 1 2 3 4 5 6 7 8 9 10');
    expect(page.nBreaths()).toBe(20);
    expect(slices.lastSequence).toBe(201);
  });

  it('passes no event on twice', async () => {
    const { listener, events } = noting();
    const slices = new StudySlices(listener, slowPage().time);
    for (const event of [...story.slice(0, 5), ...story.slice(2, 8)]) slices.push(raw(event));
    await slices.drained();
    expect(events).toEqual(story.slice(0, 8));
  });

  it('keeps reports and activities between the events that they came between', async () => {
    const { listener, told } = noting();
    const slices = new StudySlices(listener, slowPage().time);
    const [first, second, third] = story.map(raw);
    slices.push({
      event: 'activity',
      data: '{"kind":"held","problem":{"code":"a","message":"b","hint":"c"}}',
    });
    if (first && second && third) {
      slices.push(first);
      slices.push(second);
      slices.push({ event: 'report', data: '{"trialNumber":1,"rounds":10,"value":0.7}' });
      slices.push(third);
    }
    slices.push({ event: 'news', data: 'of a later version' });
    await slices.drained();
    expect(told).toEqual(['held', 'events 1 2', 'report 1 10', 'events 3']);
  });

  it('says when it is quiet, once for all that came together', async () => {
    const page = slowPage();
    const { listener, told } = noting();
    const slices = new StudySlices(listener, page.time);
    slices.connection('live');
    for (const event of story.slice(0, 3)) slices.push(raw(event));
    await slices.drained();
    expect(told).toEqual(['live', 'events 1 2 3']);
    page.pass(16);
    expect(told).toEqual(['live', 'events 1 2 3', 'settled']);
    page.pass(1000);
    expect(told.at(-1)).toBe('settled');
    expect(told).toHaveLength(3);
  });

  it('draws within a fifth of a second although more keeps coming', async () => {
    const page = slowPage();
    const { listener, told } = noting();
    const slices = new StudySlices(listener, page.time);
    for (const event of story.slice(0, 60)) {
      slices.push(raw(event));
      await slices.drained();
      page.pass(8);
    }
    const nSettled = told.filter((what) => what === 'settled').length;
    // 60 events ten milliseconds apart.
    expect(nSettled).toBe(2);
  });

  it('throws where a message makes no sense', async () => {
    const slices = new StudySlices(noting().listener, slowPage().time);
    slices.push({ event: 'study', data: '{"type":"study_paused","sequence":0,"atMs":1}' });
    await expect(slices.drained()).rejects.toThrow('sequence');
  });

  it('tells nothing after its end', async () => {
    const page = slowPage();
    const { listener, told } = noting();
    const slices = new StudySlices(listener, page.time);
    for (const event of story.slice(0, 3)) slices.push(raw(event));
    slices.end();
    await slices.drained();
    slices.connection('reconnecting');
    page.pass(1000);
    expect(told).toEqual([]);
  });
});
