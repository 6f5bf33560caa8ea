'use client';

import { Button, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import type { LeadRow } from '@/lib/scoring/lead-query';
import { tierOf } from '@/lib/scoring/tiers';
import type { LeadChange } from '@/lib/scoring/what-if/lead-variants';
import type { LeadFields } from '@/lib/workers/reasons-api';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { TierBadge } from '../tier-badge';
import { Answer } from './answer';
import { ReasonLists } from './lead-reasons';
import { useAsked } from './use-asked';

const NONE = 'none';
const RATINGS = ['1', '2', '3', '4', '5'] as const;

/** Values of a lead to be changed: score, tier and reasons answer at once. */
export function LeadWhatIf({ lead }: { readonly lead: LeadRow }) {
  const workbench = useWorkbench();
  const { row } = lead;
  const asked = useAsked(
    'What if',
    useCallback(() => workbench.reasons.leadFields(row), [workbench, row]),
  );
  return (
    <Answer asked={asked} what="the lead's values">
      {(fields) => <WhatIfEditor lead={lead} fields={fields} />}
    </Answer>
  );
}

function WhatIfEditor({ lead, fields }: { readonly lead: LeadRow; readonly fields: LeadFields }) {
  const [edited, setEdited] = useState(fields);
  const [optin, setOptin] = useState(formatDay(fields.optinDay));
  const isDay = optin === '' || parseDay(optin) !== MISSING_DAY;
  const change = useMemo(
    () => changeOf(fields, { ...edited, optinDay: isDay ? parseDay(optin) : edited.optinDay }),
    [fields, edited, optin, isDay],
  );
  const set = (to: Partial<LeadFields>) => setEdited({ ...edited, ...to });
  return (
    <Stack gap="sm">
      <Group grow gap="sm" align="flex-start">
        <Select
          label="Member rating"
          data={[{ value: NONE, label: 'none' }, ...RATINGS]}
          value={Number.isNaN(edited.memberRating) ? NONE : String(edited.memberRating)}
          onChange={(value) => set({ memberRating: value === NONE ? Number.NaN : Number(value) })}
          allowDeselect={false}
        />
        <Select
          label="Country"
          data={[{ value: NONE, label: 'none' }, ...fields.countryCodes]}
          value={edited.countryCode === '' ? NONE : edited.countryCode}
          onChange={(value) => set({ countryCode: value === NONE || value === null ? '' : value })}
          allowDeselect={false}
          searchable
        />
        <TextInput
          label="Opt-in"
          placeholder="YYYY-MM-DD"
          value={optin}
          error={isDay ? null : 'Not a date as YYYY-MM-DD'}
          onChange={(event) => setOptin(event.currentTarget.value)}
        />
      </Group>
      <MultiSelect
        label="Tags"
        data={[...fields.allTags]}
        value={[...edited.tags]}
        onChange={(tags) => set({ tags })}
        searchable
        clearable
        maxDropdownHeight={220}
      />
      <Group>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            setEdited(fields);
            setOptin(formatDay(fields.optinDay));
          }}
        >
          As it is
        </Button>
      </Group>
      <WhatIfAnswer lead={lead} change={change} />
    </Stack>
  );
}

function WhatIfAnswer({ lead, change }: { readonly lead: LeadRow; readonly change: LeadChange }) {
  const workbench = useWorkbench();
  const cutoffs = useWorkbenchState((state) => state.model?.metadata.tier_cutoffs);
  const { row } = lead;
  const asked = useAsked(
    'What if',
    useCallback(() => workbench.reasons.whatIf(row, change), [workbench, row, change]),
  );
  return (
    <Answer asked={asked} what="the score">
      {({ score, explanation }) => (
        <>
          <Text size="sm" role="status" className="tabular" component="div">
            Score {score.toFixed(4)} instead of {lead.score.toFixed(4)}, tier{' '}
            {cutoffs && <TierBadge tier={tierOf(score, cutoffs)} />} instead of <TierBadge tier={lead.tier} />
          </Text>
          <ReasonLists explanation={explanation} />
        </>
      )}
    </Answer>
  );
}

/** What differs from the lead as it is. */
function changeOf(fields: LeadFields, edited: LeadFields): LeadChange {
  return {
    memberRating: edited.memberRating,
    countryCode: edited.countryCode,
    optinDay: edited.optinDay,
    addedTags: edited.tags.filter((tag) => !fields.tags.includes(tag)),
    removedTags: fields.tags.filter((tag) => !edited.tags.includes(tag)),
  };
}
