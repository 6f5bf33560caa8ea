'use client';

import { type Dispatch, type MouseEvent, memo } from 'react';
import type { TrialColumn } from '@/lib/store/cockpit-columns';
import type { PickMessage } from '@/lib/store/cockpit-picks';
import type { TrialReport } from '@/lib/store/services';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import classes from './trial-grid.module.css';
import { stateText, trialValueText } from './trial-value';

interface Props {
  readonly id: string;
  readonly trial: TrialRecord;
  readonly columns: readonly TrialColumn[];
  /** 1-based among all rows, the header's included. */
  readonly rowIndex: number;
  /** Where it lies in the scrolled body; null where it stands in the order of the page. */
  readonly topPx: number | null;
  readonly isSelected: boolean;
  readonly isPinned: boolean;
  readonly isBest: boolean;
  /** Whether the keyboard is at this row. */
  readonly isActive: boolean;
  /** What it reported last, while it runs. */
  readonly report: TrialReport | undefined;
  readonly objective: string;
  readonly pick: Dispatch<PickMessage>;
}

/** One trial of the table. Drawn again only when something of its own changes. */
export const TrialRow = memo(function TrialRow(props: Props) {
  const { trial, columns, topPx, isSelected, pick } = props;
  const { number } = trial;
  const handleClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('label, button') !== null) return;
    const isAdded = event.shiftKey || event.ctrlKey || event.metaKey;
    pick({ type: 'picked', numbers: [number], isAdded });
  };
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows are placed freely, which <tr> cannot be.
    // biome-ignore-start lint/a11y/useFocusableInteractive: the grid is the one stop for the keyboard and names the active row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keyboard for its rows.
    <div
      id={props.id}
      className={`${classes.row} ${classes.trial}`}
      role="row"
      aria-rowindex={props.rowIndex}
      aria-selected={isSelected}
      data-trial={number}
      data-best={props.isBest || undefined}
      data-active={props.isActive || undefined}
      data-placed={topPx !== null || undefined}
      style={topPx === null ? undefined : { transform: `translateY(${topPx}px)` }}
      onClick={handleClick}
    >
      <div role="gridcell" className={`${classes.fixed} ${classes.tick}`}>
        <label className={classes.boxTarget}>
          <input
            type="checkbox"
            className={classes.box}
            tabIndex={-1}
            aria-label={`Select trial ${number}`}
            checked={isSelected}
            onChange={() => pick({ type: 'ticked', number })}
          />
        </label>
        <PinButton number={number} isPinned={props.isPinned} pick={pick} />
      </div>
      {columns.map((column) => (
        <TrialCell key={column.key} column={column} {...props} />
      ))}
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above.
    // biome-ignore-end lint/a11y/useSemanticElements: see above.
  );
});

function PinButton({
  number,
  isPinned,
  pick,
}: {
  readonly number: number;
  readonly isPinned: boolean;
  readonly pick: Dispatch<PickMessage>;
}) {
  return (
    <button
      type="button"
      className={classes.pin}
      tabIndex={-1}
      aria-pressed={isPinned}
      aria-label={`Pin trial ${number} on top`}
      onClick={() => pick({ type: 'pin_toggled', number })}
    />
  );
}

function TrialCell({ trial, column, report, objective, isBest }: Props & { readonly column: TrialColumn }) {
  const align = column.format === 'text' ? 'left' : 'right';
  if (column.key === 'trial_number') {
    return (
      // biome-ignore lint/a11y/useSemanticElements: see TrialRow.
      // biome-ignore lint/a11y/useFocusableInteractive: see TrialRow.
      <div role="rowheader" className={`${classes.fixed} ${classes.number}`} data-align="right">
        {isBest && <span title="The best complete trial">★ </span>}
        {trial.number}
      </div>
    );
  }
  const live = report && liveText(column.key, report, objective);
  const text =
    column.key === 'state' ? stateText(trial) : trialValueText(column.valueIn(trial), column.format);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see TrialRow.
    // biome-ignore lint/a11y/useFocusableInteractive: see TrialRow.
    <div role="gridcell" data-align={align} title={column.format === 'text' ? text : undefined}>
      {live === undefined ? (
        text
      ) : (
        <span className={classes.pending} title="So far">
          {live}
        </span>
      )}
    </div>
  );
}

/** What a report says about a column of a trial that still trains. */
function liveText(key: string, { rounds, value }: TrialReport, objective: string): string | undefined {
  if (key === 'trained_rounds') return String(rounds);
  return key === objective ? trialValueText(value, 'metric') : undefined;
}
