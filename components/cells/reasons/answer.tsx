'use client';

import { Alert, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Asked } from './use-asked';

/** What was asked, once it is answered; until then that it is being worked out, and where it failed, why. */
export function Answer<T>({
  asked,
  what,
  children,
}: {
  readonly asked: Asked<T>;
  /** Read out while it is worked out. */
  readonly what: string;
  readonly children: (value: T) => ReactNode;
}) {
  if (asked.kind === 'waiting') return <Loader size="xs" aria-label={`Working out: ${what}`} role="status" />;
  if (asked.kind === 'answered') return children(asked.value);
  return (
    <Alert color="red" title={asked.failure.message}>
      {asked.failure.hint}
    </Alert>
  );
}
