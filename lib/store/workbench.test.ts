import { beforeEach, describe, expect, it } from 'vitest';
import { fileNamed, kinds, OPEN_GATE, SHUT_GATE, smallServices } from '@/lib/testing/small-services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

describe('Workbench', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  const state = () => workbench.store.getState();

  beforeEach(() => {
    parts = smallServices();
    workbench = new Workbench(parts.services, NOTHING_KEPT);
  });

  it('opens the demo and runs everything cheap, but no study', async () => {
    await workbench.start();
    expect(kinds(state())).toEqual({
      source: 'done',
      ingest: 'done',
      quality: 'done',
      pareto: 'done',
      rating: 'done',
      tags: 'done',
      interactions: 'done',
      sufficiency: 'done',
      drift: 'done',
      anomalies: 'done',
      features: 'done',
      leakage: 'done',
      tuning: 'idle',
      evaluation: 'idle',
      model_tests: 'idle',
      scoring: 'idle',
      slices: 'idle',
      models: 'idle',
      strategy: 'idle',
      leads: 'idle',
    });
    expect(parts.asked.filter((what) => what.startsWith('launch'))).toEqual([]);
  });

  it('opens the kept file rather than the demo, and the demo when the kept one no longer opens', async () => {
    parts.knobs.kept = fileNamed('mine');
    await workbench.start();
    expect(state().source).toMatchObject({ isDemo: false, crm: { fileName: 'mine' } });
    parts.knobs.badFiles.add('mine');
    await workbench.start();
    expect(state().source).toMatchObject({ isDemo: true, crm: { fileName: 'demo' } });
  });

  it('keeps what was open when a file is refused, and says why', async () => {
    await workbench.start();
    const before = state();
    parts.knobs.badFiles.add('broken');
    await workbench.openFile(fileNamed('broken'));
    expect(state().sourceFailure).toEqual({
      fileName: 'broken',
      failure: { code: 'not_a_database', message: 'not_a_database.', hint: 'Mend it.' },
    });
    expect(state().source).toBe(before.source);
    expect(state().statuses).toEqual(before.statuses);
    expect(parts.asked).not.toContain('keep broken');
  });

  it('forgets the outputs of the file before when another one opens', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    await workbench.overrideGate('because');
    expect(state().features).not.toBeNull();
    await workbench.openFile(fileNamed('mine'));
    expect(state().gateOverrideReason).toBeNull();
    expect(state().features).toBeNull();
  });

  it('blocks everything behind a shut gate until a reason is given', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    expect(kinds(state())).toMatchObject({
      quality: 'done',
      pareto: 'blocked',
      features: 'blocked',
      tuning: 'blocked',
      leads: 'blocked',
    });
    expect(parts.asked.some((what) => what.startsWith('prepare'))).toBe(false);
    await workbench.overrideGate('the conversion is known to be low');
    expect(kinds(state())).toMatchObject({ pareto: 'done', features: 'done', tuning: 'idle' });
  });

  it('finds the reason again after a reload, for the same file only and while the gate is shut', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    await workbench.overrideGate('the conversion is known to be low');
    const reloaded = new Workbench(parts.services, NOTHING_KEPT);
    await reloaded.start();
    expect(reloaded.store.getState().gateOverrideReason).toBe('the conversion is known to be low');
    expect(kinds(reloaded.store.getState())).toMatchObject({ features: 'done' });
    await reloaded.openFile(fileNamed('mine'));
    expect(kinds(reloaded.store.getState())).toMatchObject({ features: 'blocked' });
    parts.knobs.validation = OPEN_GATE;
    await workbench.rerun('quality');
    expect(state().gateOverrideReason).toBeNull();
  });

  it('reruns what is cheap when a parameter changes and leaves what is above alone', async () => {
    await workbench.start();
    parts.asked.length = 0;
    await workbench.setParams({ paretoShare: 0.5 });
    expect(parts.asked).toEqual(['segments country', 'prepare 0.5 42', 'suspects', 'latest d0.5-42']);
    parts.asked.length = 0;
    await workbench.setParams({ seed: 7 });
    expect(parts.asked).toEqual(['prepare 0.5 7', 'suspects', 'latest d0.5-7']);
    parts.asked.length = 0;
    const { featureChoices } = state().params;
    await workbench.setParams({ featureChoices: { ...featureChoices, countryEncoding: 'target' } });
    expect(parts.asked).toEqual(['prepare 0.5 7', 'suspects', 'latest d0.5-7']);
  });

  it('stops a chain at the first cell that fails', async () => {
    parts.knobs.prepareFails = true;
    await workbench.start();
    expect(state().statuses.features).toMatchObject({ kind: 'failed', failure: { code: 'too_few_buyers' } });
    expect(kinds(state()).tuning).toBe('idle');
    expect(parts.asked.some((what) => what.startsWith('latest'))).toBe(false);
  });
});
