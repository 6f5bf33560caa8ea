import { describe, expect, it } from 'vitest';
import { defaultSuite } from '@/lib/quality/suites/default-suites';
import { fileNamed, settled, smallServices } from '@/lib/testing/small-services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

const TAGS = { ...defaultSuite('tags'), notes: 'mine' };

async function opened() {
  const small = smallServices();
  const workbench = new Workbench(small.services, NOTHING_KEPT);
  await workbench.openFile(fileNamed('mine'));
  await settled();
  small.asked.length = 0;
  return { ...small, workbench };
}

describe('SuiteDesk', () => {
  it('judges by a suite of its own, keeps it, and runs what waits for the gate', async () => {
    const { workbench, asked, knobs } = await opened();
    await workbench.suites.replace(TAGS);
    expect(asked.filter((what) => /^(ingest|validate|prepare)/.test(what))).toEqual([
      'validate tags',
      expect.stringMatching(/^prepare/),
    ]);
    expect(knobs.suites).toEqual([TAGS]);
    expect(workbench.store.getState().ownSuites).toEqual([TAGS]);
  });

  it('exchanges a suite of the same name, and goes back to the default one', async () => {
    const { workbench, asked, knobs } = await opened();
    await workbench.suites.replace(TAGS);
    const other = { ...TAGS, notes: 'another' };
    await workbench.suites.replace(other);
    expect(knobs.suites).toEqual([other]);
    await workbench.suites.reset('tags');
    expect(knobs.suites).toEqual([]);
    expect(asked.filter((what) => what.startsWith('validate'))).toEqual([
      'validate tags',
      'validate tags',
      'validate',
    ]);
  });

  it('takes up what was kept, and drops a filter to what a check found', async () => {
    const { services, knobs, workbench } = await opened();
    await workbench.suites.replace(TAGS);
    const later = new Workbench(services, NOTHING_KEPT);
    expect(later.store.getState().ownSuites).toEqual(knobs.suites);
    await workbench.explore.look({
      filters: [
        { dimension: 'failing_check', levels: ['tags 1'] },
        { dimension: 'country', levels: ['us'] },
      ],
    });
    await workbench.suites.reset('tags');
    expect(workbench.store.getState().view.filters).toEqual([{ dimension: 'country', levels: ['us'] }]);
  });
});
