'use client';

import { TextInput } from '@mantine/core';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly widthPx: number;
  readonly isFaulty: boolean;
  readonly onText: (text: string) => void;
}

/** One field of the table of parameters. Text, so that half a number can be typed. */
export function SpaceField({ label, text, widthPx, isFaulty, onText }: Props) {
  return (
    <TextInput
      aria-label={label}
      aria-describedby={isFaulty ? 'space-faults' : undefined}
      error={isFaulty}
      w={widthPx}
      value={text}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}
