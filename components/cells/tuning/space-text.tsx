'use client';

import { Textarea } from '@mantine/core';
import { useWorkbench } from '../../workbench/use-workbench';

/** The search space as JSON, to be written or pasted. */
export function SpaceText({ text, isSound }: { readonly text: string; readonly isSound: boolean }) {
  const workbench = useWorkbench();
  return (
    <Textarea
      aria-label="Search space as JSON"
      aria-describedby={isSound ? undefined : 'space-faults'}
      error={!isSound}
      autosize
      minRows={6}
      maxRows={22}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
      value={text}
      onChange={(event) => void workbench.setSpaceDraft({ view: 'json', text: event.currentTarget.value })}
    />
  );
}
