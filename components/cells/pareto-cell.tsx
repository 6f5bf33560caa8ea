'use client';

import { Group, Select, Slider, Text } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { segmentParetoFigure } from '@/lib/charts/segment-pareto-figure';
import { SEGMENT_DIMENSIONS } from '@/lib/explore/segments/dimensions';
import { DIMENSION_WORDS } from '@/lib/explore/segments/segment-sentences';
import { Figure } from '../figure';
import { percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Over the subscribers who pass the filters of the other figures: group by the chosen dimension; n, buyers (= sales), conversion = buyers / n.
Order by buyers, largest first. Cumulative share: of the buyers who have a value, each counted once.
Who has no value is a row of its own, outside the cumulative share.
In the accent colour: the fewest levels that together reach the chosen share of the sales.

The features learn their countries by the same rule from the training rows alone, whatever the filters say.`;

const LEAST_SHARE = 0.05;

/** Sales by country, product, tag or another dimension, and how many countries the features keep. */
export function ParetoCell() {
  const segments = useWorkbenchState((state) => state.segments);
  const share = useWorkbenchState((state) => state.params.paretoShare);
  const view = useWorkbenchState((state) => state.view);
  const handlePick = useLevelPicks();
  const workbench = useWorkbench();
  const handleCut = useCallback(
    (height: number) => {
      const paretoShare = Math.min(1, Math.max(LEAST_SHARE, Math.round(height * 100) / 100));
      void workbench.setParams({ paretoShare });
    },
    [workbench],
  );
  const chosen = view.filters.find(({ dimension }) => dimension === segments?.dimension)?.levels;
  const dimension = segments?.dimension ?? null;
  const sqlOf = useFigureSql(
    useMemo(() => (dimension === null ? null : { kind: 'segments', dimension, share }), [dimension, share]),
  );
  const build = useCallback(
    (theme: ChartTheme) => {
      if (segments === null) throw new Error('There is nothing to draw yet');
      return segmentParetoFigure({ ...segments, share, ...(chosen === undefined ? {} : { chosen }) }, theme);
    },
    [segments, share, chosen],
  );
  return (
    <Cell id="pareto" definition={{ label: 'definition', text: DEFINITION }}>
      {segments ? (
        <>
          <Group align="flex-end" gap="lg" mb="xs">
            <DimensionChoice />
            <ShareSlider key={share} share={share} />
          </Group>
          {segments.dimension === 'country' && (
            <Text size="sm" mb="sm">
              The features keep countries by the same rule over the training rows alone, which may be fewer;
              every other known country becomes “other”.
            </Text>
          )}
          <Figure
            build={build}
            fileName={`sales_by_${segments.dimension}`}
            heightPx={340}
            minWidthPx={740}
            onPickLevels={handlePick}
            onDragLine={handleCut}
            sqlOf={sqlOf}
          />
        </>
      ) : (
        <EmptyOutput id="pareto" />
      )}
    </Cell>
  );
}

function DimensionChoice() {
  const workbench = useWorkbench();
  const dimension = useWorkbenchState((state) => state.view.dimension);
  return (
    <Select
      label="Segment by"
      size="xs"
      w={170}
      allowDeselect={false}
      data={SEGMENT_DIMENSIONS.map((name) => ({ value: name, label: DIMENSION_WORDS[name].singular }))}
      value={dimension}
      onChange={(value) => {
        const next = SEGMENT_DIMENSIONS.find((name) => name === value);
        if (next !== undefined) void workbench.explore.look({ dimension: next });
      }}
    />
  );
}

function ShareSlider({ share }: { readonly share: number }) {
  const workbench = useWorkbench();
  const [value, setValue] = useState(share);
  return (
    <div style={{ flex: '1 1 260px', maxWidth: 420, marginBottom: 10 }}>
      <Text size="xs" c="dimmed" id="share-label">
        Share of sales that the kept levels must hold: {percentText(value, 0)}
      </Text>
      <Slider
        size="sm"
        min={LEAST_SHARE}
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
