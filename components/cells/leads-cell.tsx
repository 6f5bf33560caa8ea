'use client';

import { Button, Chip, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { type LeadRow, MISSING_COUNTRY } from '@/lib/scoring/lead-query';
import type { Tier } from '@/lib/scoring/model-metadata';
import { countText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useCsvDownload } from '../workbench/use-csv-download';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { LeadTable } from './lead-table';
import { LeadDrawer } from './reasons/lead-drawer';

const TIERS: readonly Tier[] = ['A', 'B', 'C', 'D'];

const DEFINITION = `Every subscriber once, best score first; subscribers of equal score in the order of the file.
Search looks in name, e-mail address and id. The download is safe to open in a spreadsheet: texts that could be
formulas get a leading apostrophe, numbers stay numbers. A name opens the lead's reasons: exact Shapley values of the trees
(TreeSHAP), summed over what is known of a lead, each with the subscribers who share it and how many of them bought.`;

/** The lead list: sort, filter, search and download. */
export function LeadsCell() {
  const workbench = useWorkbench();
  const leads = useWorkbenchState((state) => state.leads);
  const nScored = useWorkbenchState((state) => state.scores?.nScored ?? 0);
  const all = useCsvDownload(() => workbench.leadsCsv('all'), 'scored_leads.csv');
  const chosen = useCsvDownload(() => workbench.leadsCsv('query'), 'scored_leads_filtered.csv');
  const [opened, setOpened] = useState<LeadRow | null>(null);
  const isFiltered = leads !== null && leads.nLeads !== nScored;
  return (
    <Cell
      id="leads"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={
        <>
          {isFiltered && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
              loading={chosen.isBusy}
              onClick={chosen.start}
            >
              These {countText(leads.nLeads)}
            </Button>
          )}
          <Button
            size="compact-xs"
            leftSection={<IconDownload size={14} />}
            disabled={!leads}
            loading={all.isBusy}
            onClick={all.start}
          >
            scored_leads.csv
          </Button>
        </>
      }
    >
      {all.failure}
      {chosen.failure}
      {leads ? (
        <>
          <LeadFilters />
          <Text size="xs" c="dimmed" className="tabular" mb={6} role="status">
            {countText(leads.nLeads)} of {countText(nScored)} subscribers
          </Text>
          <LeadTable leads={leads} onOpen={setOpened} />
          <LeadDrawer lead={opened} onClose={() => setOpened(null)} />
        </>
      ) : (
        <EmptyOutput id="leads" />
      )}
    </Cell>
  );
}

function LeadFilters() {
  const workbench = useWorkbench();
  const query = useWorkbenchState((state) => state.leads?.query);
  const countryCodes = useWorkbenchState((state) => state.leads?.countryCodes);
  const search = useDebouncedCallback((text: string) => void workbench.queryLeads({ search: text }), 200);
  if (!query || !countryCodes) return null;
  return (
    <Group mb="xs" gap="sm" align="flex-end">
      <TextInput
        label="Search"
        placeholder="Name, e-mail or id"
        leftSection={<IconSearch size={14} />}
        defaultValue={query.search}
        onChange={(event) => search(event.currentTarget.value)}
        w={200}
      />
      <Select
        label="Country"
        data={[
          { value: '', label: 'All' },
          { value: MISSING_COUNTRY, label: 'missing' },
          ...countryCodes.map((code) => ({ value: code, label: code })),
        ]}
        value={query.countryCode}
        onChange={(countryCode) => void workbench.queryLeads({ countryCode: countryCode ?? '' })}
        searchable
        w={120}
      />
      <Select
        label="Bought"
        data={[
          { value: 'all', label: 'All' },
          { value: 'not_yet', label: 'Not yet' },
          { value: 'buyers', label: 'Buyers' },
        ]}
        value={query.buyers}
        onChange={(buyers) =>
          void workbench.queryLeads({ buyers: buyers === 'buyers' || buyers === 'not_yet' ? buyers : 'all' })
        }
        allowDeselect={false}
        w={110}
      />
      <div>
        <Text size="xs" fw={500} mb={4} id="tiers-label">
          Tiers
        </Text>
        <Chip.Group
          multiple
          value={[...query.tiers]}
          onChange={(tiers) =>
            void workbench.queryLeads({ tiers: TIERS.filter((tier) => tiers.includes(tier)) })
          }
        >
          <Group gap={4} role="group" aria-labelledby="tiers-label">
            {TIERS.map((tier) => (
              <Chip key={tier} value={tier} size="xs">
                {tier}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
    </Group>
  );
}
