'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import type { Tier } from '@/lib/scoring/model-metadata';
import type { ScoredChange, TierChanges } from '@/lib/scoring/what-if/tier-changes';
import { DataTable } from '../../data-table';
import { countText } from '../../format';
import { useWorkbench } from '../../workbench/use-workbench';
import { Answer } from './answer';
import { useAsked } from './use-asked';

/** What would change a lead's tier, among what can change. */
export function LeadTierChanges({ row, tier }: { readonly row: number; readonly tier: Tier }) {
  const workbench = useWorkbench();
  const asked = useAsked(
    'What would change the tier',
    useCallback(() => workbench.reasons.tierChanges(row), [workbench, row]),
  );
  return (
    <Answer asked={asked} what="what would change the tier">
      {(changes) => (
        <>
          <Text size="sm">{sentence(changes, tier)}</Text>
          <ChangeTable label="To a better tier" changes={changes.better} />
          <ChangeTable label="To a worse tier" changes={changes.worse} />
          <Text size="xs" c="dimmed">
            {countText(changes.nScored)} changes of member rating and tags were scored with the model itself:
            one, a rating and a tag, or two more tags. Country and opt-in date are never changed. A model says
            what goes together, not what makes somebody buy.
          </Text>
        </>
      )}
    </Answer>
  );
}

function sentence({ better, best, nScored }: TierChanges, tier: Tier): string {
  const [first] = better;
  if (tier === 'A') return 'This lead is in the best tier.';
  if (first !== undefined)
    return `${first.words.join(' and ')} would make it tier ${first.tier}, at ${scoreText(first)}.`;
  if (best === null) return 'Nothing of this lead that the model knows can change.';
  return `None of ${countText(nScored)} changes reaches a better tier; the best, ${best.words.join(' and ')}, gives ${scoreText(best)}.`;
}

function ChangeTable({
  label,
  changes,
}: {
  readonly label: string;
  readonly changes: readonly ScoredChange[];
}) {
  if (changes.length === 0) return null;
  return (
    <DataTable
      label={label}
      columns={[
        { key: 'change', label },
        { key: 'score', label: 'Score', align: 'right' },
        { key: 'tier', label: 'Tier', align: 'right' },
      ]}
      rows={changes.map((each) => ({
        change: each.words.join(' and '),
        score: scoreText(each),
        tier: each.tier,
      }))}
    />
  );
}

function scoreText({ score }: ScoredChange): string {
  return score.toFixed(4);
}
