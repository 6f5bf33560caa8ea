'use client';

import { Button, Group, Select, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { interactionFigure } from '@/lib/charts/interaction-figure';
import type { AxisName } from '@/lib/explore/interaction-axes';
import { isBeyondChance } from '@/lib/explore/interaction-ranking';
import { axisWords } from '@/lib/explore/interaction-sentence';
import { Figure } from '../figure';
import { percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

const DEFINITION = `Over the subscribers who pass the filters: conversion in each cell of two axes.
Test: a logistic model with a term for each level of either axis against one with a term for each cell; G² = difference of their deviances, with as many
degrees of freedom as cells that are held, less the levels of both axes, plus 1. Strength = G² / all deviance between the cells.
Rising or falling: steps between neighbouring cells of at least 30 subscribers that chance alone gives in fewer than 1 of 20 cases.
The pairs offered are ranked over all subscribers, their p-values adjusted for all pairs (Benjamini and Hochberg 1995).`;

/** Pairs offered as buttons. */
const N_OFFERED = 6;

/** Conversion over any two features, and whether the one changes what the other does. */
export function InteractionsCell() {
  const interaction = useWorkbenchState((state) => state.interaction);
  const build = useCallback(
    (theme: ChartTheme) => {
      if (interaction === null) throw new Error('There is nothing to draw yet');
      return interactionFigure(interaction, theme);
    },
    [interaction],
  );
  return (
    <Cell id="interactions" definition={{ label: 'definition', text: DEFINITION }}>
      {interaction ? (
        <>
          <Choices along={interaction.along.name} up={interaction.up.name} />
          <Figure build={build} fileName="interaction" heightPx={360} minWidthPx={640} />
        </>
      ) : (
        <EmptyOutput id="interactions" />
      )}
    </Cell>
  );
}

function Choices({ along, up }: { readonly along: AxisName; readonly up: AxisName }) {
  const workbench = useWorkbench();
  const known = useWorkbenchState((state) => state.interactions);
  if (known === null) return null;
  const strongest = known.ranking.filter(isBeyondChance).slice(0, N_OFFERED);
  const choice = (label: string, value: AxisName, other: AxisName, onAxis: (axis: AxisName) => void) => (
    <Select
      label={label}
      size="xs"
      w={190}
      searchable
      allowDeselect={false}
      data={known.axes
        .filter((axis) => axis !== other)
        .map((axis) => ({ value: axis, label: axisWords(axis) }))}
      value={value}
      onChange={(chosen) => {
        const axis = known.axes.find((name) => name === chosen);
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
      <Group gap={6} mb="sm">
        <Text size="xs" c="dimmed">
          Strongest beyond chance:
        </Text>
        {strongest.length === 0 && <Text size="xs">none beyond chance</Text>}
        {strongest.map((pair) => (
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
