'use client';

import { Text } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { driftBinsFigure } from '@/lib/charts/drift-bins-figure';
import { driftWindowsFigure } from '@/lib/charts/drift-windows-figure';
import { type FeatureDrift, MOST_CHANCE, PSI_MARKS } from '@/lib/explore/drift/drift';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import { driftSentence } from '@/lib/explore/drift/drift-sentences';
import { Figure } from '../figure';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { DriftSides } from './drift-sides';
import { DriftTable, ranked } from './drift-table';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Compared, over the subscribers who pass the filters: those of the reference days with those of the current days. At first the older half and the newest quarter.
Or all of this file, the reference, with all of a second file, whatever the filters say.
Bins: numbers with more than ten values by tenths of the reference; of countries and e-mail domains the nine that are most frequent there, and the rest. No value is a bin of its own.
Bins with an expected count below 5 on either side are merged before anything is computed.
PSI = Σ (c − r) · ln(c / r) over the bins’ shares. Without a change, PSI / (1/n + 1/m) is about chi-square of bins − 1 degrees of freedom: the limit is its 0.95 quantile at these sizes (Yurdakul and Naranjo 2020).
JS: Jensen–Shannon distance, the root of the divergence in bits, 0 to 1.
Subscribers who are in both files make the test between files cautious.
Adjusted p: chi-square test of homogeneity, adjusted for all columns (Benjamini and Hochberg 1995). KS: two-sample Kolmogorov–Smirnov, numbers without the missing ones; exact up to a million pairs, Kolmogorov’s limit above; with ties too high.
Changed: adjusted p at most ${MOST_CHANCE} and PSI at least ${PSI_MARKS.small}; changed much: at least ${PSI_MARKS.large}. Either alone is not enough.
Since: of all ways to cut the time in two, the one with the largest chi-square between before and after; named where chance gives so large a one in at most 5 of 100 lists (999 draws).
Between two files, since: the first opt-in month in which they differ beyond chance, each month compared with the same month of the other file where both have it.
Columns that follow from the opt-in date differ between two times of necessity: they are left out then, and compared between two files.`;

/** Which columns are distributed otherwise than before, how much, and since when. */
export function DriftCell() {
  const drift = useWorkbenchState((state) => state.drift);
  return (
    <Cell id="drift" definition={{ label: 'definition', text: DEFINITION }}>
      {drift ? (
        <>
          <DriftSides report={drift} />
          <Output report={drift} />
        </>
      ) : (
        <EmptyOutput id="drift" />
      )}
    </Cell>
  );
}

function Output({ report }: { readonly report: DriftReport }) {
  const wanted = useWorkbenchState((state) => state.view.driftColumn);
  const features = ranked(report.features);
  // An address may name a column that this file lacks.
  const chosen = features.find(({ name }) => name === wanted) ?? features[0];
  return (
    <>
      <Text size="sm" fw={500} mb="xs">
        {driftSentence(report)}
      </Text>
      {chosen && (
        <>
          <DriftTable report={report} features={features} chosen={chosen} />
          <Figures report={report} feature={chosen} />
        </>
      )}
    </>
  );
}

function Figures({ report, feature }: { readonly report: DriftReport; readonly feature: FeatureDrift }) {
  const handlePick = useLevelPicks();
  const bySql = useMemo(() => sqlOf(report, feature), [report, feature]);
  const binsSql = useFigureSql(bySql?.bins ?? null);
  const windowsSql = useFigureSql(bySql?.windows ?? null);
  const buildWindows = useCallback(
    (theme: ChartTheme) => driftWindowsFigure(report, feature, theme),
    [report, feature],
  );
  const buildBins = useCallback(
    (theme: ChartTheme) => driftBinsFigure(report, feature, theme),
    [report, feature],
  );
  // Levels of two files cannot be looked at in one.
  const picks = report.kind === 'dates' ? { onPickLevels: handlePick } : {};
  return (
    <>
      <Figure
        build={buildBins}
        fileName={`${feature.name}_distribution`}
        heightPx={340}
        minWidthPx={480}
        {...(bySql && { sqlOf: binsSql })}
        {...picks}
      />
      <Figure
        build={buildWindows}
        fileName={`${feature.name}_over_time`}
        minWidthPx={640}
        {...(bySql && { sqlOf: windowsSql })}
        {...picks}
      />
    </>
  );
}

/** What the figures ask the file for; null where no one file can answer. */
function sqlOf({ kind, sides, windows }: DriftReport, { name, rule }: FeatureDrift) {
  const reference = sides?.reference.range;
  const current = sides?.current.range;
  if (kind === 'files' || !reference || !current) return null;
  const column = { name, rule };
  return {
    bins: { kind: 'drift_bins', column, ranges: { reference, current } },
    windows: { kind: 'drift_windows', column, windows },
  } as const;
}
