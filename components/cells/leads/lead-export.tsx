'use client';

import { Alert, Button, Checkbox, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import { LEAD_LIST_COLUMNS, type LeadListColumn } from '@/lib/scoring/export/lead-columns';
import { LEAD_FILES, LEAD_FORMATS, type LeadFormat } from '@/lib/scoring/export/lead-formats';
import { tierMigrationSentence } from '@/lib/scoring/strategy/tier-migration';
import { failureOf } from '@/lib/store/cell-runs';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

const LABELS: Readonly<Record<LeadFormat, string>> = {
  csv: 'CSV, safe in spreadsheets',
  csv_machine: 'CSV for programs',
  xlsx: 'XLSX',
  parquet: 'Parquet',
  json: 'JSON',
};

/** Download the lead list in a format, with the columns that are wanted, and its manifest. */
export function LeadExport() {
  const leads = useWorkbenchState((state) => state.leads);
  const [format, setFormat] = useState<LeadFormat>('xlsx');
  const [which, setWhich] = useState<'all' | 'query'>('query');
  const [columns, setColumns] = useState<readonly LeadListColumn[]>(LEAD_LIST_COLUMNS);
  const download = useLeadDownload();
  if (leads === null) return null;
  return (
    <Stack gap="sm" mb="sm" component="section" aria-label="Download as">
      <Group gap="sm" align="flex-end">
        <Select
          label="Format"
          data={LEAD_FORMATS.map((value) => ({ value, label: LABELS[value] }))}
          value={format}
          onChange={(value) => setFormat(LEAD_FORMATS.find((name) => name === value) ?? format)}
          allowDeselect={false}
          w={220}
        />
        <Radio.Group
          label="Leads"
          value={which}
          onChange={(value) => setWhich(value === 'all' ? 'all' : 'query')}
        >
          <Group gap="sm" h={36}>
            <Radio size="xs" value="query" label={`the ${countText(leads.nLeads)} shown, in their order`} />
            <Radio size="xs" value="all" label="all, best first" />
          </Group>
        </Radio.Group>
        <Button
          leftSection={<IconDownload size={14} />}
          disabled={columns.length === 0}
          loading={download.isBusy}
          onClick={() => download.start({ format, which, columns })}
        >
          Download
        </Button>
      </Group>
      <Checkbox.Group
        label="Columns"
        value={[...columns]}
        onChange={(chosen) => setColumns(LEAD_LIST_COLUMNS.filter((column) => chosen.includes(column)))}
      >
        <Group gap="md" mt={4}>
          {LEAD_LIST_COLUMNS.map((column) => (
            <Checkbox key={column} size="xs" value={column} label={column} />
          ))}
        </Group>
      </Checkbox.Group>
      <MovedTiers />
      {columns.length === 0 && (
        <Alert color="yellow" variant="light">
          Choose a column at least.
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        No cell holds a formula. A manifest lies beside each file: model, digest of the data, filters, people
        left out, columns and the file’s own digest. The same list gives the same bytes, here and on the
        command line.
      </Text>
      {download.failure && <FailureAlert failure={download.failure} />}
    </Stack>
  );
}

/** Who moves between tiers, where the page's model was compared with the one in use. */
function MovedTiers() {
  const modelId = useWorkbenchState(({ model }) => model?.metadata.model_id);
  const compared = useWorkbenchState((state) => state.modelComparison.result);
  if (compared === null || compared.challengerId !== modelId) return null;
  return (
    <Text size="xs">
      Against the model in use, {compared.championId}: {tierMigrationSentence(compared.migration)}
    </Text>
  );
}

/** Makes a file and its manifest, and saves both. */
export function useLeadDownload() {
  const { strategy } = useWorkbench();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const start = async (asked: {
    readonly format: LeadFormat;
    readonly which: 'all' | 'query';
    readonly columns: readonly LeadListColumn[];
  }) => {
    setIsBusy(true);
    setFailure(null);
    const stem = asked.which === 'all' ? 'scored_leads' : 'scored_leads_filtered';
    const fileName = `${stem}${LEAD_FILES[asked.format].ending}`;
    try {
      const { file, manifest } = await strategy.exportLeads({ ...asked, fileName });
      saveBlob(file, fileName);
      saveBlob(manifest, `${fileName}.manifest.json`);
    } catch (error) {
      setFailure(failureOf(error, fileName));
    } finally {
      setIsBusy(false);
    }
  };
  return {
    isBusy,
    failure,
    start: (asked: Parameters<typeof start>[0]) => void start(asked),
  };
}
