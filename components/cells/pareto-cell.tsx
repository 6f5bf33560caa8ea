'use client';

import { Slider, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { countryParetoFigure } from '@/lib/charts/country-pareto-figure';
import { Figure } from '../figure';
import { percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

const DEFINITION = `Over all subscribers: group by country_code (lower case); n, buyers (= sales), conversion = buyers / n.
Order by buyers, largest first. Cumulative share: of the buyers whose country is known.
Missing countries are a row of their own, outside the cumulative share.
Kept: the fewest countries that together hold the chosen share of the sales.

The features learn their levels by the same rule from the training rows alone.`;

/** Sales by country, and how many countries the features keep. */
export function ParetoCell() {
  const pareto = useWorkbenchState((state) => state.pareto);
  const share = useWorkbenchState((state) => state.params.paretoShare);
  const build = useCallback(
    (theme: ChartTheme) =>
      countryParetoFigure({ rows: pareto?.rows ?? [], paretoShare: pareto?.share ?? 1 }, theme),
    [pareto],
  );
  return (
    <Cell id="pareto" definition={{ label: 'definition', text: DEFINITION }}>
      {pareto ? (
        <>
          <ShareSlider key={share} share={share} />
          <Text size="sm" mb="sm">
            The features keep countries by the same rule over the training rows alone, which may be fewer;
            every other known country becomes “other”.
          </Text>
          <Figure build={build} fileName="sales_by_country" heightPx={320} />
        </>
      ) : (
        <EmptyOutput id="pareto" />
      )}
    </Cell>
  );
}

function ShareSlider({ share }: { readonly share: number }) {
  const workbench = useWorkbench();
  const [value, setValue] = useState(share);
  return (
    <div style={{ maxWidth: 420, marginBottom: 10 }}>
      <Text size="xs" c="dimmed" id="share-label">
        Share of sales that the kept countries must hold: {percentText(value, 0)}
      </Text>
      <Slider
        size="sm"
        min={0.05}
        max={1}
        step={0.01}
        value={value}
        onChange={setValue}
        onChangeEnd={(paretoShare) => void workbench.setParams({ paretoShare })}
        label={(position) => percentText(position, 0)}
        thumbProps={{ 'aria-labelledby': 'share-label' }}
      />
    </div>
  );
}
