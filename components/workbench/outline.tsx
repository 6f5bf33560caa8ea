'use client';

import { NavLink, ScrollArea } from '@mantine/core';
import { CELLS } from '@/lib/store/cells';
import { StatusIcon, statusText } from './status-badge';
import { useWorkbenchState } from './use-workbench';

/** The notebook's table of contents: every cell with its state. */
export function Outline({ onNavigate }: { readonly onNavigate: () => void }) {
  const statuses = useWorkbenchState((state) => state.statuses);
  return (
    <ScrollArea component="nav" aria-label="Outline" style={{ height: '100%' }}>
      {CELLS.map((cell, index) => (
        <NavLink
          key={cell.id}
          href={`#cell-${cell.id}`}
          label={`${index + 1}. ${cell.title}`}
          description={statusText(statuses[cell.id])}
          leftSection={<StatusIcon status={statuses[cell.id]} size={15} />}
          py={5}
          styles={{ label: { fontSize: 'var(--mantine-font-size-sm)' }, description: { lineHeight: 1.3 } }}
          onClick={(event) => {
            // Followed as a link it would take the place of what the address holds of the exploration.
            event.preventDefault();
            document.getElementById(`cell-${cell.id}`)?.scrollIntoView({ block: 'start' });
            onNavigate();
          }}
        />
      ))}
    </ScrollArea>
  );
}
