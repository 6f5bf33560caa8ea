import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './comparison-table.module.css';

/** One line of a comparison, ready to show. */
export interface ShownRow {
  readonly key: string;
  readonly label: ReactNode;
  readonly texts: readonly ReactNode[];
  readonly differs: boolean;
}

interface Props {
  /** Read out as the table's name. */
  readonly label: string;
  /** What is compared. */
  readonly heads: readonly { readonly key: string; readonly head: ReactNode }[];
  readonly rows: readonly ShownRow[];
}

/** Things side by side, a column each; lines that differ are marked by a sign and by weight, not by colour alone. */
export function ComparisonTable({ label, heads, rows }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section tabIndex={0} aria-label={label} style={{ overflow: 'auto', maxHeight: 420 }}>
      <Table
        stickyHeader
        horizontalSpacing="xs"
        verticalSpacing={3}
        fz="xs"
        className="tabular"
        w="max-content"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <VisuallyHidden>Compared</VisuallyHidden>
            </Table.Th>
            {heads.map(({ key, head }) => (
              <Table.Th key={key} scope="col" ta="right" className={classes.value}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key} data-differs={row.differs || undefined} className={classes.row}>
              <Table.Th scope="row" className={classes.label}>
                <Text component="span" inherit aria-hidden="true" className={classes.sign}>
                  {row.differs ? '≠' : ''}
                </Text>
                {row.label}
                {row.differs && <VisuallyHidden> (differs)</VisuallyHidden>}
              </Table.Th>
              {row.texts.map((text, index) => (
                <Table.Td key={heads[index]?.key} ta="right" className={classes.value}>
                  {text}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
