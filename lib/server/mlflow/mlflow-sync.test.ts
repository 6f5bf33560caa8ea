import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  continued,
  type MlflowRig,
  openMlflowRig,
  RIG_FILES,
  RIG_MODEL,
  rigEvents,
  rigStudy,
} from '@/lib/testing/mlflow-rig';
import type { StubContent } from '@/lib/testing/mlflow-store';
import { type MlflowStub, startMlflowStub } from '@/lib/testing/mlflow-stub';
import { completed, started } from '@/lib/testing/study-fixture';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { MlflowSync } from './mlflow-sync';
import { openOutbox, outboxFolder } from './outbox';

const STUDY = rigStudy(1);
const EVENTS = rigEvents(STUDY);
/** Wait for something that comes to be in its own time, with room for a busy machine. */
const eventually = (check: () => void) => vi.waitFor(check, 20_000);
let stub: MlflowStub;
let rig: MlflowRig;
let syncs: MlflowSync[] = [];

beforeEach(async () => {
  stub = await startMlflowStub();
  rig = openMlflowRig(stub);
  rig.journals.set(STUDY, EVENTS);
});
afterEach(async () => {
  for (const sync of syncs) await sync.close(0);
  syncs = [];
  await stub.close();
  rig.close();
});

function open(...changes: Parameters<MlflowRig['sync']>): MlflowSync {
  const sync = rig.sync(...changes);
  syncs.push(sync);
  return sync;
}

async function delivered(...changes: Parameters<MlflowRig['sync']>): Promise<MlflowSync> {
  const sync = open(...changes);
  await sync.resumeAll();
  await sync.drained();
  return sync;
}

/** What a server holds after everything was delivered in one go. */
async function contentOf(events: readonly StudyEvent[]): Promise<StubContent> {
  const clean = await startMlflowStub();
  const other = openMlflowRig(clean);
  other.journals.set(STUDY, events);
  const sync = other.sync();
  await sync.resumeAll();
  await sync.drained();
  await sync.close(0);
  await clean.close();
  other.close();
  return clean.store.content();
}

const outboxText = () => {
  const folder = join(rig.home.root, '.leadbench', 'mlflow');
  const [server = ''] = readdirSync(folder);
  return readFileSync(join(folder, server, `${STUDY}.log`), 'utf8');
};

describe('createMlflowSync', () => {
  it('does nothing where no MLflow is set', async () => {
    const sync = open({ env: {} });
    sync.noteStudy(STUDY);
    await sync.resumeAll();
    await sync.drained();
    expect(sync.status()).toMatchObject({ configured: false, uri: null, nPending: 0, lastError: null });
    expect(readdirSync(rig.home.root)).toEqual([]);
  });

  it('says why it does nothing with an address that is none', () => {
    const sync = open({ env: { MLFLOW_TRACKING_URI: 'file:///tmp/mlruns' } });
    expect(sync.status()).toMatchObject({ configured: true, lastError: { code: 'mlflow_uri_unsupported' } });
    expect(rig.warnings).toHaveLength(1);
  });

  it('delivers a study as one parent run with a child a trial', async () => {
    const sync = await delivered();
    const { runs, versions, aliases } = stub.store.content();
    const [parent, ...children] = runs;
    const evaluatedAtMs = EVENTS.at(-1)?.atMs ?? 0;
    const nComplete = EVENTS.filter(({ type }) => type === 'trial_completed').length;
    expect(parent).toMatchObject({ key: STUDY, name: STUDY, parent: null, status: 'FINISHED' });
    expect(parent?.inputs).toEqual([`leadbench-features ${'a'.repeat(36)}`]);
    expect(JSON.parse(parent?.tags['mlflow.log-model.history'] ?? '')).toEqual([
      {
        run_id: 'RUN',
        artifact_path: RIG_MODEL,
        utc_time_created: `${new Date(evaluatedAtMs).toISOString().slice(0, -1).replace('T', ' ')}000`,
        model_uuid: RIG_MODEL,
        flavors: { python_function: {}, xgboost: {}, onnx: {} },
      },
    ]);
    expect(parent?.params).toMatchObject({ sampler: 'tpe', seed: '42', objective: 'roc_auc' });
    expect(parent?.metrics.filter((metric) => metric.startsWith('evaluation/'))).toEqual([
      // Timed by the event that told of the model, the study's last.
      `evaluation/n_test ${nComplete} 3983 ${parent?.endTime}`,
      `evaluation/roc_auc ${nComplete} 0.81 ${parent?.endTime}`,
    ]);
    expect(parent?.files).toEqual(
      Object.fromEntries(
        Object.entries(RIG_FILES).map(([name, bytes]) => [
          `${RIG_MODEL}/${name}`,
          Buffer.from(bytes).toString('base64'),
        ]),
      ),
    );
    expect(children.map(({ parent }) => parent)).toEqual(Array(12).fill(STUDY));
    expect(new Set(children.map(({ name }) => name)).size).toBe(12);
    expect(new Set(children.map(({ status }) => status))).toEqual(new Set(['FINISHED', 'FAILED']));
    expect(versions).toEqual([{ key: `${STUDY}/${RIG_MODEL}`, source: `runs:/RUN/${RIG_MODEL}` }]);
    expect(aliases).toEqual({ champion: RIG_MODEL });
    expect(sync.status()).toMatchObject({
      uri: stub.url,
      reachable: true,
      version: '3.17.2',
      warning: null,
      nPending: 0,
      nRefused: 0,
      nDelivered: 22,
      lastError: null,
      lastDeliveredAtMs: Date.UTC(2026, 10, 24),
    });
  });

  it('asks for nothing again once all is there, not even at the next start', async () => {
    await (await delivered()).close(0);
    const nRequests = stub.requests.length;
    await delivered({
      readStudy: async () => {
        throw new Error('not to be read');
      },
    });
    expect(stub.requests.length).toBe(nRequests);
  });

  it('needs three requests a trial', async () => {
    await delivered();
    const ofTrials = stub.requests.filter(({ path }) => /runs\/(?:create|log-batch|update)$/.test(path));
    // A trial that failed at once has them too; the study's own run has one of each and a second batch for its report.
    expect(ofTrials.length).toBe(3 * 12 + 4);
  });

  it('comes to the same whether it follows a study or delivers it at the end', async () => {
    const sync = open();
    for (const end of [1, 2, 5, 9, 14, 20, 21, 30, 44, EVENTS.length]) {
      rig.journals.set(STUDY, EVENTS.slice(0, end));
      sync.noteStudy(STUDY);
      await sync.drained();
    }
    expect(stub.store.content()).toEqual(await contentOf(EVENTS));
    expect(sync.status()).toMatchObject({ nPending: 0, lastError: null });
  });

  it('goes on with a study that is extended after it was settled', async () => {
    const sync = await delivered();
    const longer = continued(EVENTS, [
      { type: 'study_extended', nTrials: 13 },
      { type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' },
      started(13, { step: 99 }),
      completed(13, 0.9),
      { type: 'tuning_ended', reason: 'completed', message: null },
      { type: 'evaluation_started' },
      { type: 'evaluation_completed', modelId: RIG_MODEL },
    ]);
    rig.journals.set(STUDY, longer);
    sync.noteStudy(STUDY);
    await sync.drained();
    expect(stub.store.content()).toEqual(await contentOf(longer));
    expect(stub.store.content().runs).toHaveLength(14);
  });

  it('looks again when there are news, so that no trial is told of in a state that is over', async () => {
    const sync = open({ limits: { gatherMs: 0 } });
    rig.journals.set(STUDY, EVENTS.slice(0, 30));
    stub.onCarriedOut(({ path }) => {
      if (!path.endsWith('/runs/update')) return;
      stub.onCarriedOut(null);
      rig.journals.set(STUDY, EVENTS);
      sync.noteStudy(STUDY);
    });
    sync.noteStudy(STUDY);
    await sync.drained();
    expect(stub.store.content()).toEqual(await contentOf(EVENTS));
    const nUpdates = stub.requests.filter(({ path }) => path.endsWith('/runs/update')).length;
    expect(nUpdates).toBeLessThanOrEqual(13 + 2);
  });

  it('delivers the oldest study first', async () => {
    rig.journals.set(rigStudy(2), rigEvents(rigStudy(2), { nTrials: 2 }));
    rig.journals.set(rigStudy(0), rigEvents(rigStudy(0), { nTrials: 2 }));
    await delivered();
    const order = [...new Set(stub.store.content().runs.map(({ key }) => key.slice(0, 26)))];
    expect(order.sort()).toEqual([rigStudy(0), STUDY, rigStudy(2)]);
    const begun = stub.store.inOrder().filter((key) => !key.includes('/'));
    expect(begun).toEqual([STUDY, rigStudy(2), rigStudy(0)]);
  });

  it('finds its runs again without an outbox', async () => {
    await (await delivered()).close(0);
    rmSync(join(rig.home.root, '.leadbench'), { recursive: true });
    await delivered();
    expect(stub.store.content()).toEqual(await contentOf(EVENTS));
  });

  it('comes back later where somebody else wrote to its outbox, and leaves nothing twice', async () => {
    const sync = open();
    rig.journals.set(STUDY, EVENTS.slice(0, 30));
    sync.noteStudy(STUDY);
    await sync.drained();
    const folder = outboxFolder(rig.home, { baseUrl: stub.url, experimentName: 'leadbench' });
    const foreign = await openOutbox(folder, STUDY, () => undefined);
    await foreign.write({ type: 'sent', what: 'something' });
    await foreign.close();
    rig.journals.set(STUDY, EVENTS);
    sync.noteStudy(STUDY);
    const expected = await contentOf(EVENTS);
    await eventually(() => expect(stub.store.content()).toEqual(expected));
    expect(rig.warnings).toContainEqual(expect.stringContaining('Another process wrote'));
  });

  it('sends everything anew to a server that lost it', async () => {
    const sync = await delivered();
    stub.store.empty();
    rig.journals.set(STUDY, continued(EVENTS, [{ type: 'evaluation_started' }]));
    sync.noteStudy(STUDY);
    await sync.drained();
    const again = continued(EVENTS, [{ type: 'evaluation_started' }]);
    expect(stub.store.content()).toEqual(await contentOf(again));
  });

  it('sends everything to another server', async () => {
    await delivered();
    const other = await startMlflowStub();
    await delivered({ env: { MLFLOW_TRACKING_URI: other.url } });
    await other.close();
    expect(other.store.content()).toEqual(stub.store.content());
  });

  it('rests nineteen times as long as it works while trials run, and not at all afterwards', async () => {
    let nowMs = 0;
    const now = () => {
      nowMs += 1;
      return nowMs;
    };
    rig.journals.set(STUDY, EVENTS.slice(0, 12));
    await (await delivered({ now })).close(0);
    const rests = rig.waits.filter((ms) => ms > 0 && ms < 1000 && ms % 19 === 0);
    expect(rests.length).toBeGreaterThan(10);
    rig.waits.length = 0;
    rig.journals.set(STUDY, EVENTS);
    await delivered({ now });
    expect(rig.waits.filter((ms) => ms > 0 && ms < 1000 && ms % 19 === 0)).toEqual([]);
  });

  it('warns of an old server by the name of the advisory, once', async () => {
    const old = await startMlflowStub({ version: '3.10.0' });
    const sync = await delivered({ env: { MLFLOW_TRACKING_URI: old.url } });
    await old.close();
    expect(sync.status()).toMatchObject({
      version: '3.10.0',
      warning: expect.stringContaining('GHSA-26p8-2jq9-3vq9'),
    });
    expect(rig.warnings.filter((line) => line.includes('CVE-2026-116692'))).toHaveLength(1);
  });

  it('moves the champion to the newest model only, and never again once it is told', async () => {
    const sync = await delivered();
    const versions = () => stub.store.content().aliases;
    stub.store.setAlias('champion', null);
    rig.journals.set(STUDY, continued(EVENTS, [{ type: 'evaluation_started' }]));
    sync.noteStudy(STUDY);
    await sync.drained();
    expect(versions()).toEqual({});
  });

  it('logs in, and shows and stores neither name nor password', async () => {
    const env = {
      MLFLOW_TRACKING_URI: stub.url.replace('http://', 'http://ada:hunter2@'),
      MLFLOW_EXPERIMENT_NAME: 'leadbench',
    };
    const sync = await delivered({ env });
    expect(stub.requests[0]?.headers.authorization).toBe('Basic YWRhOmh1bnRlcjI=');
    const shown = JSON.stringify([sync.status(), rig.warnings, outboxText()]);
    expect(shown).not.toMatch(/hunter2|ada:|YWRhOmh1bnRlcjI/);
  });

  it('sends nothing that names a person', async () => {
    const canary = 'Zsofia Canary';
    const events = EVENTS.map((event) => {
      if (event.type === 'study_created') return { ...event, gateOverrideReason: canary };
      return event.type === 'trial_failed' ? { ...event, message: `/home/${canary}/x` } : event;
    });
    rig.journals.set(STUDY, events);
    const metadata = new TextEncoder().encode(JSON.stringify({ gate_override_reason: canary }));
    await delivered({ readModelFiles: async () => ({ ...RIG_FILES, 'metadata.json': metadata }) });
    const { runs } = stub.store.content();
    const files = Object.values(runs[0]?.files ?? {}).map((content) =>
      Buffer.from(content, 'base64').toString('latin1'),
    );
    expect(JSON.stringify([runs, files, outboxText()])).not.toContain('Canary');
    expect(files.join()).toContain('withheld by Leadbench');
  });

  it('lets training go on when a journal cannot be read or the outbox not be written', async () => {
    const broken = await delivered({
      readStudy: async () => {
        throw new Error('a bug');
      },
    });
    expect(broken.status().lastError).toMatchObject({ code: 'mlflow_not_prepared' });
    await broken.close(0);
    rmSync(join(rig.home.root, '.leadbench'), { recursive: true, force: true });
    mkdirSync(join(rig.home.root, '.leadbench'));
    writeFileSync(join(rig.home.root, '.leadbench', 'mlflow'), 'a file in the way');
    const blocked = await delivered();
    blocked.noteStudy(STUDY);
    expect(blocked.status().lastError).toMatchObject({ code: 'mlflow_not_prepared' });
    expect(stub.requests).toEqual([]);
  });

  it('forgets a study that is not there any more', async () => {
    const sync = open();
    sync.noteStudy(rigStudy(9));
    await sync.drained();
    expect(sync.status()).toMatchObject({ nPending: 0, lastError: null });
  });

  it('delivers what was just noted before it closes', async () => {
    const sync = open({ pause: () => new Promise(() => {}) });
    sync.noteStudy(STUDY);
    await sync.close(10_000);
    expect(stub.store.content()).toEqual(await contentOf(EVENTS));
  });

  it('closes within its limit when the server hangs, and at once when it is away', async () => {
    stub.misbehave(() => ({ fault: { kind: 'hang' }, isApplied: false }));
    const hanging = open({ limits: { timeLimitMs: 60_000 } });
    hanging.noteStudy(STUDY);
    const startedAtMs = performance.now();
    await hanging.close(100);
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    await stub.shut();
    const away = open();
    away.noteStudy(STUDY);
    await away.close(60_000);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});
