'use client';

import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { metricText } from '../format';
import { useWorkbenchState } from './use-workbench';

/** Says when a study that was seen running has ended, wherever on the page the user is. */
export function FinishedNotices() {
  const isRunning = useWorkbenchState((state) => state.statuses.tuning.kind === 'running');
  const model = useWorkbenchState((state) => state.model);
  const wasRunning = useRef(false);
  useEffect(() => {
    if (isRunning) wasRunning.current = true;
  }, [isRunning]);
  useEffect(() => {
    if (!model || !wasRunning.current) return;
    wasRunning.current = false;
    notifications.show({
      title: 'The study is done',
      closeButtonProps: { 'aria-label': 'Close' },
      message: `roc_auc on the test rows: ${metricText(model.report.roc_auc)}. The leads are scored below.`,
    });
  }, [model]);
  return null;
}
