'use client';

import { Button } from '@mantine/core';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { CELLS } from '@/lib/store/cells';
import { useStudyPalette } from './use-study-palette';
import { useWorkbench, useWorkbenchState } from './use-workbench';

/** Opens the palette; the keyboard's way is Ctrl or Cmd + K. */
export function CommandPaletteButton() {
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconSearch size={14} />}
      onClick={spotlight.open}
      aria-label="Find a cell or a command"
      aria-keyshortcuts="Control+K"
    >
      Ctrl K
    </Button>
  );
}

/** Jump to a cell or run a command by typing a part of its name. */
export function CommandPalette() {
  const workbench = useWorkbench();
  const hasOwnFile = useWorkbenchState((state) => state.source !== null && !state.source.isDemo);
  const studyCommands = useStudyPalette();
  const commands: SpotlightActionData[] = CELLS.map((cell, index) => ({
    id: cell.id,
    label: `${index + 1}. ${cell.title}`,
    description: `Go to ${cell.stage.toLowerCase()}`,
    onClick: () => document.getElementById(`cell-${cell.id}`)?.scrollIntoView({ block: 'start' }),
  }));
  if (hasOwnFile)
    commands.push({
      id: 'demo',
      label: 'Forget this file and open the demo CRM',
      onClick: () => void workbench.forgetFile(),
    });
  commands.push(...studyCommands);
  return (
    <Spotlight
      actions={commands}
      shortcut="mod + K"
      tagsToIgnore={[]}
      attributes={{ content: { 'aria-label': 'Cells and commands' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      nothingFound="Nothing by that name."
      highlightQuery
      searchProps={{ placeholder: 'Cell or command', 'aria-label': 'Cell or command' }}
    />
  );
}
