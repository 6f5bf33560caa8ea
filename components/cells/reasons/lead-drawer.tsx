'use client';

import { Drawer, Stack, Text } from '@mantine/core';
import type { LeadRow } from '@/lib/scoring/lead-query';
import { TierBadge } from '../tier-badge';
import { LeadReasons } from './lead-reasons';

interface Props {
  /** Null while no lead is opened. */
  readonly lead: LeadRow | null;
  readonly onClose: () => void;
}

/** One lead, opened from its row: why the score is as it is. Escape closes it, and the focus goes back to the row. */
export function LeadDrawer({ lead, onClose }: Props) {
  return (
    <Drawer
      opened={lead !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={lead === null ? '' : titleOf(lead)}
      closeButtonProps={{ 'aria-label': 'Close the lead' }}
    >
      {lead && (
        <Stack gap="md">
          <Text size="sm" className="tabular">
            Score {lead.score.toFixed(4)}, percentile {lead.percentile.toFixed(2)}, tier{' '}
            <TierBadge tier={lead.tier} />
          </Text>
          <LeadReasons key={lead.row} row={lead.row} />
        </Stack>
      )}
    </Drawer>
  );
}

function titleOf({ user_full_name: name, user_email: email, mailchimp_id: id }: LeadRow): string {
  if (name !== '') return name;
  return email === '' ? `Lead ${id}` : email;
}
