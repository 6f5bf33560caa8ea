import type { DemoList } from '@/lib/demo/testing/demo-list';
import type { RowFilter } from '@/lib/explore/segments/row-filter';

/** Asks the exploration how many pass filters. */
export type Filtered = (filters: readonly RowFilter[]) => { readonly n: number; readonly buyers: number };

/** A figure of the profile, what the generator planted, and what the exploration says. */
export interface ProfileFigure {
  readonly figure: string;
  readonly profile: number;
  /** Counted in the file by the generator's own tests. */
  readonly planted: number;
  /** Null where it says nothing. */
  readonly says: number | null;
  /** Largest distance of what it says from the profile. */
  readonly bound: number;
}

/** Whether the exploration says what was planted, and that is what the profile has. */
export function isRebuilt({ profile, planted, says, bound }: ProfileFigure): boolean {
  if (says === null) return false;
  const isPlanted = Math.abs(says - planted) <= 1e-9 * Math.max(1, Math.abs(planted));
  return isPlanted && Math.abs(says - profile) <= bound + 1e-9;
}

/** Size of a group and the buyers in it. */
interface Counted {
  readonly n: number;
  readonly buyers: number;
}

/** Size and buyers of a group: counts within 5 %, or within 3 where they are small, as the generator holds them. */
export function groupFigures(
  figure: string,
  profile: { readonly n?: number; readonly buyers?: number },
  counts: {
    readonly planted: Counted;
    readonly says: Counted | null | undefined;
    readonly plusMinus?: number;
  },
): ProfileFigure[] {
  const { planted, says, plusMinus = 0 } = counts;
  const bound = (target: number) => Math.max(plusMinus, target < 60 ? 3 : 0.05 * target);
  return (['n', 'buyers'] as const).flatMap((key) => {
    const target = profile[key];
    return target === undefined
      ? []
      : [
          {
            figure: `${figure}: ${key === 'n' ? 'subscribers' : 'buyers'}`,
            profile: target,
            planted: planted[key],
            says: says?.[key] ?? null,
            bound: bound(target),
          },
        ];
  });
}

/** Count the rows of a generated list that a condition holds for. */
export function plantedCounts(list: DemoList, holds: (row: number) => boolean): Counted {
  let [n, buyers] = [0, 0];
  for (let row = 0; row < list.n; row++) {
    if (!holds(row)) continue;
    n += 1;
    buyers += list.buyers[row]!;
  }
  return { n, buyers };
}
