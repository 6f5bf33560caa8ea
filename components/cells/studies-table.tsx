'use client';

import { Button, Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { SAMPLER_LABELS, SCHEDULER_LABELS } from '@/lib/store/plan-words';
import { shownStudy } from '@/lib/store/workbench-state';
import type { StudySummary } from '@/lib/tuning/study-summary';
import { countText, dateTimeText, metricText } from '../format';
import { useWorkbenchState } from '../workbench/use-workbench';
import classes from './studies-table.module.css';

const ROW_HEIGHT_PX = 28;
const MOST_ROWS_IN_VIEW = 10;

interface Props {
  readonly studies: readonly StudySummary[];
  readonly isOfHere: (study: StudySummary) => boolean;
  readonly ticked: readonly string[];
  readonly canTickMore: boolean;
  readonly onTick: (studyId: string, isTicked: boolean) => void;
  readonly onOpen: (studyId: string) => void;
}

const COLUMNS: readonly {
  readonly key: string;
  readonly label: string;
  readonly isNumber?: true;
  readonly valueOf: (study: StudySummary) => ReactNode;
}[] = [
  { key: 'created', label: 'Created', valueOf: ({ createdAtMs }) => dateTimeText(createdAtMs) },
  { key: 'state', label: 'State', valueOf: ({ phase }) => phase },
  { key: 'objective', label: 'Objective', valueOf: ({ objective }) => objective },
  { key: 'best', label: 'Best', isNumber: true, valueOf: bestText },
  { key: 'complete', label: 'Complete', isNumber: true, valueOf: ({ nComplete }) => countText(nComplete) },
  { key: 'pruned', label: 'Pruned', isNumber: true, valueOf: ({ nPruned }) => countText(nPruned) },
  { key: 'failed', label: 'Failed', isNumber: true, valueOf: ({ nFailed }) => countText(nFailed) },
  { key: 'trials', label: 'Of', isNumber: true, valueOf: ({ nTrials }) => countText(nTrials) },
  { key: 'sampler', label: 'Sampler', valueOf: ({ sampler }) => SAMPLER_LABELS[sampler] },
  { key: 'scheduler', label: 'Scheduler', valueOf: ({ scheduler }) => SCHEDULER_LABELS[scheduler] },
  { key: 'seed', label: 'Seed', isNumber: true, valueOf: ({ seed }) => seed },
];

function bestText({ bestValue, bestStandardError }: StudySummary): string {
  const best = metricText(bestValue);
  return bestStandardError === null ? best : `${best} ± ${metricText(bestStandardError)}`;
}

/** Studies in a table that draws only the rows in view. */
export function StudiesTable({ studies, isOfHere, ticked, canTickMore, onTick, onOpen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const shownId = useWorkbenchState((state) => shownStudy(state)?.state.studyId ?? null);
  const virtualizer = useVirtualizer({
    count: studies.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT_PX,
    getItemKey: (index) => studies[index]?.studyId ?? index,
    overscan: 6,
  });
  const nInView = Math.min(studies.length, MOST_ROWS_IN_VIEW);
  return (
    // A table in name and parts, though not in elements: rows are placed freely, which <table> cannot do.
    // biome-ignore-start lint/a11y/useSemanticElements: see above.
    // biome-ignore-start lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    // biome-ignore-start lint/a11y/useFocusableInteractive: boxes and buttons inside the cells take the focus.
    <div
      ref={frame}
      className={`${classes.frame} tabular`}
      style={{ height: 34 + nInView * ROW_HEIGHT_PX }}
      role="table"
      aria-label="Studies"
      aria-rowcount={studies.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" className={classes.heads}>
        <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1}>
          <div role="columnheader">Compare</div>
          {COLUMNS.map(({ key, label, isNumber }) => (
            <div key={key} role="columnheader" data-align={isNumber && 'right'}>
              {label}
            </div>
          ))}
          <div role="columnheader">Data</div>
          <div role="columnheader">Study</div>
        </div>
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const study = studies[index];
          if (study === undefined) return null;
          const { studyId } = study;
          const isTicked = ticked.includes(studyId);
          return (
            <div
              key={key}
              className={`${classes.row} ${classes.study}`}
              role="row"
              aria-rowindex={index + 2}
              aria-current={studyId === shownId || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <div role="cell">
                <Checkbox
                  size="xs"
                  aria-label={`Compare ${studyId}`}
                  checked={isTicked}
                  disabled={!isTicked && !canTickMore}
                  onChange={(event) => onTick(studyId, event.currentTarget.checked)}
                />
              </div>
              {COLUMNS.map((column) => (
                <div key={column.key} role="cell" data-align={column.isNumber && 'right'}>
                  {column.valueOf(study)}
                </div>
              ))}
              <div role="cell">{isOfHere(study) ? 'this file’s' : 'other'}</div>
              <div role="cell">
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Open ${studyId}`}
                  disabled={studyId === shownId}
                  onClick={() => onOpen(studyId)}
                >
                  {studyId === shownId ? 'Shown' : 'Open'}
                </Button>
              </div>
            </div>
          );
        })}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
}
