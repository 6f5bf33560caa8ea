'use client';

import { Table, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useState } from 'react';
import classes from './data-table.module.css';

/** A column of a table. */
export interface DataColumn {
  readonly key: string;
  readonly label: string;
  readonly align?: 'left' | 'right';
}

interface Props<Column extends DataColumn, Cell extends ReactNode> {
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Writes a cell, as it comes into view; cells are shown as they are when left out. */
  readonly renderCell?: (cell: Cell | undefined, column: Column) => ReactNode;
  /** Read out as the table's name. */
  readonly label: string;
  readonly maxHeightPx?: number;
  /** Told of a row that was picked: the first cell of each is a button then. */
  readonly onPickRow?: (row: number, isAdded: boolean) => void;
}

/** More rows than this are drawn as they come into view. */
const MAX_ROWS_DRAWN = 150;
const ROW_HEIGHT_PX = 25;

/** A table with tabular figures, a header that stays, and a scroll that the keyboard reaches. */
export function DataTable<Column extends DataColumn, Cell extends ReactNode>(props: Props<Column, Cell>) {
  const { columns, rows, label, maxHeightPx = 320 } = props;
  // In state and not in a ref, which the rows would read before it is set.
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const style = { maxHeight: maxHeightPx, overflow: 'auto' };
  const isLong = rows.length > MAX_ROWS_DRAWN;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section ref={setFrame} tabIndex={0} aria-label={label} style={style}>
      <Table
        stickyHeader
        horizontalSpacing="xs"
        verticalSpacing={3}
        fz="xs"
        highlightOnHover
        className={isLong ? `${classes.long} tabular` : 'tabular'}
        aria-rowcount={isLong ? rows.length + 1 : undefined}
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={isLong ? 1 : undefined}>
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
        {isLong ? (
          <RowsInView {...props} frame={frame} />
        ) : (
          <Table.Tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced as a whole.
              <DataRow key={index} {...props} row={row} index={index} />
            ))}
          </Table.Tbody>
        )}
      </Table>
    </section>
  );
}

/** Rows of a long table that are in view, between two empty rows as high as those that are not. */
function RowsInView<Column extends DataColumn, Cell extends ReactNode>(
  props: Props<Column, Cell> & { readonly frame: HTMLElement | null },
) {
  const { rows, frame } = props;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 10,
  });
  const items = virtualizer.getVirtualItems();
  return (
    <Table.Tbody>
      <Room heightPx={items[0]?.start ?? 0} />
      {items.map(({ index }) => {
        const row = rows[index];
        return row && <DataRow key={index} {...props} row={row} index={index} rowIndex={index + 2} />;
      })}
      <Room heightPx={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
    </Table.Tbody>
  );
}

function Room({ heightPx }: { readonly heightPx: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus.
  return <tr aria-hidden="true" style={{ height: heightPx }} />;
}

function DataRow<Column extends DataColumn, Cell extends ReactNode>({
  columns,
  row,
  index,
  rowIndex,
  renderCell,
  onPickRow,
}: Pick<Props<Column, Cell>, 'columns' | 'renderCell' | 'onPickRow'> & {
  readonly row: Readonly<Record<string, Cell>>;
  /** Place among the rows, from 0. */
  readonly index: number;
  /** 1-based, the header's included; where not all rows are drawn. */
  readonly rowIndex?: number;
}) {
  const shown = (column: Column) => (renderCell ? renderCell(row[column.key], column) : row[column.key]);
  return (
    <Table.Tr aria-rowindex={rowIndex}>
      {columns.map((column, place) => (
        <Table.Td
          key={column.key}
          ta={column.align ?? 'left'}
          style={column.align === 'right' ? { whiteSpace: 'nowrap' } : undefined}
        >
          {onPickRow && place === 0 ? (
            <UnstyledButton className={classes.pick} onClick={({ shiftKey }) => onPickRow(index, shiftKey)}>
              {shown(column)}
            </UnstyledButton>
          ) : (
            shown(column)
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
