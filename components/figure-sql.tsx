'use client';

import { Button, CopyButton, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { failureOf } from '@/lib/store/cell-runs';
import classes from './figure-sql.module.css';
import { FailureAlert } from './workbench/cell';

type Asked =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly sql: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Props {
  /** Must be stable while the statement stays the same. */
  readonly sqlOf: () => Promise<string>;
  readonly heightPx: number;
  /** What the figure says. */
  readonly label: string;
}

/** The statement that gives a figure's table from the file itself, to be read and copied. */
export function FigureSql({ sqlOf, heightPx, label }: Props) {
  const [asked, setAsked] = useState<Asked>({ kind: 'loading' });
  useEffect(() => {
    let isWanted = true;
    sqlOf().then(
      (sql) => isWanted && setAsked({ kind: 'known', sql }),
      (error: unknown) => isWanted && setAsked({ kind: 'failed', failure: failureOf(error, 'The SQL') }),
    );
    return () => {
      isWanted = false;
    };
  }, [sqlOf]);
  if (asked.kind === 'loading') return <Loader size="xs" aria-label="Writing the statement" />;
  if (asked.kind === 'failed') return <FailureAlert failure={asked.failure} />;
  return (
    <>
      <div className={classes.head}>
        <Text size="xs" c="dimmed">
          Gives the table from the file itself, with the filters of the other figures. For SQLite 3.38 or
          newer; its “lower” folds A to Z alone.
        </Text>
        <CopyButton value={asked.sql}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <section
        className={classes.code}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        aria-label={`SQL: ${label}`}
        style={{ maxHeight: heightPx }}
      >
        {asked.sql}
      </section>
    </>
  );
}
