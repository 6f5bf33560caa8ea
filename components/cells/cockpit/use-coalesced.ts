'use client';

import { startTransition, useEffect, useRef, useState } from 'react';

/**
 * Follow a value that may change many times a second, but draw it at most once in an interval. The last value always
 * arrives; what it redraws is drawn in slices, so that the page answers meanwhile.
 */
export function useCoalesced<T>(value: T, intervalMs: number): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const lastAtMs = useRef(Number.NEGATIVE_INFINITY);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (Object.is(latest.current, value)) return;
    latest.current = value;
    if (timer.current !== null) return;
    const waitMs = Math.max(0, lastAtMs.current + intervalMs - performance.now());
    timer.current = setTimeout(() => {
      timer.current = null;
      lastAtMs.current = performance.now();
      startTransition(() => setShown(latest.current));
    }, waitMs);
  }, [value, intervalMs]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return shown;
}
