import { Loader, Text } from '@mantine/core';
import {
  IconCircle,
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconLock,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { CellStatus } from '@/lib/store/cells';
import { durationText } from '../format';

const LABELS: Record<CellStatus['kind'], string> = {
  idle: 'Idle',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  stale: 'Stale',
  paused: 'Paused',
  blocked: 'Blocked',
};

/** The state of a cell as an icon; its name is read out. */
export function StatusIcon({ status, size = 16 }: { readonly status: CellStatus; readonly size?: number }) {
  const label = LABELS[status.kind];
  const common = { size, stroke: 2, 'aria-label': label, role: 'img' } as const;
  switch (status.kind) {
    case 'idle':
      return <IconCircle {...common} color="var(--mantine-color-dimmed)" />;
    case 'running':
      return <Loader size={size - 2} aria-label={label} role="img" />;
    case 'done':
      return <IconCircleCheck {...common} color="var(--lb-good)" />;
    case 'failed':
      return <IconCircleX {...common} color="var(--lb-bad)" />;
    case 'stale':
      return <IconClockExclamation {...common} color="var(--lb-warn)" />;
    case 'paused':
      return <IconPlayerPause {...common} color="var(--lb-warn)" />;
    case 'blocked':
      return <IconLock {...common} color="var(--lb-warn)" />;
  }
}

/** The state of a cell in words: its reason, or the time it took. */
export function statusText(status: CellStatus): string {
  switch (status.kind) {
    case 'idle':
    case 'stale':
    case 'paused':
    case 'blocked':
      return `${LABELS[status.kind]} · ${status.reason}`;
    case 'running': {
      const progress = status.progress;
      if (!progress) return 'Running';
      return progress.total > 0 ? `${progress.label} ${progress.done} of ${progress.total}` : progress.label;
    }
    case 'done':
      return `Done in ${durationText(status.elapsedMs)}`;
    case 'failed':
      return 'Failed';
  }
}

/** Icon and words together, announced politely when they change. */
export function StatusLine({ status }: { readonly status: CellStatus }) {
  return (
    <Text
      size="xs"
      c="dimmed"
      className="tabular"
      role="status"
      style={{ display: 'flex', alignItems: 'center', gap: 6 }}
    >
      <StatusIcon status={status} />
      {statusText(status)}
    </Text>
  );
}
