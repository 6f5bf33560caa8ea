'use client';

import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { countText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useCsvDownload } from '../workbench/use-csv-download';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { RepairSteps } from './repair-steps';

const DEFINITION = `subscribers_joined: one row a subscriber, in the order of the Subscribers table.

mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code
    as stored, trimmed; country folded to lower case; dates as YYYY-MM-DD
tag_count
    distinct tags of the subscriber
made_purchase
    1 where the e-mail address occurs in Transactions, both trimmed and case-folded
tag_…
    one 0/1 indicator a tag, named in snake case`;

/** The joined table: counts of what matched and what did not, a preview, and the CSV. */
export function IngestCell() {
  const ingest = useWorkbenchState((state) => state.ingest);
  const workbench = useWorkbench();
  const [isPreviewed, setIsPreviewed] = useState(false);
  const download = useCsvDownload(() => workbench.joinedCsv(), 'subscribers_joined.csv');
  return (
    <Cell
      id="ingest"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          disabled={!ingest}
          loading={download.isBusy}
          onClick={download.start}
        >
          subscribers_joined.csv
        </Button>
      }
    >
      {download.failure}
      {ingest ? (
        <>
          <Facts
            facts={[
              { label: 'Subscribers', value: countText(ingest.report.nSubscribers) },
              {
                label: 'With a purchase',
                value: countText(ingest.report.nBuyers),
                note: `(${percentText(ingest.report.nSubscribers > 0 ? ingest.report.nBuyers / ingest.report.nSubscribers : null)})`,
              },
              { label: 'Transactions', value: countText(ingest.report.nTransactions) },
              { label: '… matching no subscriber', value: countText(ingest.report.nTransactionsUnmatched) },
              { label: 'Tag rows', value: countText(ingest.report.nTagRows) },
              { label: '… matching no subscriber', value: countText(ingest.report.nTagRowsUnmatched) },
              { label: 'Repeats of an earlier e-mail', value: countText(ingest.report.nRepeatedEmails) },
              { label: 'Columns', value: countText(ingest.columns.length) },
            ].map((fact, index, all) => ({
              ...fact,
              label: fact.label.startsWith('…') ? `${all[index - 1]?.label} ${fact.label}` : fact.label,
            }))}
          />
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={isPreviewed}
            onClick={() => setIsPreviewed(!isPreviewed)}
          >
            {isPreviewed ? 'Hide' : 'Show'} the first rows
          </Button>
          {isPreviewed && (
            <DataTable
              label="First rows of the joined table"
              columns={ingest.columns.map((name) => ({ key: name, label: name }))}
              rows={ingest.previewRows.map((row) =>
                Object.fromEntries(row.map((text, column) => [ingest.columns[column] ?? '', text])),
              )}
            />
          )}
          <Text size="xs" c="dimmed" mt="xs">
            A purchase belongs to a subscriber with the same e-mail address, trimmed and case-folded.
          </Text>
        </>
      ) : (
        <EmptyOutput id="ingest" />
      )}
      <RepairSteps />
    </Cell>
  );
}
