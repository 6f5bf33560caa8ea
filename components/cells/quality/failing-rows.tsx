'use client';

import { Button, Group, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { filtersWithPick } from '@/lib/explore/segments/row-filter';
import type { CheckPlace } from '@/lib/quality/run-suites';
import { failureOf } from '@/lib/store/cell-runs';
import type { FailingRowTexts } from '@/lib/workers/crm-api';
import { DataTable } from '../../data-table';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useCsvDownload } from '../../workbench/use-csv-download';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

type Asked =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly found: FailingRowTexts | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Every row that a check finds not as expected: to be read, downloaded, and looked at in all figures. */
export function FailingRows({ place }: { readonly place: CheckPlace }) {
  const workbench = useWorkbench();
  const quality = useWorkbenchState((state) => state.quality);
  const { suite, index } = place;
  const [asked, setAsked] = useState<Asked>({ kind: 'loading' });
  useEffect(() => {
    let isWanted = quality !== null;
    workbench.explore.failingRows({ suite, index }).then(
      (found) => isWanted && setAsked({ kind: 'known', found }),
      (error: unknown) => isWanted && setAsked({ kind: 'failed', failure: failureOf(error, 'Failing rows') }),
    );
    return () => {
      isWanted = false;
    };
  }, [workbench, quality, suite, index]);
  if (asked.kind === 'loading') return <Loader size="xs" mt="xs" aria-label="Looking for the rows" />;
  if (asked.kind === 'failed') return <FailureAlert failure={asked.failure} />;
  if (asked.found === null) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        No single row is to blame, or the file no longer says which.
      </Text>
    );
  }
  return <Rows place={place} found={asked.found} />;
}

function Rows({ place, found }: { readonly place: CheckPlace; readonly found: FailingRowTexts }) {
  const workbench = useWorkbench();
  const filters = useWorkbenchState((state) => state.view.filters);
  const { table, columns, nRows, rows, level, nSubscribers, quarantine } = found;
  const download = useCsvDownload(
    () => workbench.explore.failingRowsCsv(place),
    `${place.suite}_check_${place.index + 1}_rows.csv`,
  );
  const isFiltered = filters.some(
    ({ dimension, levels }) => dimension === 'failing_check' && level !== null && levels.includes(level),
  );
  return (
    <>
      <Group justify="space-between" mt="sm" mb={4} gap="xs">
        <Text size="sm" fw={500}>
          {countText(nRows)} {nRows === 1 ? 'row' : 'rows'} of {table}
          {rows.length < nRows && `, the first ${countText(rows.length)} shown; the download has all`}
        </Text>
        <Group gap={6}>
          {level !== null && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                void workbench.explore.look({
                  filters: filtersWithPick(filters, [{ dimension: 'failing_check', levels: [level] }]),
                })
              }
            >
              {isFiltered
                ? 'Look at everybody again'
                : `Look at the ${countText(nSubscribers)} ${nSubscribers === 1 ? 'subscriber' : 'subscribers'} behind them`}
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => void workbench.repair.add(quarantine)}>
            Leave {nRows === 1 ? 'it' : 'them'} out
          </Button>
          <Button size="compact-xs" variant="default" loading={download.isBusy} onClick={download.start}>
            Download CSV
          </Button>
        </Group>
      </Group>
      {download.failure}
      <DataTable
        label={`Rows of ${table} that are not as expected`}
        maxHeightPx={260}
        columns={columns.map((column) => ({ key: column, label: column }))}
        rows={rows.map((texts) => Object.fromEntries(columns.map((column, i) => [column, texts[i] ?? ''])))}
      />
    </>
  );
}
