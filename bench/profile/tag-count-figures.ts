import { BUYERS_BY_TAG_COUNT, TAG_COUNT_BY_PURCHASE } from '@/lib/demo/figures/engagement';
import type { DemoList } from '@/lib/demo/testing/demo-list';
import { mean, quantile } from '@/lib/demo/testing/statistics';
import { TAG_COUNT_BINS } from '@/lib/explore/segments/dimensions';
import type { EdaSummary } from '@/lib/explore/summary/summary-schema';
import { groupFigures, type ProfileFigure, plantedCounts } from './group-figures';

/** Tag counts by themselves, and those of buyers beside those of the others. */
export function tagCountFigures(list: DemoList, { tag_count }: EdaSummary): ProfileFigure[] {
  const counts = list.tags.map((tags) => tags.length);
  const ofSide = (label: number) => counts.filter((_, row) => list.buyers[row] === label);
  const bins = TAG_COUNT_BINS.flatMap(({ label, from }, bin) => {
    const to = (TAG_COUNT_BINS[bin + 1]?.from ?? Number.POSITIVE_INFINITY) - 1;
    const parts = BUYERS_BY_TAG_COUNT.filter((part) => part.from >= from && part.to <= to);
    // The profile's groups and these bins must have the same ends.
    if (parts[0]?.from !== from || (Number.isFinite(to) && parts.at(-1)?.to !== to)) return [];
    const sum = (key: 'n' | 'buyers' | 'plusMinus') => parts.reduce((total, part) => total + part[key], 0);
    return groupFigures(
      `tags ${label}`,
      { n: sum('n'), buyers: sum('buyers') },
      {
        planted: plantedCounts(list, (row) => counts[row]! >= from && counts[row]! <= to),
        says: tag_count.rows.find((row) => row.tag_count === label),
        plusMinus: sum('plusMinus'),
      },
    );
  });
  const { nonBuyers, buyers } = TAG_COUNT_BY_PURCHASE;
  const [low, high] = buyers.p90;
  const sides = (
    [
      ['others', 0, { ...nonBuyers, p90: [nonBuyers.p90, nonBuyers.p90] }],
      ['buyers', 1, buyers],
    ] as const
  ).flatMap(([name, label, profile]): ProfileFigure[] => {
    const says = tag_count.by_purchase[label];
    const values = ofSide(label);
    const quantileFigure = (key: 'p10' | 'p50', share: number): ProfileFigure => ({
      figure: `tags of ${name}, ${share * 100} % quantile`,
      profile: profile[key],
      planted: quantile(values, share),
      says: says?.[key] ?? null,
      bound: 0,
    });
    return [
      {
        figure: `tags of ${name}, mean`,
        profile: profile.mean,
        planted: mean(values),
        says: says?.mean ?? null,
        bound: 0.05 * profile.mean,
      },
      quantileFigure('p10', 0.1),
      quantileFigure('p50', 0.5),
      {
        figure: `tags of ${name}, 90 % quantile`,
        profile: (Number(profile.p90[0]) + Number(profile.p90[1])) / 2,
        planted: quantile(values, 0.9),
        says: says?.p90 ?? null,
        bound: label === 1 ? (high - low) / 2 : 0,
      },
    ];
  });
  return [...bins, ...sides];
}
