import { beforeEach, describe, expect, it } from 'vitest';
import {
  digestNamed,
  failureOf,
  fileNamed,
  kinds,
  SHUT_GATE,
  settled,
  smallServices,
} from '@/lib/testing/small-services';
import type { CrmFile } from './services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

/** A promise to be kept later. */
function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

describe('a Workbench on which things overlap', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  const state = () => workbench.store.getState();
  const launched = () => parts.asked.filter((what) => what.startsWith('launch'));

  beforeEach(() => {
    parts = smallServices();
    workbench = new Workbench(parts.services, NOTHING_KEPT);
  });

  it('shows the newest of two files, however long the older one takes', async () => {
    await workbench.start();
    const slow = later<never>();
    const open = parts.services.crm.open;
    parts.services.crm.open = (file) => (file.name === 'slow' ? slow.promise : open(file));
    const older = workbench.openFile(fileNamed('slow'));
    await workbench.openFile(fileNamed('fast'));
    slow.resolve({ fileName: 'slow' } as never);
    await older;
    expect(state().source).toMatchObject({ isDemo: false, crm: { fileName: 'fast' } });
    expect(kinds(state())).toMatchObject({ source: 'done', features: 'done' });
    expect(parts.asked).not.toContain('keep slow');
  });

  it('shows what was open when the newer of two files is refused', async () => {
    await workbench.start();
    const slow = later<never>();
    const open = parts.services.crm.open;
    parts.services.crm.open = (file) => (file.name === 'slow' ? slow.promise : open(file));
    parts.knobs.badFiles.add('broken');
    const older = workbench.openFile(fileNamed('slow'));
    await workbench.openFile(fileNamed('broken'));
    slow.resolve({ fileName: 'slow' } as never);
    await older;
    expect(state().source).toMatchObject({ crm: { fileName: 'demo' } });
    expect(state().sourceFailure).toMatchObject({ fileName: 'broken' });
    expect(state().statuses.source.kind).toBe('done');
  });

  it('does not put the demo over a file that was dropped while the demo was on its way', async () => {
    const demo = later<CrmFile>();
    parts.services.files.demo = () => demo.promise;
    const started = workbench.start();
    await settled();
    await workbench.openFile(fileNamed('mine'));
    demo.resolve(fileNamed('demo'));
    await started;
    expect(state().source).toMatchObject({ isDemo: false, crm: { fileName: 'mine' } });
    expect(parts.asked).toContain('keep mine');
    expect(parts.asked).not.toContain('forget');
  });

  it('says beside the demo why the kept file did not open, and leaves the copy', async () => {
    parts.knobs.kept = fileNamed('mine');
    parts.knobs.badFiles.add('mine');
    await workbench.start();
    expect(state().source).toMatchObject({ isDemo: true });
    expect(state().sourceFailure).toMatchObject({ fileName: 'mine', failure: { code: 'not_a_database' } });
    expect(parts.asked).not.toContain('forget');
  });

  it('opens the demo where the browser refuses its private files, and says why', async () => {
    parts.services.files.kept = () => Promise.reject(failureOf('no_storage'));
    await workbench.start();
    expect(kinds(state())).toMatchObject({ source: 'done', features: 'done' });
    expect(state().sourceFailure).toMatchObject({ failure: { code: 'no_storage' } });
  });

  it('says so when the kept copy could not be removed, and keeps the file open', async () => {
    await workbench.openFile(fileNamed('mine'));
    parts.services.files.forget = () => Promise.reject(failureOf('locked'));
    await workbench.forgetFile();
    expect(state().source).toMatchObject({ crm: { fileName: 'mine' } });
    expect(state().sourceFailure).toMatchObject({ failure: { code: 'not_forgotten' } });
  });

  it('runs all that is due when a parameter changes while the first cells still run', async () => {
    const ingested = later<never>();
    parts.services.crm.ingest = () => ingested.promise;
    const started = workbench.start();
    await settled();
    const changed = workbench.setParams({ seed: 7 });
    ingested.resolve({ report: {} } as never);
    await Promise.all([started, changed]);
    expect(kinds(state())).toMatchObject({
      ingest: 'done',
      quality: 'done',
      pareto: 'done',
      rating: 'done',
      features: 'done',
    });
    expect(parts.asked.filter((what) => what.startsWith('prepare'))).toEqual(['prepare 0.85 7']);
  });

  it('neither prepares nor trains behind a shut gate when a parameter changes', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    await workbench.setParams({ seed: 7 });
    await workbench.setParams({ paretoShare: 0.5 });
    await workbench.launchStudy();
    expect(kinds(state())).toMatchObject({ pareto: 'blocked', features: 'blocked', tuning: 'blocked' });
    expect(parts.asked.filter((what) => /^(prepare|segments|put|launch)/.test(what))).toEqual([]);
  });

  it('does not train on features that are older than the parameters', async () => {
    await workbench.start();
    const prepared = later<never>();
    parts.services.crm.prepare = () => prepared.promise;
    const changed = workbench.setParams({ seed: 7 });
    await workbench.launchStudy();
    expect(launched()).toEqual([]);
    prepared.resolve({
      datasetDigest: digestNamed('d'),
      specDigest: digestNamed('s'),
      spec: { features: [] },
    } as never);
    await changed;
    await workbench.launchStudy();
    expect(launched()).toEqual(['launch key']);
  });

  it('goes on following a study when a cell that it does not depend on runs again', async () => {
    await workbench.start();
    await workbench.launchStudy();
    await workbench.rerun('rating');
    await workbench.rerun('evaluation');
    expect(parts.study.nLeft).toBe(0);
  });

  it('does not follow a study of a file that was closed while it was launched', async () => {
    await workbench.start();
    const answer = later<string>();
    parts.services.training.launch = () => answer.promise;
    const launch = workbench.launchStudy();
    await settled();
    await workbench.openFile(fileNamed('mine'));
    answer.resolve('study-of-the-demo');
    await launch;
    expect(parts.study.listener).toBeNull();
    expect(state().statuses.tuning).toEqual({ kind: 'idle', reason: 'Ready to start.' });
  });

  it('leaves stale leads stale when they are only put in another order', async () => {
    await workbench.start();
    workbench.store.setState(({ statuses }) => ({
      statuses: { ...statuses, leads: { kind: 'stale', reason: 'Old.' } },
    }));
    await workbench.queryLeads({ search: 'a' });
    expect(state().statuses.leads).toEqual({ kind: 'stale', reason: 'Old.' });
    expect(state().leads?.query.search).toBe('a');
  });

  it('keeps a search that is not answered yet when a filter follows', async () => {
    await workbench.start();
    const searched = workbench.queryLeads({ search: 'ann' });
    await Promise.all([searched, workbench.queryLeads({ tiers: ['A'] })]);
    expect(state().leads?.query).toMatchObject({ search: 'ann', tiers: ['A'] });
  });

  it('ends the worker of the file when it is closed', () => {
    workbench.close();
    expect(parts.asked).toEqual(['close']);
  });
});
