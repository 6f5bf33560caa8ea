'use client';

import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props {
  readonly minWidthPx: number;
  /** Read out where there is something to scroll. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Content that is scrolled sideways, also by keyboard, where there is less room than it needs. */
export function Sideways({ minWidthPx, label, children }: Props) {
  const { ref, width } = useElementSize<HTMLElement>();
  const isScrolled = width > 0 && width < minWidthPx;
  return (
    <section
      ref={ref}
      tabIndex={isScrolled ? 0 : undefined}
      aria-label={isScrolled ? `${label} (scrolled sideways)` : undefined}
      style={{ overflowX: 'auto', overflowY: 'hidden' }}
    >
      <div style={{ minWidth: minWidthPx }}>{children}</div>
    </section>
  );
}
