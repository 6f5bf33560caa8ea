import { Badge } from '@mantine/core';
import type { Tier } from '@/lib/scoring/model-metadata';

/** As in the chart of the scores, where the best tier is orange. */
const TIER_COLORS = { A: 'orange', B: 'ink', C: 'gray', D: 'gray' } as const;

/** A tier as a badge; the letter carries the meaning, the colour only helps. */
export function TierBadge({ tier }: { readonly tier: Tier }) {
  return (
    <Badge size="xs" color={TIER_COLORS[tier]} variant={tier === 'A' ? 'filled' : 'light'}>
      {tier}
    </Badge>
  );
}
