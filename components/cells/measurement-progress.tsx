'use client';

import { Progress, Text } from '@mantine/core';
import type { MeasurementProgress } from '@/lib/evaluation/probe/measurement-order';
import { countText, durationText } from '../format';

/** How far a measurement has come, and how long it will take. */
export function MeasurementProgressBar({
  progress: { done, total, elapsedMs },
  label,
  noun = 'models',
}: {
  readonly progress: MeasurementProgress;
  readonly label: string;
  /** What is counted. */
  readonly noun?: string;
}) {
  const leftMs = done === 0 ? null : (elapsedMs / done) * (total - done);
  return (
    <div role="status">
      <Progress
        value={total === 0 ? 100 : (100 * done) / total}
        animated={total === 0}
        size={6}
        mt="sm"
        aria-label={label}
      />
      <Text size="xs" c="dimmed" mt={4} mb="sm">
        {total === 0
          ? 'Sending the matrix …'
          : `${countText(done)} of ${countText(total)} ${noun}${leftMs === null ? '' : `, about ${durationText(leftMs)} left`}`}
      </Text>
    </div>
  );
}
