'use client';

import { Button, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { anomalyDaysFigure } from '@/lib/charts/anomaly-days-figure';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { type AnomalyReport, ISOLATION_LIMIT } from '@/lib/explore/anomalies/anomalies';
import { OUTLIER_Z } from '@/lib/explore/anomalies/anomaly-robust-z';
import { anomalySentence } from '@/lib/explore/anomalies/anomaly-sentences';
import { DataTable } from '../data-table';
import { Figure } from '../figure';
import { countText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { AnomalyRows } from './anomaly-rows';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Over all subscribers, whatever the filters say.
Days: expected is the median of the same weekday in the 8 weeks before and after, plus ln 2 (the largest Poisson mean with that median). Opt-ins vary more than a Poisson variable:
the dispersion is the median of (opt-ins − expected)² / expected over all days, over 0.4549. A day stands out if a negative binomial variable of that mean and dispersion
is so large in at most 1 of 100 cases, adjusted for all days (Benjamini and Hochberg 1995), and if it has at least twice what was expected. Mailings and webinars stand out as imports do.
Impossible: a rating that is no whole number from 1 to 5, an opt-in after the newest day that it can be today or before 1971, a number of tags that is not that of the tags held.
Far out: |value − median| / (1.4826 · median absolute deviation) above ${OUTLIER_Z}; where that deviation is 0, 1.2533 · the mean absolute deviation (Iglewicz and Hoaglin 1993).
Looked for in opt-in days and, on the logarithm of 1 more, in numbers of tags.
Isolation forest: 100 trees of 256 subscribers each (Liu, Ting and Zhou 2008) over rating, tags, opt-in day, and the frequencies of country and e-mail domain; missing values as the median.
Scores near 0.5 are usual, ${ISOLATION_LIMIT} or more is told of. “Mostly for its”: the column whose median in its place would lower the score most.`;

const OPTIN_DAYS = { kind: 'optin_days' } as const;

/** Days with far more opt-ins than others, impossible values, and subscribers who are unlike the rest. */
export function AnomaliesCell() {
  const anomalies = useWorkbenchState((state) => state.anomalies);
  return (
    <Cell id="anomalies" definition={{ label: 'definition', text: DEFINITION }}>
      {anomalies ? <Output report={anomalies} /> : <EmptyOutput id="anomalies" />}
    </Cell>
  );
}

function Output({ report }: { readonly report: AnomalyReport }) {
  const filters = useWorkbenchState((state) => state.view.filters);
  const handlePick = useLevelPicks();
  const chosen = filters.find(({ dimension }) => dimension === 'anomaly')?.levels;
  const build = useCallback(
    (theme: ChartTheme) =>
      anomalyDaysFigure({ days: report.days, ...(chosen === undefined ? {} : { chosen }) }, theme),
    [report, chosen],
  );
  const sqlOf = useFigureSql(OPTIN_DAYS);
  return (
    <>
      <Figure
        build={build}
        fileName="optins_by_day"
        minWidthPx={640}
        sqlOf={sqlOf}
        onPickLevels={handlePick}
      />
      <Groups report={report} />
    </>
  );
}

function Groups({ report }: { readonly report: AnomalyReport }) {
  const [looked, setLooked] = useState<string | null>(null);
  const { groups } = report;
  return (
    <>
      <Text size="sm" fw={500} mt="sm" mb={4}>
        {anomalySentence(report)}
      </Text>
      {groups.length > 0 && (
        <DataTable
          label="What looks wrong"
          maxHeightPx={260}
          columns={[
            { key: 'level', label: 'Found' },
            { key: 'reason', label: 'Because' },
            { key: 'n', label: 'Subscribers', align: 'right' },
            { key: 'buyers', label: 'Sales', align: 'right' },
            { key: 'conversion', label: 'Conversion', align: 'right' },
            { key: 'rows', label: 'Rows', align: 'right' },
          ]}
          rows={groups.map(({ level, reason, n, buyers }) => ({
            level,
            reason,
            n: countText(n),
            buyers: countText(buyers),
            conversion: percentText(n === 0 ? null : buyers / n),
            rows: (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={looked === level}
                aria-label={`Rows of ${level}`}
                onClick={() => setLooked(looked === level ? null : level)}
              >
                Show
              </Button>
            ),
          }))}
        />
      )}
      {looked !== null && groups.some(({ level }) => level === looked) && (
        <AnomalyRows key={looked} level={looked} />
      )}
    </>
  );
}
