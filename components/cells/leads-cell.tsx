'use client';

import { Button, Chip, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { LEAD_LIST_COLUMNS } from '@/lib/scoring/export/lead-columns';
import { type LeadQuery, type LeadRow, MISSING_COUNTRY } from '@/lib/scoring/lead-query';
import type { Tier } from '@/lib/scoring/model-metadata';
import { countText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { LeadTable } from './lead-table';
import { LeadExport, useLeadDownload } from './leads/lead-export';
import { SuppressionPanel } from './leads/suppression-panel';
import { LeadDrawer } from './reasons/lead-drawer';

const TIERS: readonly Tier[] = ['A', 'B', 'C', 'D'];

const DEFINITION = `Every subscriber once, best score first; subscribers of equal score in the order of the file.
Search looks in name, e-mail address and id. The download is safe to open in a spreadsheet: texts that could be
formulas get a leading apostrophe, numbers stay numbers. A name opens the lead's reasons: exact Shapley values of the trees
(TreeSHAP), summed over what is known of a lead, each with the subscribers who share it and how many of them bought.`;

/** The lead list: sort, filter, search and download. */
export function LeadsCell() {
  const leads = useWorkbenchState((state) => state.leads);
  const nScored = useWorkbenchState((state) => state.scores?.nScored ?? 0);
  const all = useLeadDownload();
  const chosen = useLeadDownload();
  const [panel, setPanel] = useState<'export' | 'suppression' | null>(null);
  const [opened, setOpened] = useState<LeadRow | null>(null);
  const isFiltered = leads !== null && leads.nLeads !== nScored - leads.nSuppressed;
  return (
    <Cell
      id="leads"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={
        <>
          <PanelButton name="suppression" label="People who opted out" panel={panel} onChange={setPanel} />
          <PanelButton name="export" label="Download as" panel={panel} onChange={setPanel} />
          {isFiltered && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
              loading={chosen.isBusy}
              onClick={() => chosen.start({ format: 'csv', which: 'query', columns: LEAD_LIST_COLUMNS })}
            >
              These {countText(leads.nLeads)}
            </Button>
          )}
          <Button
            size="compact-xs"
            leftSection={<IconDownload size={14} />}
            disabled={!leads}
            loading={all.isBusy}
            onClick={() => all.start({ format: 'csv', which: 'all', columns: LEAD_LIST_COLUMNS })}
          >
            scored_leads.csv
          </Button>
        </>
      }
    >
      {all.failure && <FailureAlert failure={all.failure} />}
      {chosen.failure && <FailureAlert failure={chosen.failure} />}
      {panel === 'suppression' && <SuppressionPanel />}
      {panel === 'export' && <LeadExport />}
      {leads ? (
        <>
          <LeadFilters />
          <Text size="xs" c="dimmed" className="tabular" mb={6} role="status">
            {countText(leads.nLeads)} of {countText(nScored)} subscribers
            {leads.nSuppressed > 0 && `, ${countText(leads.nSuppressed)} opted out`}
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

function PanelButton({
  name,
  label,
  panel,
  onChange,
}: {
  readonly name: 'export' | 'suppression';
  readonly label: string;
  readonly panel: string | null;
  readonly onChange: (panel: 'export' | 'suppression' | null) => void;
}) {
  const isOpen = panel === name;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      aria-expanded={isOpen}
      onClick={() => onChange(isOpen ? null : name)}
    >
      {label}
    </Button>
  );
}

const CONTACTS: readonly { readonly value: LeadQuery['contact']; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'hot', label: 'Hot leads' },
  { value: 'call', label: 'To be called' },
  { value: 'write', label: 'To be written to' },
];

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
      <Select
        label="Contact"
        data={[...CONTACTS]}
        value={query.contact}
        onChange={(value) =>
          void workbench.queryLeads({
            contact: CONTACTS.find((contact) => contact.value === value)?.value ?? 'all',
          })
        }
        allowDeselect={false}
        w={160}
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
