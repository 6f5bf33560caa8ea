'use client';

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Workbench } from '@/lib/store/workbench';
import type { WorkbenchState } from '@/lib/store/workbench-state';

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
