'use client';

import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Workbench } from '@/lib/store/workbench';
import { shownStudy, type WorkbenchState } from '@/lib/store/workbench-state';
import type { StudyView } from '@/lib/tuning/study/study-view';

/** The page's one workbench. */
export const WorkbenchContext = createContext<Workbench | null>(null);

/** The workbench's commands. */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('useWorkbench needs a WorkbenchProvider above it');
  return workbench;
}

/** A part of the workbench's state; the component draws again when that part changes. */
export function useWorkbenchState<T>(select: (state: WorkbenchState) => T): T {
  return useStore(useWorkbench().store, select);
}

/** The study that is shown, without what its trials report while they train: the same object until an event changes it. */
export function useShownStudy(): StudyView | null {
  const state = useWorkbenchState((now) => shownStudy(now)?.state ?? null);
  const activity = useWorkbenchState((now) => shownStudy(now)?.activity ?? null);
  return useMemo(() => (state === null || activity === null ? null : { state, activity }), [state, activity]);
}
