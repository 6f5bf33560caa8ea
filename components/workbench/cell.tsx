'use client';

import { Alert, Button, Progress, Text, Title } from '@mantine/core';
import { IconCode, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { type CellId, type CellStatus, cellDefinition } from '@/lib/store/cells';
import classes from './cell.module.css';
import { LeftOutNote } from './left-out-note';
import { StatusLine } from './status-badge';
import { useWorkbench, useWorkbenchState } from './use-workbench';

interface Props {
  readonly id: CellId;
  /** What the cell runs, for "show SQL" or "show definition". */
  readonly definition?: { readonly label: 'SQL' | 'definition'; readonly text: string };
  /** Buttons of the cell's own; "Run again" is added for cheap cells. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame every cell has: stage, title, state with its reason and time, actions, parameters and output. */
export function Cell({ id, definition, actions, children }: Props) {
  const { stage, title, cost } = cellDefinition(id);
  const status = useWorkbenchState((state) => state.statuses[id]);
  const workbench = useWorkbench();
  const [isShown, setIsShown] = useState(false);
  const canRerun =
    cost === 'cheap' &&
    id !== 'source' &&
    (status.kind === 'done' || status.kind === 'failed' || status.kind === 'stale');
  return (
    <section
      className={classes.cell}
      id={`cell-${id}`}
      aria-labelledby={`title-${id}`}
      data-status={status.kind}
      data-cell={id}
    >
      <header className={classes.head}>
        <span className={classes.stage}>{stage}</span>
        <Title order={2} id={`title-${id}`}>
          {title}
        </Title>
        <StatusLine status={status} />
        {id !== 'source' && <LeftOutNote />}
        <div className={classes.actions}>
          {definition && (
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<IconCode size={14} />}
              aria-expanded={isShown}
              onClick={() => setIsShown(!isShown)}
            >
              {isShown ? 'Hide' : 'Show'} {definition.label}
            </Button>
          )}
          {canRerun && (
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<IconRefresh size={14} />}
              onClick={() => void workbench.rerun(id)}
            >
              Run again
            </Button>
          )}
          {actions}
        </div>
      </header>
      <ProgressBar status={status} title={title} />
      <div className={classes.body}>
        {definition && isShown && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
          <section className={classes.code} tabIndex={0} aria-label={`${title}: ${definition.label}`}>
            {definition.text}
          </section>
        )}
        {status.kind === 'failed' && <FailureAlert failure={status.failure} />}
        {children}
      </div>
    </section>
  );
}

function ProgressBar({ status, title }: { readonly status: CellStatus; readonly title: string }) {
  if (status.kind !== 'running') return null;
  const { progress } = status;
  const isKnown = progress !== null && progress.total > 0;
  const percent = isKnown ? (100 * progress.done) / progress.total : 100;
  return (
    <Progress value={percent} animated={!isKnown} size={3} radius={0} aria-label={`Progress of ${title}`} />
  );
}

/** A failure as the user reads it: what is wrong, and what to do. */
export function FailureAlert({ failure, title }: { readonly failure: Failure; readonly title?: string }) {
  return (
    <Alert color="red" variant="light" mb="sm" title={title} role="alert" data-code={failure.code}>
      <Text size="sm">{failure.message}</Text>
      <Text size="sm" c="dimmed">
        {failure.hint}
      </Text>
    </Alert>
  );
}

/** Shown in a cell that has nothing to show yet. */
export function EmptyOutput({ id }: { readonly id: CellId }) {
  const status = useWorkbenchState((state) => state.statuses[id]);
  if (status.kind === 'failed') return null;
  const text =
    status.kind === 'running' ? 'Working …' : 'reason' in status ? status.reason : 'Nothing to show.';
  return (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  );
}
