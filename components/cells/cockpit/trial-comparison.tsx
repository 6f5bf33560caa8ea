'use client';

import { Button, Group, Switch, Text } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { TrialColumn } from '@/lib/store/cockpit-columns';
import { comparedTrials } from '@/lib/store/cockpit-comparison';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { countText } from '../../format';
import { useCockpit } from './cockpit-context';
import { ComparisonTable } from './comparison-table';
import { trialValueText } from './trial-value';

/** More columns than this are a table of their own. */
const MAX_COMPARED = 12;

interface Props {
  /** By number, with holes. */
  readonly trials: readonly (TrialRecord | undefined)[];
  readonly columns: readonly TrialColumn[];
}

/** Pinned and selected trials side by side, once there are two. */
export function TrialComparison({ trials, columns }: Props) {
  const { picks } = useCockpit();
  const [isOpen, setIsOpen] = useState(false);
  const [areOnlyDiffering, setAreOnlyDiffering] = useState(false);
  const picked = useMemo(() => {
    const selected = [...picks.selected].sort((a, b) => a - b);
    const numbers = new Set([...picks.pinned, ...selected]);
    return [...numbers].flatMap((number) => trials[number - 1] ?? []);
  }, [picks, trials]);
  if (picked.length < 2) return null;
  return (
    <>
      <Group gap="md" mt={8} mb={6} mih={24}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconColumns size={14} />}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Hide the comparison' : `Compare ${comparedText(picked.length)} side by side`}
        </Button>
        {isOpen && (
          <Switch
            size="xs"
            label="Only what differs"
            checked={areOnlyDiffering}
            onChange={(event) => setAreOnlyDiffering(event.currentTarget.checked)}
          />
        )}
        {isOpen && picked.length > MAX_COMPARED && (
          <Text size="xs" c="dimmed">
            The first {MAX_COMPARED} of {countText(picked.length)}; pinned ones come first.
          </Text>
        )}
      </Group>
      {isOpen && (
        <SideBySide
          trials={picked.slice(0, MAX_COMPARED)}
          columns={columns}
          areOnlyDiffering={areOnlyDiffering}
        />
      )}
    </>
  );
}

function comparedText(nPicked: number): string {
  return nPicked > MAX_COMPARED ? `the first ${MAX_COMPARED}` : `${nPicked} trials`;
}

function SideBySide({
  trials,
  columns,
  areOnlyDiffering,
}: {
  readonly trials: readonly TrialRecord[];
  readonly columns: readonly TrialColumn[];
  readonly areOnlyDiffering: boolean;
}) {
  const rows = comparedTrials(trials, columns).filter(({ differs }) => differs || !areOnlyDiffering);
  return (
    <ComparisonTable
      label="Trials compared"
      heads={trials.map(({ number }) => ({ key: String(number), head: `Trial ${number}` }))}
      rows={rows.map(({ key, label, values, differs, column }) => ({
        key,
        label,
        // Results nearly always differ; which parameters do is the question.
        differs: differs && column.format === 'parameter',
        texts: values.map((value) => trialValueText(value, column.format)),
      }))}
    />
  );
}
