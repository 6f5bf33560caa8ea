'use client';

import { type RefObject, useEffect, useState } from 'react';

/** How far outside the window counts as near, in heights of the window. */
const MARGIN = '75% 0px';

/** Tell whether an element is in the window or would come into it with the next turn of a wheel or key. */
export function useNearWindow(element: RefObject<HTMLElement | null>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new IntersectionObserver(
      (entries) => setIsNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: MARGIN },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return isNear;
}
