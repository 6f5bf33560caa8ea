'use client';

import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useDropzone } from 'react-dropzone';
import type { Failure } from '@/lib/core/result';
import type { SuppressionList } from '@/lib/scoring/export/suppression';
import { failureOf } from '@/lib/store/cell-runs';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** People who opted out: handed over as a text or a file, kept in this browser, left out of every lead list. */
export function SuppressionPanel() {
  const { strategy } = useWorkbench();
  const suppressed = useWorkbenchState((state) => state.suppressed);
  const nSuppressed = useWorkbenchState((state) => state.leads?.nSuppressed ?? 0);
  const [text, setText] = useState('');
  const [said, setSaid] = useState<SuppressionList | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const attempt = async (work: () => Promise<SuppressionList | null>) => {
    setFailure(null);
    try {
      setSaid(await work());
      setText('');
    } catch (error) {
      setFailure(failureOf(error, 'People who opted out'));
    }
  };
  const take = (given: string) => void attempt(() => strategy.suppress(given));
  const takeFile = (file: File | null | undefined) => {
    if (file) void attempt(async () => strategy.suppress(await file.text()));
  };
  const drop = useDropzone({ onDrop: ([file]) => takeFile(file), noClick: true, noKeyboard: true });
  return (
    <Stack gap="xs" mb="sm" component="section" aria-label="People who opted out" {...drop.getRootProps()}>
      <input {...drop.getInputProps()} aria-label="File of people who opted out" />
      <Textarea
        label="E-mail addresses of people who opted out"
        description="One a line, or any CSV; paste them, or drop a file here. Case and blanks around do not matter."
        autosize
        minRows={2}
        maxRows={6}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button size="xs" disabled={text.trim() === ''} onClick={() => take(text)}>
          Leave them out
        </Button>
        <FileButton onChange={takeFile} accept=".csv,.txt,text/plain,text/csv">
          {(props) => (
            <Button {...props} size="xs" variant="default">
              Open a file
            </Button>
          )}
        </FileButton>
        {(suppressed === null || suppressed.length > 0) && (
          <Button
            size="xs"
            variant="default"
            onClick={() => void attempt(() => strategy.clearSuppressed().then(() => null))}
          >
            Clear the list
          </Button>
        )}
      </Group>
      <Text size="xs" role="status">
        {suppressed === null
          ? 'The list kept in this browser cannot be read.'
          : `${countText(suppressed.length)} addresses opted out; ${countText(nSuppressed)} subscribers are left out of the list and of every download of it.`}
        {said !== null &&
          ` Found ${countText(said.addresses.length)} addresses${said.nLinesWithout > 0 ? `, and ${countText(said.nLinesWithout)} lines without one` : ''}.`}
      </Text>
      <Text size="xs" c="dimmed">
        Kept in this browser’s private storage; it is sent nowhere.
      </Text>
      {failure && <FailureAlert failure={failure} />}
    </Stack>
  );
}
