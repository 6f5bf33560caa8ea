import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import type { StudyListener } from '@/lib/store/services';
import { created, ended, numbered, started } from '@/lib/testing/told-study';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { pageTime } from './page-time';
import type { PageTime } from './study-slices';
import { followStudy } from './study-stream';

const CONFIG = { datasetDigest: '0'.repeat(64), featureSpecDigest: '1'.repeat(64), nTrials: 500 };
const story = numbered([
  created(CONFIG, `study-${'0'.repeat(20)}`),
  ...Array.from({ length: 50 }, (_, i) => [started(i + 1), ended(i + 1)]).flat(),
]);
const asText = (event: StudyEvent) =>
  `event: study\nid: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`;

/** The page's time, but for the waits between two attempts, which are over at once. */
const HASTY: PageTime = {
  ...pageTime,
  later: (run, delayMs) => pageTime.later(run, delayMs >= 500 ? 1 : delayMs),
};

describe('followStudy', () => {
  /** Answers the n-th request. */
  let answers: ((response: ServerResponse, afterSequence: number) => void)[];
  let asked: number[];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const after = Number(request.headers['last-event-id']);
    asked.push(after);
    const answer = answers.shift();
    if (answer) answer(response, after);
    else response.writeHead(503).end();
  });
  let url: string;
  let leave: () => void = () => undefined;

  beforeEach(async () => {
    answers = [];
    asked = [];
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  });
  afterEach(async () => {
    leave();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    vi.restoreAllMocks();
  });

  /** Follow until something is told, and give all that was told by then. */
  function followedUntil(isEnough: (events: readonly StudyEvent[], told: readonly string[]) => boolean) {
    const events: StudyEvent[] = [];
    const told: string[] = [];
    return new Promise<{ events: StudyEvent[]; told: string[]; error?: unknown }>((resolve) => {
      const check = () => isEnough(events, told) && resolve({ events, told });
      const listener: StudyListener = {
        onEvents: (batch) => {
          events.push(...batch);
          check();
        },
        onReport: () => undefined,
        onActivity: ({ kind }) => void told.push(kind),
        onConnection: (state) => {
          told.push(state);
          check();
        },
        onSettled: () => undefined,
        onBroken: (error) => resolve({ events, told, error }),
      };
      leave = followStudy({ url, headers: { 'x-token': 't' } }, listener, HASTY);
    });
  }

  /** Send a part of the story, cut off in the middle of a message, and break the connection. */
  const cutAfter = (n: number, nBytes: number) => (response: ServerResponse, after: number) => {
    const text = story.slice(after).map(asText).join('');
    const cut =
      story
        .slice(after, after + n)
        .map(asText)
        .join('').length + nBytes;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text.slice(0, cut), () => response.destroy());
  };
  const toTheEnd = (response: ServerResponse, after: number) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: activity\ndata: {"kind":"running","problem":null}\n\n');
    response.write(story.slice(after).map(asText).join(''));
  };

  it('asks again after what it has, and nothing is lost or doubled however it is cut', async () => {
    answers = [cutAfter(7, 0), cutAfter(3, 40), cutAfter(0, 5), cutAfter(20, 1), toTheEnd];
    const { events, told } = await followedUntil((so) => so.length >= story.length);
    expect(events).toEqual(story);
    expect(asked).toEqual([0, 7, 10, 10, 30]);
    expect(told.filter((what) => what === 'reconnecting')).toHaveLength(4);
  });

  it('asks again while the server is not there', async () => {
    answers = [(response) => response.writeHead(503).end(), (response) => response.destroy(), toTheEnd];
    const { events } = await followedUntil((so) => so.length >= story.length);
    expect(events).toEqual(story);
    expect(asked).toEqual([0, 0, 0]);
  });

  it('ends with the server’s own words where there is no such study', async () => {
    const failure = { code: 'study_unknown', message: 'There is no such study.', hint: 'Look at the list.' };
    answers = [(response) => response.writeHead(404).end(JSON.stringify(failure))];
    const { error } = await followedUntil(() => false);
    expect(error).toBeInstanceOf(ExpectedFailure);
    expect(error).toMatchObject({ failure });
    expect(asked).toEqual([0]);
  });

  it('ends where what comes is no event of a study', async () => {
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: study\ndata: {"type":"party"}\n\n');
      },
    ];
    const { error } = await followedUntil(() => false);
    expect(String(error)).toContain('type');
  });

  it('tells nothing after it was left, and asks no more', async () => {
    answers = [toTheEnd];
    const { events } = await followedUntil((so) => so.length >= story.length);
    leave();
    server.closeAllConnections();
    // Longer than the follower would wait before it asked again.
    for (let n = 0; n < 3; n++) await fetch(url, { headers: { 'last-event-id': '-1' } });
    expect(events).toHaveLength(story.length);
    expect(asked).toEqual([0, -1, -1, -1]);
  });
});
