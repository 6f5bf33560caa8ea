import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MlflowStub, type StubFault, startMlflowStub } from '@/lib/testing/mlflow-stub';
import { createTransport, type Transport } from './http-transport';
import { MlflowAway } from './mlflow-failures';

const LIMITS = { timeLimitMs: 200, bodyCapBytes: 1_000_000 };
const never = new AbortController().signal;
let stub: MlflowStub;
let transport: Transport;

beforeAll(async () => {
  stub = await startMlflowStub();
});
afterAll(() => stub.close());
beforeEach(() => {
  transport = createTransport({ baseUrl: stub.url, authorization: 'Bearer secret' }, LIMITS, () => 0);
});
afterEach(() => {
  transport.close();
  stub.misbehave(null);
  vi.restoreAllMocks();
});

const get = () => transport.send({ method: 'GET', path: '/version' }, never);

async function failureOf(sent: Promise<unknown>) {
  try {
    return await sent;
  } catch (error) {
    if (!(error instanceof MlflowAway)) throw error;
    return { code: error.code, mayHaveArrived: error.mayHaveArrived };
  }
}

async function withFault(fault: StubFault) {
  stub.misbehave(() => ({ fault, isApplied: true }));
  return failureOf(get());
}

describe('createTransport', () => {
  it('reads a whole answer, logs in, and asks for no compression', async () => {
    const answer = await get();
    expect({ ...answer, body: String(answer.body) }).toEqual({
      status: 200,
      body: '3.17.2',
      retryAfterMs: null,
    });
    expect(stub.requests.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'accept-encoding': 'identity',
      host: new URL(stub.url).host,
    });
  });

  it('keeps the path of the server before every path', async () => {
    const below = createTransport({ baseUrl: `${stub.url}/team/ml`, authorization: null }, LIMITS, () => 0);
    const body = { contentType: 'application/json', bytes: Buffer.from('{"a":1}') };
    expect(await below.send({ method: 'POST', path: '/api/x', body }, never)).toMatchObject({ status: 404 });
    below.close();
    expect(stub.requests.at(-1)).toMatchObject({ method: 'POST', path: '/team/ml/api/x', nBytes: 7 });
    expect(stub.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['7', 7000],
    ['Thu, 01 Jan 1970 00:00:09 GMT', 9000],
    ['Thu, 01 Jan 1960 00:00:09 GMT', 0],
    ['soon', null],
    ['999999999', 3_600_000],
  ])('reads the Retry-After %j', async (text, retryAfterMs) => {
    stub.misbehave(() => ({
      fault: { kind: 'status', status: 503, headers: { 'Retry-After': text } },
      isApplied: false,
    }));
    expect(await get()).toMatchObject({ status: 503, retryAfterMs });
  });

  it.each([
    [{ kind: 'hang' }, 'mlflow_too_slow'],
    [{ kind: 'slow' }, 'mlflow_too_slow'],
    [{ kind: 'cut' }, 'mlflow_unreachable'],
    [{ kind: 'reset' }, 'mlflow_unreachable'],
    [{ kind: 'brotli' }, 'mlflow_answer_encoded'],
    [{ kind: 'endless' }, 'mlflow_answer_too_large'],
    [{ kind: 'status', status: 204, headers: { 'Content-Encoding': 'gzip' } }, 'mlflow_answer_encoded'],
  ] satisfies [StubFault, string][])(
    'takes %j for no answer, and the request for one that may have arrived',
    async (fault, code) => {
      expect(await withFault(fault)).toEqual({ code, mayHaveArrived: true });
    },
  );

  it('knows that a refused connection took nothing', async () => {
    await stub.shut();
    expect(await failureOf(get())).toEqual({ code: 'mlflow_unreachable', mayHaveArrived: false });
    await stub.open();
    expect(await get()).toMatchObject({ status: 200 });
  });

  it('knows that a name without an address took nothing', async () => {
    const lost = createTransport({ baseUrl: 'http://mlflow.invalid', authorization: null }, LIMITS, () => 0);
    const sent = failureOf(lost.send({ method: 'GET', path: '/version' }, never));
    expect(await sent).toEqual({ code: 'mlflow_unreachable', mayHaveArrived: false });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'https://mlflow.example/',
    '/elsewhere',
  ])('follows no redirect to %s and opens no connection but its own', async (location) => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    const fault = { kind: 'status', status: 307, headers: { Location: location } } as const;
    const nBefore = stub.requests.length;
    expect(await withFault(fault)).toEqual({ code: 'mlflow_redirected', mayHaveArrived: true });
    expect(stub.requests.length).toBe(nBefore + 1);
    // Every connection that was asked for, whatever opened it.
    const ports = connect.mock.calls.map(([options]) => Reflect.get([options].flat()[0] ?? {}, 'port'));
    expect(new Set(ports.map(String))).toEqual(new Set([new URL(stub.url).port]));
  });

  it('holds no more of an endless answer than the cap', async () => {
    const before = process.memoryUsage().rss;
    await withFault({ kind: 'endless' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('ends when it is told to', async () => {
    stub.misbehave(() => ({ fault: { kind: 'hang' }, isApplied: false }));
    const ending = new AbortController();
    const sent = transport.send({ method: 'GET', path: '/version' }, ending.signal);
    ending.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
    await expect(transport.send({ method: 'GET', path: '/version' }, ending.signal)).rejects.toThrow(
      'enough',
    );
  });
});
