'use client';

import { createContext, type Dispatch, useContext } from 'react';
import { NO_PICKS, type PickMessage, type TrialPicks } from '@/lib/store/cockpit-picks';

/** What is picked out in a study, and how to pick. */
export interface Cockpit {
  readonly picks: TrialPicks;
  readonly pick: Dispatch<PickMessage>;
}

/** Shared by the trial table and every figure of one study. */
export const CockpitContext = createContext<Cockpit>({ picks: NO_PICKS, pick: () => undefined });

/** The picks of the study around. */
export function useCockpit(): Cockpit {
  return useContext(CockpitContext);
}
