import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import { failureOf, fileNamed, kinds, smallServices } from '@/lib/testing/small-services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

const US: readonly RowFilter[] = [{ dimension: 'country', levels: ['us'] }];

describe('ExploreDesk', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  const state = () => workbench.store.getState();

  beforeEach(async () => {
    parts = smallServices();
    workbench = new Workbench(parts.services, NOTHING_KEPT);
    await workbench.start();
    parts.asked.length = 0;
  });

  it('shows every figure of the exploration anew under a filter, and nothing else', async () => {
    await workbench.explore.look({ filters: US });
    expect(parts.asked.toSorted()).toEqual([
      'drift dates country=us',
      'filtered',
      'interaction tag_count member_rating country=us',
      'ranking country=us',
      'rating country=us',
      'segments country country=us',
      'tags country=us',
    ]);
    expect(state().filtered).toEqual({ n: 1, buyers: 1, nAll: 5 });
    expect(kinds(state())).toMatchObject({ pareto: 'done', features: 'done' });
    await workbench.explore.look({ filters: [] });
    expect(state().filtered).toBeNull();
  });

  it('asks only for what another dimension or pair changes', async () => {
    await workbench.explore.look({ dimension: 'tag' });
    await workbench.explore.look({ pair: { along: 'country', up: 'tag_count' } });
    expect(parts.asked).toEqual(['segments tag', 'interaction country tag_count']);
  });

  it('compares other opt-in days without asking anything else', async () => {
    const day = { from: 18_000, to: 18_000 };
    await workbench.explore.look({ driftRanges: { reference: day, current: { from: 18_001, to: 18_002 } } });
    await workbench.explore.look({ driftColumn: 'country_code' });
    expect(parts.asked).toEqual(['drift dates']);
    expect(parts.address.text).toContain('drift=country_code');
  });

  it('compares with a second file, says why one cannot be read, and goes back to dates', async () => {
    await workbench.explore.compareWith(fileNamed('new.sqlite'));
    expect(state()).toMatchObject({ compared: { fileName: 'new.sqlite' }, drift: { by: 'file' } });
    parts.knobs.badFiles.add('bad.txt');
    await workbench.explore.compareWith(fileNamed('bad.txt'));
    expect(state()).toMatchObject({
      compared: { fileName: 'new.sqlite' },
      comparedFailure: { code: 'not_a_database' },
    });
    await workbench.explore.compareWith(null);
    expect(state()).toMatchObject({ compared: null, comparedFailure: null, drift: { by: 'dates' } });
    expect(parts.asked).toEqual([
      'compare with new.sqlite',
      'drift file',
      'compare with nothing',
      'drift dates',
    ]);
  });

  it('forgets the second file when another one is opened', async () => {
    await workbench.explore.compareWith(fileNamed('new.sqlite'));
    await workbench.openFile(fileNamed('other'));
    expect(state()).toMatchObject({ compared: null, drift: { by: 'dates' } });
  });

  it('asks for the SQL of a figure under the filters as they are', async () => {
    await workbench.explore.look({ filters: US });
    expect(await workbench.explore.figureSql({ kind: 'rating' })).toBe('SELECT 1;');
    expect(parts.asked.at(-1)).toBe('figureSql rating country=us');
  });

  it('writes each step into the address, and Back takes it away', async () => {
    await workbench.explore.look({ filters: US });
    await workbench.explore.look({ filters: US });
    expect(parts.address).toMatchObject({ text: 'country=us', history: [''] });
    parts.address.text = parts.address.history.pop() ?? '';
    parts.address.tell();
    await expect.poll(() => state().filtered).toBeNull();
    expect(state().view.filters).toEqual([]);
  });

  it('opens with what the address says, and knows a tag that the file lacks', async () => {
    parts.address.text = 'country=us&by=product&along=tag_gone';
    const opened = new Workbench(parts.services, NOTHING_KEPT);
    await opened.start();
    expect(parts.asked).toContain('segments product country=us');
    expect(parts.asked).toContain('filtered');
    expect(parts.asked).toContain('interaction country member_rating country=us');
  });

  it('drops what an older filter brings late, and says so where a figure fails', async () => {
    const { segments } = parts.services.crm;
    let answerLate: () => void = () => undefined;
    parts.services.crm.segments = async (dimension, filters) => {
      if (filters.length > 0) {
        await new Promise<void>((resolve) => {
          answerLate = resolve;
        });
      }
      return segments(dimension, filters);
    };
    const older = workbench.explore.look({ filters: US });
    await vi.waitFor(() => expect(parts.asked).toContain('rating country=us'));
    await workbench.explore.look({ filters: [] });
    answerLate();
    await older;
    expect(state().segments).toMatchObject({ filterText: '' });

    parts.services.crm.segments = segments;
    parts.services.crm.tags = () => Promise.reject(failureOf('out_of_memory'));
    await workbench.explore.look({ filters: [{ dimension: 'country', levels: ['de'] }] });
    expect(state().statuses.tags).toMatchObject({ kind: 'failed', failure: { code: 'out_of_memory' } });
  });
});
