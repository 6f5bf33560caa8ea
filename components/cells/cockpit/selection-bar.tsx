'use client';

import { Button, Group, Text } from '@mantine/core';
import { IconPin, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { MAX_PINNED } from '@/lib/store/cockpit-picks';
import { countText } from '../../format';
import { useCockpit } from './cockpit-context';

/** How many trials are selected and pinned, and the way to let them go. Always there, so that nothing jumps. */
export function SelectionBar() {
  const { picks, pick } = useCockpit();
  const nSelected = picks.selected.size;
  useEscape(nSelected > 0, () => pick({ type: 'selection_cleared' }));
  return (
    <Group gap="xs" mih={24} mb={6}>
      <Text size="xs" c="dimmed" className="tabular" role="status">
        {selectionText(nSelected, picks.pinned.length)}
      </Text>
      {nSelected > 0 && (
        <>
          <Button
            size="compact-xs"
            variant="light"
            rightSection={<IconX size={12} />}
            onClick={() => pick({ type: 'selection_cleared' })}
            aria-keyshortcuts="Escape"
          >
            Clear selection
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPin size={12} />}
            disabled={picks.pinned.length >= MAX_PINNED}
            onClick={() => pick({ type: 'selection_pinned' })}
          >
            Pin {nSelected > MAX_PINNED ? `the first ${MAX_PINNED}` : nSelected === 1 ? 'it' : 'them'}
          </Button>
        </>
      )}
      {picks.pinned.length > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => pick({ type: 'pins_cleared' })}>
          Unpin all
        </Button>
      )}
    </Group>
  );
}

function selectionText(nSelected: number, nPinned: number): string {
  const pinned = nPinned === 0 ? '' : `, ${countText(nPinned)} pinned`;
  if (nSelected === 0) {
    return nPinned === 0
      ? 'Click a trial in the table or a figure to select it; shift adds.'
      : `No trial selected${pinned}.`;
  }
  return `${countText(nSelected)} ${nSelected === 1 ? 'trial' : 'trials'} selected${pinned}.`;
}

/** Hear Escape anywhere on the page but where it means something else: in a field, a menu or a dialog. */
function useEscape(isHeard: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!isHeard) return;
    const handleKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const isElsewhere =
        event.target instanceof Element &&
        event.target.closest('input:not([type=checkbox]), [role=dialog], [role=menu]');
      if (!isElsewhere) onEscape();
    };
    document.addEventListener('keydown', handleKeyDown);
    return () => document.removeEventListener('keydown', handleKeyDown);
  });
}
