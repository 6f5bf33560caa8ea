'use client';

import { Loader, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { redundancyFigure } from '@/lib/charts/redundancy-figure';
import type { Failure } from '@/lib/core/result';
import type { Redundancy } from '@/lib/features/redundancy';
import { failureOf } from '@/lib/store/cell-runs';
import { DataTable } from '../../data-table';
import { Figure } from '../../figure';
import { countText, percentText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

type Asked =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly redundancy: Redundancy }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Which features say the same as others: worked out when it is opened, and again when the features change. */
export function FeatureRedundancy() {
  const workbench = useWorkbench();
  const features = useWorkbenchState((state) => state.features);
  const [asked, setAsked] = useState<Asked>({ kind: 'loading' });
  useEffect(() => {
    let isWanted = features !== null;
    workbench.featureRedundancy().then(
      (redundancy) => isWanted && setAsked({ kind: 'known', redundancy }),
      (error: unknown) => isWanted && setAsked({ kind: 'failed', failure: failureOf(error, 'Redundancy') }),
    );
    return () => {
      isWanted = false;
    };
  }, [workbench, features]);
  if (asked.kind === 'loading') return <Loader size="xs" aria-label="Comparing the features" />;
  if (asked.kind === 'failed') return <FailureAlert failure={asked.failure} />;
  return <Output redundancy={asked.redundancy} />;
}

function Output({ redundancy }: { readonly redundancy: Redundancy }) {
  const { identical, nRows, nTrainingRows, explained } = redundancy;
  const build = useCallback((theme: ChartTheme) => redundancyFigure(redundancy, theme), [redundancy]);
  return (
    <>
      <Figure build={build} fileName="feature_redundancy" heightPx={520} minWidthPx={640} />
      {identical.map((names) => (
        <Text size="sm" key={names[0]}>
          The same in every row: {names.join(', ')}.
        </Text>
      ))}
      <Text size="xs" c="dimmed" mb="xs" maw={900}>
        Over {nRows < nTrainingRows ? `${countText(nRows)} of the ` : 'the '}
        {countText(nTrainingRows)} training rows, for each pair over those that have both values. Spearman’s
        rank correlation; of the country’s places Cramér’s V or, with a number, the correlation ratio.
      </Text>
      {explained === null ? (
        <Text size="sm" c="dimmed">
          Too few rows have a value of every feature to say how much the others explain.
        </Text>
      ) : (
        <DataTable
          label="Explained by the others"
          maxHeightPx={220}
          columns={[
            { key: 'name', label: 'Feature' },
            { key: 'share', label: 'Ranks explained by the others', align: 'right' },
            { key: 'inflation', label: 'Variance inflation', align: 'right' },
          ]}
          rows={explained.map(({ name, share }) => ({
            name,
            share: percentText(share, 1),
            inflation: share === 1 ? '∞' : (1 / (1 - share)).toFixed(1),
          }))}
        />
      )}
    </>
  );
}
