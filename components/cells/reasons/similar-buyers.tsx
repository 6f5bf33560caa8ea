'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import { formatDay } from '@/lib/core/day';
import { DataTable } from '../../data-table';
import { useWorkbench } from '../../workbench/use-workbench';
import { Answer } from './answer';
import { useAsked } from './use-asked';

const N_BUYERS = 5;

/** Past buyers whom the model scores for the same reasons. */
export function SimilarBuyers({ row }: { readonly row: number }) {
  const workbench = useWorkbench();
  const asked = useAsked(
    'Similar buyers',
    useCallback(() => workbench.reasons.similarBuyers(row, N_BUYERS), [workbench, row]),
  );
  return (
    <Answer asked={asked} what="similar buyers">
      {(buyers) => (
        <>
          {buyers.length === 0 && <Text size="sm">Nobody else on the list has bought.</Text>}
          <DataTable
            label="Most similar buyers"
            columns={[
              { key: 'name', label: 'Buyer' },
              { key: 'distance', label: 'Distance', align: 'right' },
              { key: 'score', label: 'Score', align: 'right' },
              { key: 'rating', label: 'Rating', align: 'right' },
              { key: 'country', label: 'Country' },
              { key: 'tags', label: 'Tags', align: 'right' },
              { key: 'optin', label: 'Opt-in' },
            ]}
            rows={buyers.map((buyer) => ({
              name: buyer.name === '' ? '–' : buyer.name,
              distance: buyer.distance.toFixed(2),
              score: buyer.score.toFixed(4),
              rating: Number.isNaN(buyer.memberRating) ? '–' : buyer.memberRating,
              country: buyer.countryCode === '' ? '–' : buyer.countryCode,
              tags: buyer.tagCount,
              optin: formatDay(buyer.optinDay) || '–',
            }))}
          />
          <Text size="xs" c="dimmed">
            Similar means scored for the same reasons: the distance is Euclidean, in log-odds, between the
            parts that each thing known of both has in their scores. At 0 the model cannot tell them apart.
            All buyers of the list but the lead are looked at.
          </Text>
        </>
      )}
    </Answer>
  );
}
