'use client';

import { Button, Chip, Group, Text, TextInput } from '@mantine/core';
import { IconDownload, IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Failure } from '@/lib/core/result';
import type { TrialQuery } from '@/lib/store/cockpit-table';
import type { TrialStatus } from '@/lib/tuning/study/trial-record';
import { countText } from '../../format';

const STATES = ['complete', 'pruned', 'paused', 'running', 'failed'] as const;

interface Props {
  readonly query: TrialQuery;
  readonly onChange: (query: TrialQuery) => void;
  /** Trials in each state, filtered or not. */
  readonly counts: Readonly<Record<TrialStatus, number>>;
  readonly nShown: number;
  readonly nTrials: number;
  /** What is wrong with the filter as it is typed. */
  readonly fault: Failure | null;
  readonly onDownload: () => void;
}

/** What the trial table shows: a filter in words, the states, and how many trials that leaves. */
export function TrialFilters(props: Props) {
  const { query, onChange, counts, fault } = props;
  const shownStates = STATES.filter((state) => counts[state] > 0 || query.states.includes(state));
  return (
    <Group mb={6} gap="sm" align="flex-end">
      <TextInput
        label="Filter trials"
        placeholder="roc_auc > 0.8 max_depth <= 5"
        leftSection={<IconFilter size={14} />}
        value={query.filter}
        onChange={(event) => onChange({ ...query, filter: event.currentTarget.value })}
        error={fault !== null}
        aria-describedby="trial-filter-fault"
        w={280}
        maw="100%"
        spellCheck={false}
      />
      {(shownStates.length > 1 || query.states.length > 0) && (
        <Labelled label="States">
          <Chip.Group
            multiple
            value={[...query.states]}
            onChange={(states) =>
              onChange({ ...query, states: STATES.filter((state) => states.includes(state)) })
            }
          >
            <Group gap={4} h={30}>
              {shownStates.map((state) => (
                <Chip key={state} value={state} size="xs">
                  {state} {countText(counts[state])}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Labelled>
      )}
      <Group gap="sm" ml="auto" pb={4}>
        <Text size="xs" c="dimmed" className="tabular" role="status" aria-live="off">
          {countText(props.nShown)} of {countText(props.nTrials)} trials
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={props.onDownload}
        >
          trials.csv
        </Button>
      </Group>
      <FilterFault fault={fault} />
    </Group>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="xs" fw={500} mb={4} p={0}>
        {label}
      </Text>
      {children}
    </fieldset>
  );
}

function FilterFault({ fault }: { readonly fault: Failure | null }) {
  return (
    <Text
      id="trial-filter-fault"
      size="xs"
      c="var(--lb-bad)"
      w="100%"
      role="status"
      style={{ display: fault === null ? 'none' : undefined }}
    >
      {fault !== null && `${fault.message} ${fault.hint}`}
    </Text>
  );
}
