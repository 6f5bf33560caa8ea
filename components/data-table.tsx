import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A column of a small table. */
export interface DataColumn {
  readonly key: string;
  readonly label: string;
  readonly align?: 'left' | 'right';
}

interface Props {
  readonly columns: readonly DataColumn[];
  readonly rows: readonly Readonly<Record<string, ReactNode>>[];
  /** Read out as the table's name. */
  readonly label: string;
  readonly maxHeightPx?: number;
  /** Key of the row that stands out, as the best trial does. */
  readonly markedRow?: number;
}

/** A small table with tabular figures, a header that stays, and a scroll that the keyboard reaches. */
export function DataTable({ columns, rows, label, maxHeightPx = 320, markedRow }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section tabIndex={0} aria-label={label} style={{ maxHeight: maxHeightPx, overflow: 'auto' }}>
      <Table
        stickyHeader
        horizontalSpacing="xs"
        verticalSpacing={3}
        fz="xs"
        highlightOnHover
        className="tabular"
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.key}
                ta={column.align ?? 'left'}
                style={{ whiteSpace: 'nowrap' }}
                scope="col"
              >
                {column.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced as a whole.
            <Table.Tr key={index} bg={index === markedRow ? 'var(--mantine-primary-color-light)' : undefined}>
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  ta={column.align ?? 'left'}
                  style={column.align === 'right' ? { whiteSpace: 'nowrap' } : undefined}
                >
                  {row[column.key]}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
