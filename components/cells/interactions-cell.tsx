'use client';

import { Button, Group, Select, Text } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { interactionFigure } from '@/lib/charts/interaction-figure';
import { type AxisName, filterOfAxis } from '@/lib/explore/interactions/interaction-axes';
import { isBeyondChance } from '@/lib/explore/interactions/interaction-ranking';
import { axisWords } from '@/lib/explore/interactions/interaction-sentence';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import { Figure } from '../figure';
import { percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Over the subscribers who pass the filters of the other figures: conversion in each cell of two axes.
Test: a logistic model with a term for each level of either axis against one with a term for each cell; G² = difference of their deviances, with as many
degrees of freedom as cells that are held, less the levels of both axes, plus 1. Strength = G² / all deviance between the cells.
Rising or falling: steps between neighbouring cells of at least 30 subscribers that chance alone gives in fewer than 1 of 20 cases.
The pairs offered are ranked over the subscribers who pass all filters, their p-values adjusted for all pairs (Benjamini and Hochberg 1995).`;

/** Pairs offered as buttons. */
const N_OFFERED = 6;

/** Conversion over any two features, and whether the one changes what the other does. */
export function InteractionsCell() {
  const interaction = useWorkbenchState((state) => state.interaction);
  const filters = useWorkbenchState((state) => state.view.filters);
  const meaning = useCallback(
    (filter: RowFilter) => {
      const axis = [interaction?.along, interaction?.up].find((side) => side?.name === filter.dimension);
      return axis === undefined ? filter : filterOfAxis(axis, filter.levels);
    },
    [interaction],
  );
  const handlePick = useLevelPicks(meaning);
  const sqlOf = useFigureSql(
    useMemo(
      () =>
        interaction === null ? null : { kind: 'interaction', along: interaction.along, up: interaction.up },
      [interaction],
    ),
  );
  const build = useCallback(
    (theme: ChartTheme) => {
      if (interaction === null) throw new Error('There is nothing to draw yet');
      return interactionFigure({ interaction, filters }, theme);
    },
    [interaction, filters],
  );
  return (
    <Cell id="interactions" definition={{ label: 'definition', text: DEFINITION }}>
      {interaction ? (
        <>
          <Choices along={interaction.along.name} up={interaction.up.name} />
          <Figure
            build={build}
            fileName="interaction"
            heightPx={360}
            minWidthPx={640}
            onPickLevels={handlePick}
            sqlOf={sqlOf}
          />
        </>
      ) : (
        <EmptyOutput id="interactions" />
      )}
    </Cell>
  );
}

function Choices({ along, up }: { readonly along: AxisName; readonly up: AxisName }) {
  const workbench = useWorkbench();
  const axes = useWorkbenchState((state) => state.axes);
  const ranking = useWorkbenchState((state) => state.ranking);
  if (axes === null) return null;
  const strongest = ranking?.filter(isBeyondChance).slice(0, N_OFFERED);
  const choice = (label: string, value: AxisName, other: AxisName, onAxis: (axis: AxisName) => void) => (
    <Select
      label={label}
      size="xs"
      w={190}
      searchable
      allowDeselect={false}
      data={axes.filter((axis) => axis !== other).map((axis) => ({ value: axis, label: axisWords(axis) }))}
      value={value}
      onChange={(chosen) => {
        const axis = axes.find((name) => name === chosen);
        if (axis !== undefined) onAxis(axis);
      }}
    />
  );
  return (
    <>
      <Group align="flex-end" gap="sm" mb="xs">
        {choice('Along', along, up, (axis) => void workbench.explore.look({ pair: { along: axis, up } }))}
        {choice('Up', up, along, (axis) => void workbench.explore.look({ pair: { along, up: axis } }))}
      </Group>
      {/* As high before the ranking is there as after, so that nothing moves under the pointer. */}
      <Group gap={6} mb="sm" mih={26}>
        <Text size="xs" c="dimmed">
          Strongest beyond chance:
        </Text>
        {strongest === undefined && <Text size="xs">ranking all pairs …</Text>}
        {strongest?.length === 0 && <Text size="xs">none of {ranking?.length ?? 0} pairs</Text>}
        {strongest?.map((pair) => (
          <Button
            key={`${pair.along} ${pair.up}`}
            size="compact-xs"
            variant={pair.along === along && pair.up === up ? 'light' : 'default'}
            onClick={() => void workbench.explore.look({ pair: { along: pair.along, up: pair.up } })}
          >
            {axisWords(pair.along)} × {axisWords(pair.up)} ({percentText(pair.strength, 0)})
          </Button>
        ))}
      </Group>
    </>
  );
}
