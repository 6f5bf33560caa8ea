'use client';

import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import { failureOf } from '@/lib/store/cell-runs';

/** An answer that a worker works out when it is asked for. */
export type Asked<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'answered'; readonly value: T };

/**
 * Ask a worker, again whenever what is asked changes; an answer to an older question is dropped.
 *
 * @param what named in messages of failure
 * @param ask must be stable: it is asked again when it is another function
 */
export function useAsked<T>(what: string, ask: () => Promise<T>): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'waiting' });
  useEffect(() => {
    let isLeft = false;
    setAsked({ kind: 'waiting' });
    ask().then(
      (value) => {
        if (!isLeft) setAsked({ kind: 'answered', value });
      },
      (error: unknown) => {
        if (!isLeft) setAsked({ kind: 'failed', failure: failureOf(error, what) });
      },
    );
    return () => {
      isLeft = true;
    };
  }, [what, ask]);
  return asked;
}
