'use client';

import { Anchor, Button, Group, List, Text } from '@mantine/core';
import { IconFolderOpen, IconTrash } from '@tabler/icons-react';
import { useDropzone } from 'react-dropzone';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { countText, sizeText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import classes from './source-cell.module.css';

/** Open a CRM file: the demo at first, or one that is dropped or picked. */
export function SourceCell() {
  const workbench = useWorkbench();
  const source = useWorkbenchState((state) => state.source);
  const sourceFailure = useWorkbenchState((state) => state.sourceFailure);
  const status = useWorkbenchState((state) => state.statuses.source);
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    multiple: false,
    noClick: true,
    noKeyboard: true,
    onDrop: async ([file]) => {
      if (file) await workbench.openFile({ name: file.name, bytes: await file.arrayBuffer() });
    },
  });
  return (
    <Cell
      id="source"
      definition={source ? { label: 'SQL', text: source.crm.sql.join('\n\n') } : undefined}
      actions={
        <>
          <Button
            size="compact-xs"
            leftSection={<IconFolderOpen size={14} />}
            onClick={open}
            loading={status.kind === 'running'}
          >
            Open file
          </Button>
          {source && !source.isDemo && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconTrash size={14} />}
              onClick={() => void workbench.forgetFile()}
            >
              Forget this file
            </Button>
          )}
        </>
      }
    >
      {sourceFailure && status.kind !== 'failed' && (
        <FailureAlert
          failure={sourceFailure.failure}
          title={
            ['not_kept', 'not_forgotten'].includes(sourceFailure.failure.code)
              ? undefined
              : `${sourceFailure.fileName} was not opened; the file below is still open.`
          }
        />
      )}
      <div {...getRootProps({ className: classes.drop, 'data-active': isDragActive || undefined })}>
        <input {...getInputProps({ 'aria-label': 'CRM file (SQLite)' })} />
        {source ? (
          <>
            <Facts
              facts={[
                {
                  label: 'File',
                  value: source.crm.fileName,
                  note: source.isDemo ? '(invented demo data)' : undefined,
                },
                { label: 'Size', value: sizeText(source.crm.sizeBytes) },
                {
                  label: 'Opt-ins',
                  value: source.crm.optinRange
                    ? `${source.crm.optinRange.first} – ${source.crm.optinRange.last}`
                    : 'no dates',
                },
                {
                  label: 'Purchases',
                  value: source.crm.purchaseRange
                    ? `${source.crm.purchaseRange.first} – ${source.crm.purchaseRange.last}`
                    : 'no dates',
                },
              ]}
            />
            <DataTable
              label="Tables of the file"
              columns={[
                { key: 'name', label: 'Table' },
                { key: 'nRows', label: 'Rows', align: 'right' },
              ]}
              rows={source.crm.tables.map((table) => ({ name: table.name, nRows: countText(table.nRows) }))}
            />
            {source.crm.notices.length > 0 && (
              <List size="sm" mt="xs">
                {source.crm.notices.map((notice) => (
                  <List.Item key={notice}>{notice}</List.Item>
                ))}
              </List>
            )}
          </>
        ) : (
          <EmptyOutput id="source" />
        )}
        <Group gap={4} mt="sm">
          <Text size="xs" c="dimmed">
            Drop a SQLite file here, or{' '}
            <Anchor component="button" type="button" size="xs" underline="always" onClick={open}>
              pick one
            </Anchor>
            . It needs the tables Subscribers, Tags and Transactions. It is read in this browser and never
            uploaded.
          </Text>
        </Group>
      </div>
    </Cell>
  );
}
