'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useRef } from 'react';
import { SAMPLER_LABELS, SCHEDULER_LABELS } from '@/lib/store/plan-words';
import { shownStudy } from '@/lib/store/workbench-state';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
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
  { key: 'trials', label: 'Trials', isNumber: true, valueOf: ({ nTrials }) => countText(nTrials) },
  { key: 'complete', label: 'Complete', isNumber: true, valueOf: ({ nComplete }) => countText(nComplete) },
  { key: 'pruned', label: 'Pruned', isNumber: true, valueOf: ({ nPruned }) => countText(nPruned) },
  { key: 'failed', label: 'Failed', isNumber: true, valueOf: ({ nFailed }) => countText(nFailed) },
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
    overscan: 4,
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
          <div role="columnheader">Study</div>
          <div role="columnheader">Data</div>
          {COLUMNS.map(({ key, label, isNumber }) => (
            <div key={key} role="columnheader" data-align={isNumber && 'right'}>
              {label}
            </div>
          ))}
        </div>
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const study = studies[index];
          if (study === undefined) return null;
          return (
            <StudyRow
              key={key}
              study={study}
              place={index + 1}
              topPx={start}
              isShown={study.studyId === shownId}
              isOfHere={isOfHere(study)}
              isTicked={ticked.includes(study.studyId)}
              canTickMore={canTickMore}
              onTick={onTick}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
}

interface RowProps extends Pick<Props, 'canTickMore' | 'onTick' | 'onOpen'> {
  readonly study: StudySummary;
  /** Counted from 1. */
  readonly place: number;
  readonly topPx: number;
  readonly isShown: boolean;
  readonly isOfHere: boolean;
  readonly isTicked: boolean;
}

/** Drawn again only when something of its own changes: a list of a thousand is scrolled through. */
const StudyRow = memo(function StudyRow(props: RowProps) {
  const { study, isShown, isTicked } = props;
  const { studyId } = study;
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: see StudiesTable.
    // biome-ignore-start lint/a11y/useFocusableInteractive: see StudiesTable.
    <div
      className={`${classes.row} ${classes.study}`}
      role="row"
      aria-rowindex={props.place + 1}
      aria-current={isShown || undefined}
      style={{ top: props.topPx }}
    >
      <div role="cell">
        <input
          type="checkbox"
          className={classes.tick}
          aria-label={`Compare ${studyId}`}
          checked={isTicked}
          disabled={!isTicked && !props.canTickMore}
          onChange={(event) => props.onTick(studyId, event.currentTarget.checked)}
        />
      </div>
      <div role="cell">
        <button
          type="button"
          className={classes.open}
          aria-label={`Open ${studyId}`}
          disabled={isShown}
          onClick={() => props.onOpen(studyId)}
        >
          {isShown ? 'Shown' : 'Open'}
        </button>
      </div>
      <div role="cell">{props.isOfHere ? 'this file’s' : 'other'}</div>
      {COLUMNS.map((column) => (
        <div key={column.key} role="cell" data-align={column.isNumber && 'right'}>
          {column.valueOf(study)}
        </div>
      ))}
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
});
