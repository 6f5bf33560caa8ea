'use client';

import { Button, FileButton, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import { areApart, type DayRange, type DriftRanges } from '@/lib/explore/drift/drift-windows';
import { countText } from '../format';
import { FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

/** What is compared with what: ranges of opt-in days, or this file and a second one. */
export function DriftSides({ report }: { readonly report: DriftReport }) {
  const workbench = useWorkbench();
  const compared = useWorkbenchState((state) => state.compared);
  const failure = useWorkbenchState((state) => state.comparedFailure);
  const chosen = useWorkbenchState((state) => state.view.driftRanges);
  const [isReading, setIsReading] = useState(false);
  const compareWith = async (file: File | null) => {
    if (file === null) return;
    setIsReading(true);
    await workbench.explore.compareWith({ name: file.name, bytes: await file.arrayBuffer() });
    setIsReading(false);
  };
  const { days } = report;
  const ranges = chosen ?? rangesOfSides(report);
  return (
    <>
      {failure && <FailureAlert failure={failure} title="The second file was not read." />}
      <Group align="flex-end" gap="sm" mb="sm">
        {compared === null && ranges !== null && days !== null && (
          <Ranges key={JSON.stringify(ranges)} days={days} {...ranges} />
        )}
        {compared === null && chosen !== null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void workbench.explore.look({ driftRanges: null })}
          >
            Days that suggest themselves
          </Button>
        )}
        {compared !== null && (
          <Text size="sm">
            Compared with {compared.fileName}, {countText(compared.nSubscribers)} subscribers.
          </Text>
        )}
        <FileButton
          onChange={(file) => void compareWith(file)}
          inputProps={{ 'aria-label': 'Second CRM file (SQLite)' }}
        >
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" loading={isReading}>
              Compare with a second file
            </Button>
          )}
        </FileButton>
        {compared !== null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void workbench.explore.compareWith(null)}
          >
            Compare opt-in dates
          </Button>
        )}
      </Group>
    </>
  );
}

function rangesOfSides({ sides }: DriftReport): DriftRanges | null {
  const [reference, current] = [sides?.reference.range ?? null, sides?.current.range ?? null];
  return reference === null || current === null ? null : { reference, current };
}

function Ranges({ days, reference, current }: DriftRanges & { readonly days: DayRange }) {
  const workbench = useWorkbench();
  const [texts, setTexts] = useState({
    referenceFrom: formatDay(reference.from),
    referenceTo: formatDay(reference.to),
    currentFrom: formatDay(current.from),
    currentTo: formatDay(current.to),
  });
  const ranges = rangesOf(texts);
  const isSame = JSON.stringify(ranges) === JSON.stringify({ reference, current });
  const input = (key: keyof typeof texts, label: string) => (
    <TextInput
      type="date"
      size="xs"
      label={label}
      value={texts[key]}
      min={formatDay(days.from)}
      max={formatDay(days.to)}
      error={ranges === null}
      onChange={(event) => setTexts({ ...texts, [key]: event.currentTarget.value })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ranges !== null) void workbench.explore.look({ driftRanges: ranges });
      }}
    >
      <Group align="flex-end" gap="sm">
        {input('referenceFrom', 'Reference from')}
        {input('referenceTo', 'Reference to')}
        {input('currentFrom', 'Current from')}
        {input('currentTo', 'Current to')}
        <Button type="submit" size="compact-sm" disabled={ranges === null || isSame}>
          Compare these days
        </Button>
      </Group>
      {ranges === null && (
        <Text size="xs" c="red" role="alert" mt={4}>
          Each range must end after it begins, and the two must not overlap.
        </Text>
      )}
    </form>
  );
}

function rangesOf(texts: {
  readonly referenceFrom: string;
  readonly referenceTo: string;
  readonly currentFrom: string;
  readonly currentTo: string;
}): DriftRanges | null {
  const reference = rangeOf(texts.referenceFrom, texts.referenceTo);
  const current = rangeOf(texts.currentFrom, texts.currentTo);
  if (reference === null || current === null) return null;
  return areApart({ reference, current }) ? { reference, current } : null;
}

function rangeOf(fromText: string, toText: string): DayRange | null {
  const [from, to] = [parseDay(fromText), parseDay(toText)];
  return from === MISSING_DAY || to === MISSING_DAY || from > to ? null : { from, to };
}
