import { Badge } from '@mantine/core';
import type { Tier } from '@/lib/scoring/model-metadata';

const TIER_COLORS = { A: 'teal', B: 'ink', C: 'gray', D: 'gray' } as const;

/** A tier as a badge; the letter carries the meaning, the colour only helps. */
export function TierBadge({ tier }: { readonly tier: Tier }) {
  return (
    <Badge size="xs" color={TIER_COLORS[tier]} variant={tier === 'A' ? 'filled' : 'light'}>
      {tier}
    </Badge>
  );
}
