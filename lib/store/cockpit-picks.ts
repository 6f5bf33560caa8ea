import { assertNever } from '@/lib/core/result';

/** Most trials that can be pinned: the table keeps them in view, above all others. */
export const MAX_PINNED = 12;

/** The trials that someone picked out, the same in the table and in every figure. By trial number. */
export interface TrialPicks {
  readonly selected: ReadonlySet<number>;
  /** In the order they were pinned. */
  readonly pinned: readonly number[];
}

/** Nothing picked. */
export const NO_PICKS: TrialPicks = { selected: new Set(), pinned: [] };

/** What can happen to the picks. */
export type PickMessage =
  /** Trials were clicked or drawn around; with `isAdded` they join those that are selected. */
  | { readonly type: 'picked'; readonly numbers: readonly number[]; readonly isAdded: boolean }
  /** A trial's box was ticked or unticked. */
  | { readonly type: 'ticked'; readonly number: number }
  | { readonly type: 'pin_toggled'; readonly number: number }
  | { readonly type: 'selection_cleared' }
  | { readonly type: 'pins_cleared' }
  /** Every selected trial is pinned, as far as there is room. */
  | { readonly type: 'selection_pinned' };

/**
 * Give the picks after a message. Picking exactly what is selected takes it back, so that a second click undoes the first.
 * A pin too many changes nothing.
 */
export function picksAfter(picks: TrialPicks, message: PickMessage): TrialPicks {
  const { selected, pinned } = picks;
  switch (message.type) {
    case 'picked':
      return { ...picks, selected: selectionAfter(selected, message) };
    case 'ticked':
      return { ...picks, selected: selectionAfter(selected, { numbers: [message.number], isAdded: true }) };
    case 'pin_toggled':
      if (pinned.includes(message.number)) {
        return { ...picks, pinned: pinned.filter((number) => number !== message.number) };
      }
      return withPins(picks, [message.number]);
    case 'selection_cleared':
      return selected.size === 0 ? picks : { ...picks, selected: NO_PICKS.selected };
    case 'pins_cleared':
      return { ...picks, pinned: [] };
    case 'selection_pinned':
      return withPins(
        picks,
        [...selected].sort((a, b) => a - b),
      );
    default:
      return assertNever(message);
  }
}

function selectionAfter(
  selected: ReadonlySet<number>,
  { numbers, isAdded }: { readonly numbers: readonly number[]; readonly isAdded: boolean },
): ReadonlySet<number> {
  const areAllSelected = numbers.every((number) => selected.has(number));
  if (!isAdded) {
    return areAllSelected && numbers.length === selected.size ? NO_PICKS.selected : new Set(numbers);
  }
  const taken = new Set(numbers);
  if (areAllSelected) return new Set([...selected].filter((number) => !taken.has(number)));
  return new Set([...selected, ...numbers]);
}

function withPins(picks: TrialPicks, numbers: readonly number[]): TrialPicks {
  const added = numbers.filter((number) => !picks.pinned.includes(number));
  const pinned = [...picks.pinned, ...added].slice(0, MAX_PINNED);
  return pinned.length === picks.pinned.length ? picks : { ...picks, pinned };
}
