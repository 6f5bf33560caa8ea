'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type Dispatch,
  type KeyboardEvent,
  type UIEvent,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { TrialColumn } from '@/lib/store/cockpit-columns';
import type { PickMessage, TrialPicks } from '@/lib/store/cockpit-picks';
import type { LiveReports } from '@/lib/store/workbench-state';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { GridHead, type GridSort } from './grid-head';
import { rowAfterKey } from './row-after-key';
import classes from './trial-grid.module.css';
import { TrialRow } from './trial-row';
import { columnWidthPx } from './trial-value';

const ROW_HEIGHT_PX = 28;
const HEAD_HEIGHT_PX = 33;
/** Rows in view before the table scrolls, pinned ones aside. */
const MAX_ROWS_IN_VIEW = 12;
/** Room for a scroll bar below the last row. */
const SCROLLBAR_PX = 16;
/** Tick box and pin. */
const TICK_WIDTH_PX = 54;

interface Props {
  readonly columns: readonly TrialColumn[];
  /** Shown above all others, whatever the filter says. */
  readonly pinned: readonly TrialRecord[];
  readonly trials: readonly TrialRecord[];
  /** Whether any trial has a reason to show beside its state. */
  readonly hasFailures: boolean;
  readonly bestNumber: number | null;
  readonly objective: string;
  readonly liveReports: LiveReports;
  readonly sort: GridSort;
  readonly picks: TrialPicks;
  readonly pick: Dispatch<PickMessage>;
}

/**
 * The trials in a grid that draws only the rows in view. One stop for the keyboard: arrows move, Space ticks, Enter picks
 * one alone, P pins, Escape clears.
 */
export function TrialGrid(props: Props) {
  const { columns, pinned, trials, picks, pick } = props;
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const [activeNumber, setActiveNumber] = useState<number | null>(null);
  const topHeightPx = HEAD_HEIGHT_PX + pinned.length * ROW_HEIGHT_PX;
  const virtualizer = useVirtualizer({
    count: trials.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 4,
    // The rows begin below the header, which then covers the first of them as they pass under it.
    scrollMargin: topHeightPx,
    scrollPaddingStart: topHeightPx,
  });
  const { hasFailures } = props;
  const widths = useMemo(() => widthVariables(columns, hasFailures), [columns, hasFailures]);
  const rows = [...pinned, ...trials];
  const items = virtualizer.getVirtualItems();
  const inView = new Set(
    [...pinned, ...items.map(({ index }) => trials[index])].map((trial) => trial?.number),
  );
  const rowId = useCallback((number: number) => `${id}-trial-${number}`, [id]);

  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current) return;
    const at = rows.findIndex(({ number }) => number === activeNumber);
    const next = rowAfterKey(event.key, { at, nRows: rows.length, nInView: MAX_ROWS_IN_VIEW });
    const moved = next === null ? undefined : rows[next];
    if (moved !== undefined && next !== null) {
      setActiveNumber(moved.number);
      if (next >= pinned.length) virtualizer.scrollToIndex(next - pinned.length);
    } else if (!tell(event, rows[at]?.number, { trials, pick })) return;
    event.preventDefault();
  };

  const rowProps = (trial: TrialRecord) => ({
    id: rowId(trial.number),
    trial,
    columns,
    isSelected: picks.selected.has(trial.number),
    isPinned: picks.pinned.includes(trial.number),
    isBest: trial.number === props.bestNumber,
    isActive: trial.number === activeNumber,
    report: trial.state === 'running' ? props.liveReports.get(trial.number)?.at(-1) : undefined,
    objective: props.objective,
    pick,
  });
  const heightPx = topHeightPx + Math.min(trials.length, MAX_ROWS_IN_VIEW) * ROW_HEIGHT_PX + SCROLLBAR_PX;
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows are placed freely, which <table> cannot do.
    <div
      ref={frame}
      className={`${classes.frame} tabular`}
      role="grid"
      aria-label="Trials"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={
        activeNumber !== null && inView.has(activeNumber) ? rowId(activeNumber) : undefined
      }
      tabIndex={0}
      style={{ ...widths, height: heightPx }}
      onKeyDown={handleKeyDown}
      onScroll={keepFixedCells}
    >
      <div className={classes.top} role="rowgroup">
        <GridHead columns={columns} sort={props.sort} trials={trials} picks={picks} pick={pick} />
        {pinned.map((trial, index) => (
          <TrialRow key={trial.number} {...rowProps(trial)} rowIndex={index + 2} topPx={null} />
        ))}
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const trial = trials[index];
          if (trial === undefined) return null;
          const rowIndex = pinned.length + index + 2;
          return (
            <TrialRow
              key={trial.number}
              {...rowProps(trial)}
              rowIndex={rowIndex}
              topPx={start - topHeightPx}
            />
          );
        })}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
}

/** Tell the cells that stay in view how far the rest was scrolled. */
function keepFixedCells({ currentTarget }: UIEvent<HTMLDivElement>): void {
  const left = `${currentTarget.scrollLeft}px`;
  if (currentTarget.style.getPropertyValue('--scroll-left') !== left) {
    currentTarget.style.setProperty('--scroll-left', left);
  }
}

/** Widths of the columns and of a row, once for all rows. */
function widthVariables(
  columns: readonly TrialColumn[],
  hasFailures: boolean,
): CSSProperties & Record<`--${string}`, string> {
  const widthsPx = [TICK_WIDTH_PX, ...columns.map((column) => columnWidthPx(column, hasFailures))];
  return {
    '--row-columns': widthsPx.map((width) => `${width}px`).join(' '),
    '--row-width': `${widthsPx.reduce((sum, width) => sum + width, 0)}px`,
  };
}

/** Do what a key asks for at the active row; says whether there was anything to do. */
function tell(
  event: KeyboardEvent,
  number: number | undefined,
  { trials, pick }: Pick<Props, 'trials' | 'pick'>,
): boolean {
  const { key } = event;
  const hasCommand = event.ctrlKey || event.metaKey;
  if (key === 'a' && hasCommand) {
    pick({ type: 'picked', numbers: trials.map((trial) => trial.number), isAdded: false });
  } else if (key === 'Escape') pick({ type: 'selection_cleared' });
  else if (number === undefined || hasCommand) return false;
  else if (key === ' ') pick({ type: 'ticked', number });
  else if (key === 'Enter') pick({ type: 'picked', numbers: [number], isAdded: event.shiftKey });
  else if (key === 'p' || key === 'P') pick({ type: 'pin_toggled', number });
  else return false;
  return true;
}
