'use client';

import { Alert, Text } from '@mantine/core';
import { isGroup } from '@/lib/evaluation/leakage/suspects';
import { useWorkbenchState } from '../workbench/use-workbench';

/** Says before a study is started that a feature is as good as certain to know of the purchase. It stops nothing. */
export function LeakageWarning() {
  const suspects = useWorkbenchState((state) => state.suspects);
  const certain =
    suspects?.suspects.filter((suspect) => suspect.grade === 'certain' && !isGroup(suspect)) ?? [];
  return (
    <div role="status" aria-label="Leakage">
      {certain.length > 0 && (
        <Alert color="yellow" variant="light" mb="sm" title="The model would know the future">
          {certain.map(({ id, label, reasons }) => (
            <Text size="sm" key={id}>
              {label}: {reasons[0]?.text}
            </Text>
          ))}
          <Text size="sm" c="dimmed">
            Switch it off under “Features and split”, with the counts that hold it, or take the figures of
            this study for better than they are.
          </Text>
        </Alert>
      )}
    </div>
  );
}
