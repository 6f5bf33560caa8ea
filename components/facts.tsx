import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** One figure with its name. */
export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
  /** What it means or where it comes from, in small. */
  readonly note?: string;
}

/** A row of figures with their names. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) => (
        <div key={fact.label}>
          <Text component="dt" size="xs" c="dimmed">
            {fact.label}
          </Text>
          <dd className={`${classes.value} tabular`}>
            {fact.value}
            {fact.note && <span className={classes.note}> {fact.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
