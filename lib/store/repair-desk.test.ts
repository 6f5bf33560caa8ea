import { describe, expect, it } from 'vitest';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import { fileNamed, settled, smallServices } from '@/lib/testing/small-services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

const TRIM: RepairStep = { type: 'trim', table: 'Tags', column: 'tag' };
const MERGE: RepairStep = { type: 'merge_subscribers', keep: 'first' };

async function opened() {
  const small = smallServices();
  const workbench = new Workbench(small.services, NOTHING_KEPT);
  await workbench.openFile(fileNamed('mine'));
  await settled();
  small.asked.length = 0;
  return { ...small, workbench };
}

describe('RepairDesk', () => {
  it('joins again with each step, and runs everything that reads the table', async () => {
    const { workbench, asked } = await opened();
    await workbench.repair.add(TRIM);
    await workbench.repair.add(MERGE);
    expect(asked.filter((what) => what.startsWith('ingest'))).toEqual([
      'ingest trim',
      'ingest trim merge_subscribers',
    ]);
    expect(asked.filter((what) => what === 'validate')).toHaveLength(2);
    expect(asked.filter((what) => what.startsWith('prepare'))).toHaveLength(2);
  });

  it('takes one step back and leaves the others', async () => {
    const { workbench } = await opened();
    await workbench.repair.replace([TRIM, MERGE]);
    await workbench.repair.takeBack(0);
    expect(workbench.store.getState().repairSteps).toEqual([MERGE]);
  });

  it('finds the steps of a file again, and those of no other', async () => {
    const { workbench, asked } = await opened();
    await workbench.repair.add(TRIM);
    await workbench.openFile(fileNamed('other'));
    expect(workbench.store.getState().repairSteps).toEqual([]);
    await workbench.openFile(fileNamed('mine'));
    expect(workbench.store.getState().repairSteps).toEqual([TRIM]);
    expect(asked.filter((what) => what.startsWith('ingest'))).toEqual([
      'ingest trim',
      'ingest',
      'ingest trim',
    ]);
  });

  it('says when the steps of a file can no longer be read, until others are done', async () => {
    const { workbench, knobs } = await opened();
    knobs.repairSteps = { fileName: 'mine', steps: null };
    await workbench.openFile(fileNamed('other'));
    expect(workbench.store.getState().repairFailure).toBeNull();
    await workbench.openFile(fileNamed('mine'));
    expect(workbench.store.getState()).toMatchObject({
      repairSteps: [],
      repairFailure: { code: 'kept_steps_unreadable' },
    });
    await workbench.repair.add(TRIM);
    expect(workbench.store.getState()).toMatchObject({ repairSteps: [TRIM], repairFailure: null });
  });

  it('looks at everybody again when a check that was looked at may find other rows', async () => {
    const { workbench, address } = await opened();
    const country = { dimension: 'country', levels: ['us'] } as const;
    await workbench.explore.look({ filters: [country, { dimension: 'failing_check', levels: ['tags 3'] }] });
    await workbench.repair.add(TRIM);
    expect(workbench.store.getState().view.filters).toEqual([country]);
    expect(address.text).toBe('country=us');
  });

  it('does nothing while nothing is open', async () => {
    const { services, asked } = smallServices();
    const workbench = new Workbench(services, NOTHING_KEPT);
    await workbench.repair.add(TRIM);
    expect(asked).toEqual([]);
  });
});
