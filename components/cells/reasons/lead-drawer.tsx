'use client';

import { Drawer, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { LeadRow } from '@/lib/scoring/lead-query';
import { TierBadge } from '../tier-badge';
import { LeadReasons } from './lead-reasons';
import { LeadTierChanges } from './lead-tier-changes';
import { LeadWhatIf } from './lead-what-if';
import { SimilarBuyers } from './similar-buyers';

interface Props {
  /** Null while no lead is opened. */
  readonly lead: LeadRow | null;
  readonly onClose: () => void;
}

const VIEWS = [
  { value: 'reasons', label: 'Reasons' },
  { value: 'tier', label: 'Other tier' },
  { value: 'what_if', label: 'What if' },
  { value: 'similar', label: 'Like buyers' },
] as const;
type View = (typeof VIEWS)[number]['value'];

/** One lead, opened from its row: why the score is as it is, and what would change it. Escape closes it, and the focus goes back to the row. */
export function LeadDrawer({ lead, onClose }: Props) {
  const [view, setView] = useState<View>('reasons');
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
          <Text size="sm" className="tabular" component="div">
            Score {lead.score.toFixed(4)}, percentile {lead.percentile.toFixed(2)}, tier{' '}
            <TierBadge tier={lead.tier} />
          </Text>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="What to look at"
            data={[...VIEWS]}
            value={view}
            onChange={(value) => setView(VIEWS.find((each) => each.value === value)?.value ?? 'reasons')}
          />
          {view === 'reasons' && <LeadReasons row={lead.row} />}
          {view === 'tier' && <LeadTierChanges row={lead.row} tier={lead.tier} />}
          {view === 'what_if' && <LeadWhatIf key={lead.row} lead={lead} />}
          {view === 'similar' && <SimilarBuyers row={lead.row} />}
        </Stack>
      )}
    </Drawer>
  );
}

function titleOf({ user_full_name: name, user_email: email, mailchimp_id: id }: LeadRow): string {
  if (name !== '') return name;
  return email === '' ? `Lead ${id}` : email;
}
