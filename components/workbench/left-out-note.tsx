'use client';

import { Text } from '@mantine/core';
import { leftOutInAll } from '@/lib/quality/repair/apply-steps';
import { leftOutText } from '@/lib/quality/repair/step-sentence';
import { useWorkbenchState } from './use-workbench';

/** What the steps before the join left out, beside everything that is reckoned without it; nothing where nothing is. */
export function LeftOutNote() {
  const outcomes = useWorkbenchState((state) => state.ingest?.outcomes);
  const text = outcomes === undefined ? null : leftOutText(leftOutInAll(outcomes));
  if (text === null) return null;
  return (
    <Text size="xs" c="dimmed" className="tabular" data-left-out>
      Without {text}
    </Text>
  );
}
