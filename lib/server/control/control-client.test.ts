import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { studyConfig } from '@/lib/testing/study-fixture';
import { studySummary } from '@/lib/tuning/study/study-summary';
import { type ControlClient, createControlClient } from './control-client';

const STUDY_ID = `study-${'1'.repeat(20)}`;
const TOKEN = 'the control token';

let server: Server;
let address: string;
let client: ControlClient;
let received: {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}[];
let answer: { status: number; body: string };

beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('Expected a port');
  address = `http://127.0.0.1:${bound.port}`;
  client = createControlClient({ address, token: TOKEN });
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
});

const study = studySummary({
  studyId: STUDY_ID,
  config: studyConfig(),
  engineVersion: '3.4.1',
  nProcesses: 2,
  gateOverrideReason: null,
  phase: 'tuning',
  failure: null,
  modelId: null,
  createdAtMs: 1,
  updatedAtMs: 2,
  tunedAtMs: null,
  lastSequence: 1,
  trials: [],
  steps: [],
});
const told = { study, activity: { kind: 'running', problem: null } };

describe('createControlClient', () => {
  it('asks with its token, and acts from the very host it addresses', async () => {
    answer = { status: 200, body: JSON.stringify({ studies: [told], unreadable: [] }) };
    expect(await client.list()).toEqual({ ok: true, value: { studies: [told], unreadable: [] } });
    answer = { status: 200, body: JSON.stringify(told) };
    expect(await client.show(STUDY_ID)).toEqual({ ok: true, value: told });
    expect(await client.order(STUDY_ID, { command: 'extend', nTrials: 48 })).toEqual({
      ok: true,
      value: told,
    });
    expect(received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/api/studies', ''],
      ['GET', `/api/studies/${STUDY_ID}`, ''],
      ['POST', `/api/studies/${STUDY_ID}`, '{"command":"extend","nTrials":48}'],
    ]);
    for (const { headers } of received) expect(headers['x-leadbench-token']).toBe(TOKEN);
    expect(received.map(({ headers }) => headers.origin)).toEqual([undefined, undefined, address]);
    expect(received.map(({ headers }) => `http://${headers.host}`)).toEqual([address, address, address]);
  });

  it('hands on what the server refuses', async () => {
    const error = { code: 'study_unknown', message: 'There is none.', hint: 'Choose another.' };
    answer = { status: 404, body: JSON.stringify(error) };
    expect(await client.show(STUDY_ID)).toEqual({ ok: false, error });
  });

  it.each([
    ['words that are no JSON', { status: 200, body: '<html>' }],
    ['another answer', { status: 200, body: '{}' }],
    ['an error without words', { status: 500, body: '{}' }],
    ['a way elsewhere', { status: 302, body: '' }],
  ])('says that it cannot speak with what gives %s', async (_, given) => {
    answer = given;
    const failure = await client.show(STUDY_ID);
    expect(failure).toMatchObject({ ok: false, error: { code: 'server_unreachable' } });
    expect(JSON.stringify(failure)).not.toContain(TOKEN);
  });

  it('says that nobody answers', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await client.list()).toMatchObject({
      ok: false,
      error: {
        code: 'server_unreachable',
        message: `The Leadbench at ${address} holds this folder but does not answer.`,
      },
    });
  });
});
