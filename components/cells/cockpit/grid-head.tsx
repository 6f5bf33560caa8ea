'use client';

import { type Dispatch, useEffect, useRef } from 'react';
import type { TrialColumn } from '@/lib/store/cockpit-columns';
import type { PickMessage, TrialPicks } from '@/lib/store/cockpit-picks';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import classes from './trial-grid.module.css';

/** How a grid is sorted, and how to sort it. */
export interface GridSort {
  readonly by: string;
  readonly isDescending: boolean;
  readonly onSort: (column: TrialColumn) => void;
}

interface Props {
  readonly columns: readonly TrialColumn[];
  readonly sort: GridSort;
  /** The trials that the box for all ticks. */
  readonly trials: readonly TrialRecord[];
  readonly picks: TrialPicks;
  readonly pick: Dispatch<PickMessage>;
}

/** The header of the trial table: a box for all, and a button to sort by each column. */
export function GridHead({ columns, sort, trials, picks, pick }: Props) {
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: see TrialGrid.
    // biome-ignore-start lint/a11y/useFocusableInteractive: the buttons and the box inside take the focus.
    <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1}>
      <div role="columnheader" className={`${classes.fixed} ${classes.tick}`}>
        <AllBox trials={trials} picks={picks} pick={pick} />
      </div>
      {columns.map((column) => {
        const isSorted = sort.by === column.key;
        const isNumber = column.key === 'trial_number';
        return (
          <div
            key={column.key}
            role="columnheader"
            aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
            className={isNumber ? `${classes.fixed} ${classes.number}` : undefined}
            data-align={column.format === 'text' ? undefined : 'right'}
            title={column.meaning}
          >
            <button type="button" className={classes.sort} onClick={() => sort.onSort(column)}>
              {column.label}
              <span aria-hidden="true">{isSorted ? (sort.isDescending ? ' ↓' : ' ↑') : ''}</span>
            </button>
          </div>
        );
      })}
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
}

function AllBox({ trials, picks, pick }: Pick<Props, 'trials' | 'picks' | 'pick'>) {
  const box = useRef<HTMLInputElement>(null);
  const nSelected = trials.reduce((n, { number }) => n + Number(picks.selected.has(number)), 0);
  const areAll = trials.length > 0 && nSelected === trials.length;
  const isSome = nSelected > 0 && !areAll;
  useEffect(() => {
    if (box.current) box.current.indeterminate = isSome;
  }, [isSome]);
  return (
    <label className={classes.boxTarget}>
      <input
        ref={box}
        type="checkbox"
        className={classes.box}
        aria-label="Select all trials shown"
        checked={areAll}
        onChange={() =>
          areAll
            ? pick({ type: 'selection_cleared' })
            : pick({ type: 'picked', numbers: trials.map(({ number }) => number), isAdded: false })
        }
      />
    </label>
  );
}
