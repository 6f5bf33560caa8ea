'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { LeadColumn, LeadRow } from '@/lib/scoring/lead-query';
import type { WorkbenchState } from '@/lib/store/workbench-state';
import { useWorkbench } from '../workbench/use-workbench';
import classes from './lead-table.module.css';
import { TierBadge } from './tier-badge';

const ROW_HEIGHT_PX = 28;
/** Rows are fetched in pages, so that scrolling asks the worker rarely. */
const PAGE_ROWS = 100;

const COLUMNS: readonly { readonly key: LeadColumn; readonly label: string; readonly isNumber?: true }[] = [
  { key: 'mailchimp_id', label: 'Id', isNumber: true },
  { key: 'user_full_name', label: 'Name' },
  { key: 'user_email', label: 'E-mail' },
  { key: 'score', label: 'Score', isNumber: true },
  { key: 'percentile', label: 'Percentile', isNumber: true },
  { key: 'tier', label: 'Tier' },
  { key: 'member_rating', label: 'Rating', isNumber: true },
  { key: 'country_code', label: 'Country' },
  { key: 'optin_time', label: 'Opt-in' },
  { key: 'tag_count', label: 'Tags', isNumber: true },
  { key: 'made_purchase', label: 'Bought' },
];

/** Every chosen lead in a table that draws only the rows in view. */
export function LeadTable({
  leads,
  onOpen,
}: {
  readonly leads: NonNullable<WorkbenchState['leads']>;
  /** Told of a lead that was picked by its name. */
  readonly onOpen: (lead: LeadRow) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: leads.nLeads,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const rows = useLeadRows(leads.revision, items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer is what sends the list back to its top.
  useEffect(() => {
    frame.current?.scrollTo({ top: 0 });
  }, [leads.revision]);
  return (
    // A table in name and parts, though not in elements: rows are placed freely, which <table> cannot do.
    // biome-ignore-start lint/a11y/useSemanticElements: see above.
    // biome-ignore-start lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    // biome-ignore-start lint/a11y/useFocusableInteractive: the frame is the one stop for the keyboard; cells are not interactive.
    <div
      ref={frame}
      className={`${classes.frame} tabular`}
      role="table"
      aria-label="Leads"
      aria-rowcount={leads.nLeads + 1}
      aria-colcount={COLUMNS.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" style={{ position: 'sticky', top: 0, zIndex: 1 }}>
        <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <HeaderCell key={column.key} column={column} query={leads.query} />
          ))}
          <div role="columnheader">Strongest reason</div>
        </div>
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            className={`${classes.row} ${classes.lead}`}
            role="row"
            aria-rowindex={item.index + 2}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {COLUMNS.map((column) => (
              <div key={column.key} role="cell" data-align={column.isNumber && 'right'}>
                <LeadValue row={rows.get(item.index)} column={column.key} onOpen={onOpen} />
              </div>
            ))}
            <div role="cell" title={rows.get(item.index)?.reason_1}>
              {rows.get(item.index)?.reason_1}
            </div>
          </div>
        ))}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
}

function HeaderCell({
  column,
  query,
}: {
  readonly column: (typeof COLUMNS)[number];
  readonly query: NonNullable<WorkbenchState['leads']>['query'];
}) {
  const workbench = useWorkbench();
  const isSorted = query.sortBy === column.key;
  const direction = query.descending ? 'descending' : 'ascending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see LeadTable.
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus.
    <div
      role="columnheader"
      aria-sort={isSorted ? direction : 'none'}
      data-align={column.isNumber && 'right'}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() =>
          void workbench.queryLeads({
            sortBy: column.key,
            descending: isSorted
              ? !query.descending
              : column.isNumber === true || column.key === 'made_purchase',
          })
        }
      >
        {column.label}
        <span aria-hidden="true">{isSorted ? (query.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </div>
  );
}

function LeadValue({
  row,
  column,
  onOpen,
}: {
  readonly row: LeadRow | undefined;
  readonly column: LeadColumn;
  readonly onOpen: (lead: LeadRow) => void;
}) {
  if (!row) return '…';
  switch (column) {
    case 'user_full_name':
      return (
        <button
          type="button"
          className={classes.open}
          aria-haspopup="dialog"
          title={row.user_full_name}
          onClick={() => onOpen(row)}
        >
          <bdi>{row.user_full_name === '' ? '(no name)' : row.user_full_name}</bdi>
        </button>
      );
    case 'score':
      return row.score.toFixed(4);
    case 'percentile':
      return row.percentile.toFixed(2);
    case 'tier':
      return <TierBadge tier={row.tier} />;
    case 'made_purchase':
      return row.made_purchase === 1 ? 'yes' : 'no';
    case 'mailchimp_id':
    case 'member_rating':
      return Number.isNaN(row[column]) ? '–' : row[column];
    case 'country_code':
    case 'optin_time':
      return row[column] === '' ? '–' : row[column];
    default:
      return <bdi title={String(row[column])}>{row[column]}</bdi>;
  }
}

/** Rows in view, by index; fetched a page at a time and dropped when the query changes. */
function useLeadRows(revision: number, from: number, to: number): ReadonlyMap<number, LeadRow> {
  const workbench = useWorkbench();
  const [held, setHeld] = useState<{ revision: number; rows: ReadonlyMap<number, LeadRow> }>({
    revision: -1,
    rows: new Map(),
  });
  const firstPage = Math.floor(from / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(from, to - 1) / PAGE_ROWS);
  const isEmpty = to <= from;
  useEffect(() => {
    if (isEmpty) return;
    let isLeft = false;
    const start = firstPage * PAGE_ROWS;
    void workbench.leadRows(start, (lastPage + 1) * PAGE_ROWS).then(
      (fetched) => {
        if (!isLeft) setHeld({ revision, rows: new Map(fetched.map((row, index) => [start + index, row])) });
      },
      (error: unknown) => {
        if (!isLeft) console.error('Leads could not be read', error);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [workbench, revision, firstPage, lastPage, isEmpty]);
  return held.revision === revision ? held.rows : new Map();
}
