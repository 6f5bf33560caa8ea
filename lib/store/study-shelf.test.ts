import { beforeEach, describe, expect, it } from 'vitest';
import { digestNamed, failureOf, settled, smallServices } from '@/lib/testing/small-services';
import { created, ended, numbered, StudyTeller, started } from '@/lib/testing/told-study';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import { type StudySummary, studySummary } from '@/lib/tuning/study/study-summary';
import { listedStudies } from './listed-studies';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

/** The line of a study with so many trials done. */
function listed(studyId: string, nDone: number, config: Partial<StudyConfig> = {}): StudySummary {
  const trials = Array.from({ length: nDone }, (_, i) => [started(i + 1), ended(i + 1)]).flat();
  const state = numbered([created(config, studyId), ...trials]).reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('expected a study');
  return studySummary(state);
}

describe('the studies of the server', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  const state = () => workbench.store.getState();
  const teller = (studyId: string) => new StudyTeller(() => parts.study.listeners.get(studyId));
  const nAsked = () => parts.asked.filter((what) => what === 'studies').length;

  beforeEach(async () => {
    parts = smallServices();
    parts.knobs.listing = {
      studies: [
        listed('study-1', 0),
        listed('study-2', 1),
        listed('study-3', 2),
        listed('study-far', 1, { datasetDigest: digestNamed('elsewhere') }),
        listed('study-other', 1, { featureSpecDigest: digestNamed('other') }),
      ],
      unreadable: [],
    };
    workbench = new Workbench(parts.services, NOTHING_KEPT);
    await workbench.start();
    await workbench.launchStudy();
    teller('study-1').tell(created());
  });

  it('are not asked for before somebody looks', () => {
    expect(nAsked()).toBe(0);
    expect(state().studies).toEqual({ listing: null, isLoading: false, failure: null });
  });

  it('are asked for again when the study that is followed changes its state, not at every trial', async () => {
    await workbench.studies.shelf.refresh();
    expect(state().studies).toEqual({ listing: parts.knobs.listing, isLoading: false, failure: null });
    const study = new StudyTeller(() => parts.study.listeners.get('study-1'), 1);
    study.tell(started(1), ended(1));
    await settled();
    expect(nAsked()).toBe(1);
    study.tell({ type: 'study_pause_requested' });
    await settled();
    expect(nAsked()).toBe(2);
  });

  it('are asked for once more, not as often as something changed, while an answer is under way', async () => {
    await Promise.all([1, 2, 3, 4].map(() => workbench.studies.shelf.refresh()));
    await settled();
    expect(nAsked()).toBe(2);
  });

  it('keep the list that was there when a later one does not come', async () => {
    await workbench.studies.shelf.refresh();
    parts.services.training.studies = () => Promise.reject(failureOf('server_unreachable'));
    await workbench.studies.shelf.refresh();
    expect(state().studies).toMatchObject({
      listing: parts.knobs.listing,
      isLoading: false,
      failure: { code: 'server_unreachable' },
    });
  });

  it('open one of this data in the place of the one before', async () => {
    await workbench.studies.shelf.refresh();
    workbench.studies.open('study-3');
    expect(parts.study.nLeft).toBe(1);
    expect(state()).toMatchObject({ study: null, viewed: null, model: null });
    teller('study-3').tell(created({ seed: 5 }, 'study-3'));
    expect(state().study?.state).toMatchObject({ studyId: 'study-3', config: { seed: 5 } });
  });

  it('do nothing when the one that is followed is opened', async () => {
    await workbench.studies.shelf.refresh();
    workbench.studies.open('study-1');
    expect(parts.study.nLeft).toBe(0);
  });

  it('show one of other data beside the page’s own, and say why it cannot score here', async () => {
    await workbench.studies.shelf.refresh();
    workbench.studies.open('study-far');
    teller('study-far').tell(created({ datasetDigest: digestNamed('elsewhere') }, 'study-far'));
    expect(state().study?.state.studyId).toBe('study-1');
    expect(state().viewed).toMatchObject({
      studyId: 'study-far',
      study: { state: { studyId: 'study-far' } },
      reason: 'It was trained on another matrix: another file, seed of the split or share of sales.',
    });
    await workbench.studies.stop();
    expect(parts.asked).toContain('stop study-far');
    workbench.studies.open('study-other');
    expect(state().viewed).toMatchObject({
      studyId: 'study-other',
      reason: 'It was trained on other features.',
    });
    workbench.studies.shelf.putBack();
    expect(state().viewed).toBeNull();
    expect(parts.study.nLeft).toBe(2);
  });

  it('do not disturb the cells below when another one is looked at', async () => {
    await workbench.studies.shelf.refresh();
    const before = state().statuses;
    workbench.studies.open('study-far');
    teller('study-far').tell(created({}, 'study-far'), started(1), ended(1), {
      type: 'tuning_ended',
      reason: 'completed',
      message: null,
    });
    expect(state().statuses).toEqual(before);
  });

  it('are compared as they stand, in the order asked for, each left when it is read to the time listed', async () => {
    await workbench.studies.shelf.refresh();
    const compared = workbench.compareStudies(['study-3', 'study-1', 'study-2']);
    const third = teller('study-3');
    third.tell(created({}, 'study-3'), started(1), ended(1));
    await settled();
    expect(state().comparedStudies).toEqual([]);
    third.tell(started(2), ended(2));
    await settled();
    teller('study-2').tell(created({}, 'study-2'), started(1), ended(1));
    await compared;
    expect(state().comparedStudies.map(({ studyId }) => studyId)).toEqual(['study-3', 'study-1', 'study-2']);
    expect(state().comparedStudies[1]).toBe(state().study?.state);
    expect(parts.study.nLeft).toBe(2);
    await workbench.compareStudies([]);
    expect(state().comparedStudies).toEqual([]);
  });

  it('compare what was ticked last, however long an older reading takes', async () => {
    await workbench.studies.shelf.refresh();
    void workbench.compareStudies(['study-2', 'study-1']);
    await workbench.compareStudies([]);
    expect(parts.study.nLeft).toBe(1);
    teller('study-2').tell(created({}, 'study-2'), started(1), ended(1));
    await settled();
    expect(state().comparedStudies).toEqual([]);
  });

  it('begin to read nothing more for an older comparison', async () => {
    await workbench.studies.shelf.refresh();
    void workbench.compareStudies(['study-1', 'study-2']);
    await workbench.compareStudies([]);
    await settled();
    expect(parts.study.listeners.has('study-2')).toBe(false);
  });

  it('say so when one cannot be read for comparison', async () => {
    await workbench.studies.shelf.refresh();
    const compared = workbench.compareStudies(['study-1', 'study-2']);
    await settled();
    parts.study.listeners.get('study-2')?.onBroken(failureOf('study_unknown'));
    await compared;
    expect(state().studies.failure).toMatchObject({ code: 'study_unknown' });
    await workbench.compareStudies(['study-1', 'study-gone']);
    expect(state().studies.failure).toMatchObject({ code: 'study_unlisted' });
  });
});

describe('listedStudies', () => {
  const listing = { studies: [listed('study-1', 0), listed('study-2', 1)], unreadable: [] };
  const followed = (studyId: string, nDone: number, config: Partial<StudyConfig> = {}) => {
    const trials = Array.from({ length: nDone }, (_, i) => [started(i + 1), ended(i + 1)]).flat();
    const folded = numbered([created(config, studyId), ...trials]).reduce<StudyState | null>(
      studyAfter,
      null,
    );
    if (folded === null) throw new Error('expected a study');
    return {
      state: folded,
      activity: { kind: 'running', problem: null },
      connection: 'live',
      liveReports: new Map(),
    } as const;
  };

  it('is the list where nothing is followed', () => {
    expect(listedStudies(listing, [null, null])).toEqual(listing.studies);
  });

  it('puts what is followed in the place of an older line', () => {
    const lines = listedStudies(listing, [followed('study-1', 2), null]);
    expect(lines.map(({ studyId, nComplete }) => [studyId, nComplete])).toEqual([
      ['study-1', 2],
      ['study-2', 1],
    ]);
  });

  it('keeps the line of a study of which the page has seen less', () => {
    expect(listedStudies(listing, [followed('study-2', 0)])).toEqual(listing.studies);
  });

  it('adds a study that is not on the list yet', () => {
    expect(listedStudies(listing, [followed('study-new', 0)]).map(({ studyId }) => studyId)).toContain(
      'study-new',
    );
  });
});
