'use client';

import { Alert, Text } from '@mantine/core';
import { certainLeaks } from '@/lib/evaluation/leakage/suspects';
import { useWorkbenchState } from '../workbench/use-workbench';

type Leaks = ReturnType<typeof certainLeaks>;

/** Says before a study is started that a feature is as good as certain to know of the purchase. It stops nothing. */
export function LeakageWarning() {
  const suspects = useWorkbenchState((state) => state.suspects);
  return (
    <Leakage
      title="The model would know the future"
      leaks={suspects === null ? [] : certainLeaks(suspects)}
      advice="Switch it off under “Features and split”, with the counts that hold it, or take the figures of this study for better than they are."
    />
  );
}

function Leakage({
  title,
  leaks,
  advice,
}: {
  readonly title: string;
  readonly leaks: Leaks;
  readonly advice: string;
}) {
  return (
    <div role="status" aria-label="Leakage">
      {leaks.length > 0 && (
        <Alert color="yellow" variant="light" mb="sm" title={title}>
          {leaks.map(({ feature, reason }) => (
            <Text size="sm" key={feature}>
              {feature}: {reason}
            </Text>
          ))}
          <Text size="sm" c="dimmed">
            {advice}
          </Text>
        </Alert>
      )}
    </div>
  );
}
