'use client';

import { Button, Group, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { filtersWithPick } from '@/lib/explore/segments/row-filter';
import { failureOf } from '@/lib/store/cell-runs';
import type { AnomalyRowTexts } from '@/lib/workers/crm-api';
import { DataTable } from '../data-table';
import { countText } from '../format';
import { FailureAlert } from '../workbench/cell';
import { useCsvDownload } from '../workbench/use-csv-download';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

type Asked =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly found: AnomalyRowTexts | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The subscribers who look wrong for one reason: to be read, downloaded, and looked at in all figures. */
export function AnomalyRows({ level }: { readonly level: string }) {
  const workbench = useWorkbench();
  const anomalies = useWorkbenchState((state) => state.anomalies);
  const [asked, setAsked] = useState<Asked>({ kind: 'loading' });
  useEffect(() => {
    let isWanted = anomalies !== null;
    workbench.explore.anomalyRows(level).then(
      (found) => isWanted && setAsked({ kind: 'known', found }),
      (error: unknown) => isWanted && setAsked({ kind: 'failed', failure: failureOf(error, 'Rows') }),
    );
    return () => {
      isWanted = false;
    };
  }, [workbench, anomalies, level]);
  if (asked.kind === 'loading') return <Loader size="xs" mt="xs" aria-label="Looking for the rows" />;
  if (asked.kind === 'failed') return <FailureAlert failure={asked.failure} />;
  if (asked.found === null) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        The list no longer has such subscribers.
      </Text>
    );
  }
  return <Rows found={asked.found} />;
}

function Rows({ found }: { readonly found: AnomalyRowTexts }) {
  const workbench = useWorkbench();
  const filters = useWorkbenchState((state) => state.view.filters);
  const { level, columns, nRows, rows } = found;
  const download = useCsvDownload(
    () => workbench.explore.anomalyRowsCsv(level),
    `${level.replaceAll(' ', '_')}.csv`,
  );
  const isFiltered = filters.some(
    ({ dimension, levels }) => dimension === 'anomaly' && levels.includes(level),
  );
  const pick = { dimension: 'anomaly', levels: [level] } as const;
  return (
    <>
      <Group justify="space-between" mt="sm" mb={4} gap="xs">
        <Text size="sm" fw={500}>
          {countText(nRows)} {nRows === 1 ? 'subscriber' : 'subscribers'}: {level}
          {rows.length < nRows && `, the first ${countText(rows.length)} shown; the download has all`}
        </Text>
        <Group gap={6}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void workbench.explore.look({ filters: filtersWithPick(filters, [pick]) })}
          >
            {isFiltered
              ? 'Look at everybody again'
              : `Look at ${nRows === 1 ? 'this subscriber' : `these ${countText(nRows)}`} alone`}
          </Button>
          <Button size="compact-xs" variant="default" loading={download.isBusy} onClick={download.start}>
            Download CSV
          </Button>
        </Group>
      </Group>
      {download.failure}
      <DataTable
        label={`Subscribers: ${level}`}
        maxHeightPx={260}
        columns={columns.map((column) => ({ key: column, label: column }))}
        rows={rows.map((texts) => Object.fromEntries(columns.map((column, i) => [column, texts[i] ?? ''])))}
      />
    </>
  );
}
