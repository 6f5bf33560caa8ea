import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { type MlflowRig, openMlflowRig, rigEvents, rigStudy } from '@/lib/testing/mlflow-rig';
import type { StubContent } from '@/lib/testing/mlflow-store';
import {
  type MlflowStub,
  type StubFault,
  type StubReaction,
  startMlflowStub,
} from '@/lib/testing/mlflow-stub';
import type { MlflowSync } from './mlflow-sync';

const STUDY = rigStudy(1);
const EVENTS = rigEvents(STUDY);
/** Wait for something that comes to be in its own time, with room for a busy machine. */
const eventually = (check: () => void) => vi.waitFor(check, 20_000);
let stub: MlflowStub;
let rig: MlflowRig;
let sync: MlflowSync | null = null;
let expected: StubContent;

beforeEach(async () => {
  stub = await startMlflowStub();
  rig = openMlflowRig(stub);
  rig.journals.set(STUDY, EVENTS);
  expected = await honestContent();
});
afterEach(async () => {
  await sync?.close(0);
  sync = null;
  await stub.close();
  rig.close();
  vi.restoreAllMocks();
});

/** What an honest server holds in the end. */
async function honestContent(): Promise<StubContent> {
  const honest = await startMlflowStub();
  const other = openMlflowRig(honest);
  other.journals.set(STUDY, EVENTS);
  const clean = other.sync();
  await clean.resumeAll();
  await clean.drained();
  await clean.close(0);
  await honest.close();
  other.close();
  return honest.store.content();
}

/** Deliver everything and wait until nothing is left to be done, doubles included. */
async function delivered(...changes: Parameters<MlflowRig['sync']>): Promise<MlflowSync> {
  const opened = rig.sync(...changes);
  sync = opened;
  await opened.resumeAll();
  await opened.drained();
  await eventually(() => expect(opened.status()).toMatchObject({ nPending: 0, nRefused: 0 }));
  await eventually(() => expect(stub.store.content().runs.length).toBe(expected.runs.length));
  return opened;
}

/** The ways in which a server misbehaves, each as often as the others. */
const FAULTS: readonly StubFault[] = [
  { kind: 'status', status: 500, body: 'Internal Server Error' },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503, headers: { 'Retry-After': '2' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '5' } },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 307, headers: { Location: 'http://169.254.169.254/latest/meta-data/' } },
  { kind: 'status', status: 302, headers: { Location: 'file:///etc/passwd' } },
  { kind: 'hang' },
  { kind: 'slow' },
  { kind: 'cut' },
  { kind: 'reset' },
  { kind: 'brotli' },
  { kind: 'endless' },
  { kind: 'body', text: '{"run": {"info":' },
  { kind: 'body', text: '<html><script>alert(1)</script></html>' },
  { kind: 'body', text: '[]' },
  { kind: 'body', text: '{"run": {"info": {"run_id": "../../etc/passwd"}}}' },
];

/** Let a share of all requests go wrong, half of them after they were carried out. */
function misbehaving(share: number, seed: number, faults: readonly StubFault[] = FAULTS) {
  const random = randomSource(seed);
  const counts = { asked: 0, wrong: 0 };
  stub.misbehave((): StubReaction | null => {
    counts.asked += 1;
    if (random() >= share) return null;
    counts.wrong += 1;
    const fault = faults[Math.floor(random() * faults.length)] ?? { kind: 'reset' };
    return { fault, isApplied: random() < 0.5 };
  });
  return counts;
}

const FAST = { limits: { timeLimitMs: 60, bodyCapBytes: 500_000 } };

describe('a server that misbehaves', () => {
  it.each([1, 2, 3])(
    'loses and doubles nothing when a third of its answers go wrong in any way, seed %i',
    async (seed) => {
      const counts = misbehaving(0.35, seed);
      await delivered(FAST);
      expect(stub.store.content()).toEqual(expected);
      expect(counts.wrong / counts.asked).toBeGreaterThan(0.3);
      expect(counts.wrong).toBeGreaterThan(20);
    },
  );

  it.each(FAULTS.map((fault) => [JSON.stringify(fault), fault] as const))(
    'loses and doubles nothing by %s instead of a third of its answers, carried out or not',
    async (_, fault) => {
      const counts = misbehaving(0.33, 9, [fault]);
      await delivered(FAST);
      expect(stub.store.content()).toEqual(expected);
      expect(counts.wrong).toBeGreaterThan(15);
    },
  );

  it('contacts nobody else, whatever it is redirected to', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    misbehaving(0.3, 4);
    await delivered(FAST);
    const ports = connect.mock.calls.map(([options]) => Reflect.get([options].flat()[0] ?? {}, 'port'));
    expect(new Set(ports.map(String))).toEqual(new Set([new URL(stub.url).port]));
    expect(ports.length).toBeGreaterThan(5);
  });

  it('may be away for the whole study: what is missing is counted and delivered when it is back', async () => {
    await stub.shut();
    sync = rig.sync();
    for (let end = 1; end <= EVENTS.length; end += 3) {
      rig.journals.set(STUDY, EVENTS.slice(0, end));
      sync.noteStudy(STUDY);
    }
    rig.journals.set(STUDY, EVENTS);
    const away = sync;
    await eventually(() => expect(away.status()).toMatchObject({ nPending: 15, reachable: false }));
    expect(away.status()).toMatchObject({
      nDelivered: 0,
      lastError: { code: 'mlflow_unreachable', hint: expect.stringContaining('MLFLOW_TRACKING_URI') },
    });
    expect(rig.warnings).toHaveLength(1);
    await stub.open();
    await away.drained();
    expect(stub.store.content()).toEqual(expected);
    expect(away.status()).toMatchObject({ nPending: 0, reachable: true, lastError: null });
    expect(rig.warnings).toEqual([
      expect.stringContaining('cannot be reached'),
      'MLflow takes everything again.',
    ]);
  });

  it('is left alone for as long as it asks', async () => {
    stub.misbehave(({ n }) =>
      n === 3
        ? { fault: { kind: 'status', status: 429, headers: { 'Retry-After': '77' } }, isApplied: false }
        : null,
    );
    await delivered();
    expect(rig.waits).toContain(77_000);
    expect(stub.store.content()).toEqual(expected);
  });

  it('is asked less and less often while it is away, at most every 15 s', async () => {
    await stub.shut();
    const opened = rig.sync();
    sync = opened;
    await opened.resumeAll();
    await eventually(() => expect(rig.waits.length).toBeGreaterThan(12));
    const [first = 0, second = 0, third = 0] = rig.waits;
    expect([first >= 250 && first <= 500, second >= 500 && second <= 1000]).toEqual([true, true]);
    expect(third).toBeGreaterThan(second * 0.9);
    for (const wait of rig.waits.slice(8)) expect(wait >= 7500 && wait <= 15_000).toBe(true);
  });

  it('gets smaller batches when it finds them too large', async () => {
    stub.misbehave(({ path, nBytes }) =>
      path.endsWith('log-batch') && nBytes > 900
        ? { fault: { kind: 'status', status: 413, body: '<html>413</html>' }, isApplied: false }
        : null,
    );
    await delivered();
    expect(stub.store.content()).toEqual(expected);
    const batches = stub.requests.filter(({ path }) => path.endsWith('log-batch'));
    expect(batches.filter(({ nBytes }) => nBytes <= 900).length).toBeGreaterThan(20);
  });

  it('may carry a request out long after it was given up: the double is deleted', async () => {
    const late: (() => void)[] = [];
    let isLateDone = false;
    stub.misbehave(({ path }) => {
      if (late.length === 0 && path.endsWith('runs/create'))
        return { fault: { kind: 'hang' }, isApplied: false };
      // Nothing comes to its end before the late request does.
      const isHeld = path.endsWith('runs/update') && !isLateDone;
      return isHeld ? { fault: { kind: 'status', status: 503 }, isApplied: true } : null;
    });
    stub.onHeldBack((carryOut) => late.push(carryOut));
    const opened = rig.sync(FAST);
    sync = opened;
    await opened.resumeAll();
    // The second attempt is through before the first comes to pass.
    await eventually(() => expect(stub.store.inOrder()).toContain(`${STUDY}/trial-1`));
    late[0]?.();
    isLateDone = true;
    expect(stub.store.inOrder().filter((key) => key === STUDY)).toHaveLength(2);
    await eventually(() => expect(stub.store.content()).toEqual(expected));
    expect(rig.warnings).toContainEqual(expect.stringContaining('twice'));
  });

  it('may refuse one run: the others are delivered, and the page says what is missing', async () => {
    const refusing = rig.sync();
    sync = refusing;
    rig.journals.set(STUDY, EVENTS.slice(0, 10));
    refusing.noteStudy(STUDY);
    await refusing.drained();
    stub.store.deleteRun(`${STUDY}/trial-2`);
    rig.journals.set(STUDY, EVENTS);
    refusing.noteStudy(STUDY);
    await refusing.drained();
    expect(refusing.status()).toMatchObject({
      nPending: 1,
      nRefused: 1,
      reachable: true,
      lastError: { code: 'mlflow_refused', message: expect.stringContaining('deleted') },
    });
    expect(stub.store.content().runs.map(({ key }) => key)).toEqual(
      expected.runs.map(({ key }) => key).filter((key) => key !== `${STUDY}/trial-2`),
    );
  });

  it('may fail at one request for ever: the others are delivered', async () => {
    stub.misbehave(({ path }) =>
      path.endsWith('log-inputs') ? { fault: { kind: 'status', status: 500 }, isApplied: false } : null,
    );
    const failing = rig.sync();
    sync = failing;
    await failing.resumeAll();
    await failing.drained();
    expect(failing.status()).toMatchObject({
      nPending: 1,
      nRefused: 1,
      lastError: { code: 'mlflow_broken' },
    });
    expect(stub.store.content().runs).toHaveLength(13);
    stub.misbehave(null);
    await eventually(() => expect(stub.store.content()).toEqual(expected));
  });

  it('may have no place for files: the runs are delivered', async () => {
    stub.store.keepFilesElsewhere();
    const opened = rig.sync();
    sync = opened;
    await opened.resumeAll();
    await opened.drained();
    expect(opened.status()).toMatchObject({
      nPending: 1,
      nRefused: 1,
      lastError: { code: 'mlflow_artifacts_elsewhere' },
    });
    expect(stub.store.content().runs).toHaveLength(13);
    expect(stub.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('may have deleted the experiment: it is said, and nothing is restored behind its back', async () => {
    await (await delivered()).close(0);
    stub.store.deleteExperiment();
    rig.journals.set(rigStudy(2), rigEvents(rigStudy(2), { nTrials: 2 }));
    const opened = rig.sync();
    sync = opened;
    await opened.resumeAll();
    await eventually(() => expect(opened.status().lastError?.code).toBe('mlflow_experiment_deleted'));
    expect(opened.status().nPending).toBeGreaterThan(0);
  });

  it('may be no MLflow at all', async () => {
    stub.misbehave(() => ({
      fault: { kind: 'body', text: '<html><script>alert(1)</script>' },
      isApplied: false,
    }));
    const opened = rig.sync();
    sync = opened;
    await opened.resumeAll();
    await eventually(() => expect(opened.status().lastError?.code).toBe('mlflow_answer_unreadable'));
    expect(JSON.stringify([opened.status(), rig.warnings])).not.toContain('<script>');
  });
});
