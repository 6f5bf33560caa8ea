'use client';

import { Tabs } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { optimisationHistoryFigure } from '@/lib/charts/optimisation-history-figure';
import type { FollowedStudy } from '@/lib/store/workbench-state';
import { Figure } from '../../figure';
import type { FigurePick } from '../../figure-picks';
import { useCockpit } from './cockpit-context';

export function StudyFigures({ study }: { readonly study: FollowedStudy }) {
  const { state } = study;
  const [tab, setTab] = useState<string | null>('history');
  const { picks, pick } = useCockpit();
  const { selected } = picks;
  const build = useCallback(
    (theme: ChartTheme) => optimisationHistoryFigure({ state, selected }, theme),
    [state, selected],
  );
  const onPick = useCallback((made: FigurePick) => pick({ type: 'picked', ...made }), [pick]);
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false} mb="sm">
      <Tabs.List mb="sm">
        <Tabs.Tab value="history">History</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="history">
        <Figure build={build} fileName="optimisation_history" heightPx={280} onPick={onPick} />
      </Tabs.Panel>
    </Tabs>
  );
}
