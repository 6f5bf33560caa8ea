'use client';

import { Button, Group, Text, Textarea } from '@mantine/core';
import { useId } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Result } from '@/lib/core/result';

interface Props<T> {
  /** Name of the field. */
  readonly label: string;
  /** The text that is in use. */
  readonly applied: string;
  /** The text as it is being written; null while it is the one in use. */
  readonly draft: string | null;
  readonly onDraft: (draft: string | null) => void;
  readonly parse: (text: string) => Result<T>;
  /** What a sound text holds, such as "36 tests". */
  readonly summaryOf: (value: T) => string;
  readonly onApply: (value: T) => void;
  /** Go back to the default; null where the default is in use. */
  readonly onReset: (() => void) | null;
  readonly download: { readonly label: string; readonly fileName: string; readonly text: string };
}

/** A JSON text to be read, edited with its faults told as they are made, applied, put back and downloaded. */
export function JsonDraft<T>({
  label,
  applied,
  draft,
  onDraft,
  parse,
  summaryOf,
  onApply,
  onReset,
  download,
}: Props<T>) {
  const faultId = useId();
  const text = draft ?? applied;
  const parsed = parse(text);
  return (
    <>
      <Textarea
        aria-label={label}
        aria-describedby={faultId}
        error={!parsed.ok}
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
        value={text}
        onChange={(event) =>
          onDraft(event.currentTarget.value === applied ? null : event.currentTarget.value)
        }
      />
      <Text
        id={faultId}
        role="status"
        size="sm"
        mt={4}
        mb="xs"
        c={parsed.ok ? 'dimmed' : 'var(--mantine-color-error)'}
      >
        {parsed.ok
          ? `${summaryOf(parsed.value)}${draft === null ? ', in use.' : ', not applied yet.'}`
          : `${parsed.error.message} ${parsed.error.hint}`}
      </Text>
      <Group gap={6}>
        <Button
          size="compact-sm"
          disabled={draft === null || !parsed.ok}
          onClick={() => {
            if (!parsed.ok) return;
            onDraft(null);
            onApply(parsed.value);
          }}
        >
          Apply
        </Button>
        <Button size="compact-sm" variant="default" disabled={draft === null} onClick={() => onDraft(null)}>
          Undo the changes
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={onReset === null}
          onClick={() => {
            onDraft(null);
            onReset?.();
          }}
        >
          Reset to the default
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => saveBlob(new Blob([download.text], { type: 'application/json' }), download.fileName)}
        >
          {download.label}
        </Button>
      </Group>
    </>
  );
}
