import { describe, expect, it } from 'vitest';
import { MAX_PINNED, NO_PICKS, type PickMessage, picksAfter, type TrialPicks } from './cockpit-picks';

const picks = (selected: readonly number[], pinned: readonly number[] = []): TrialPicks => ({
  selected: new Set(selected),
  pinned,
});
const played = (start: TrialPicks, ...messages: readonly PickMessage[]) => messages.reduce(picksAfter, start);
const picked = (numbers: readonly number[], isAdded = false): PickMessage => ({
  type: 'picked',
  numbers,
  isAdded,
});

describe('picksAfter', () => {
  it('selects what was picked instead of what was selected', () => {
    expect(played(picks([1, 2]), picked([3]))).toEqual(picks([3]));
  });

  it('adds with shift, and takes back what is selected already', () => {
    expect(played(picks([1, 2]), picked([2, 3], true))).toEqual(picks([1, 2, 3]));
    expect(played(picks([1, 2, 3]), picked([1, 3], true))).toEqual(picks([2]));
  });

  it('undoes a click by the same click', () => {
    expect(played(picks([3]), picked([3]))).toEqual(NO_PICKS);
    expect(played(picks([3, 4]), picked([3]))).toEqual(picks([3]));
  });

  it('clears by drawing around nothing', () => {
    expect(played(picks([3, 4]), picked([]))).toEqual(NO_PICKS);
    expect(played(picks([3, 4]), picked([], true))).toEqual(picks([3, 4]));
  });

  it('ticks and unticks one trial', () => {
    expect(played(picks([1]), { type: 'ticked', number: 2 })).toEqual(picks([1, 2]));
    expect(played(picks([1, 2]), { type: 'ticked', number: 1 })).toEqual(picks([2]));
  });

  it('pins and unpins in the order of pinning, apart from the selection', () => {
    const pin = (number: number): PickMessage => ({ type: 'pin_toggled', number });
    expect(played(picks([1]), pin(9), pin(4), pin(7), pin(4))).toEqual(picks([1], [9, 7]));
  });

  it('pins no more than there is room for', () => {
    const full = Array.from({ length: MAX_PINNED }, (_, i) => i + 1);
    expect(played(picks([], full), { type: 'pin_toggled', number: 99 })).toEqual(picks([], full));
    // 10 is pinned already, and there is room for two.
    expect(played(picks([30, 20, 10], full.slice(2)), { type: 'selection_pinned' })).toEqual(
      picks([30, 20, 10], [...full.slice(2), 20, 30]),
    );
  });

  it('keeps the very picks when nothing changes, so that nothing is drawn again', () => {
    const start = picks([], [5]);
    expect(played(start, { type: 'selection_cleared' })).toBe(start);
    expect(played(start, { type: 'selection_pinned' })).toBe(start);
  });

  it('leaves what it was given as it was', () => {
    const start = Object.freeze(picks([1], [2]));
    played(start, picked([3], true), { type: 'pins_cleared' });
    expect(start).toEqual(picks([1], [2]));
  });
});
