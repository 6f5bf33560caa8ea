'use client';

import { Group, Select } from '@mantine/core';
import { useMemo } from 'react';
import type { ParameterPair } from '@/lib/charts/contour-figure';
import { spaceParameters } from '@/lib/charts/parameter-axis';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { StudyConfig } from '@/lib/tuning/study/study-config';

interface Props<Choice> {
  readonly config: StudyConfig;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** Which parameter the slice figure shows. */
export function SliceChoice({ config, choice, onChoose }: Props<ParameterName | 'all'>) {
  const names = useSpaceNames(config);
  return (
    <Group gap="sm" mb="sm">
      <Select
        label="Parameter"
        data={[{ value: 'all', label: 'All, small' }, ...names]}
        value={choice}
        allowDeselect={false}
        onChange={(value) => onChoose(names.find((name) => name === value) ?? 'all')}
        w={180}
      />
    </Group>
  );
}

/** Which two parameters the contour figure shows. */
export function PairChoice({ config, choice, onChoose }: Props<ParameterPair>) {
  const names = useSpaceNames(config);
  const [along, up] = choice;
  return (
    <Group gap="sm" mb="sm">
      <NameSelect
        label="Along"
        names={names.filter((name) => name !== up)}
        value={along}
        onChange={(name) => onChoose([name, up])}
      />
      <NameSelect
        label="Up"
        names={names.filter((name) => name !== along)}
        value={up}
        onChange={(name) => onChoose([along, name])}
      />
    </Group>
  );
}

function NameSelect({
  label,
  names,
  value,
  onChange,
}: {
  readonly label: string;
  readonly names: readonly ParameterName[];
  readonly value: ParameterName;
  readonly onChange: (name: ParameterName) => void;
}) {
  return (
    <Select
      label={label}
      data={[...names]}
      value={value}
      allowDeselect={false}
      onChange={(text) => {
        const chosen = names.find((name) => name === text);
        if (chosen !== undefined) onChange(chosen);
      }}
      w={180}
    />
  );
}

function useSpaceNames(config: StudyConfig): readonly ParameterName[] {
  return useMemo(() => spaceParameters(config).map(({ name }) => name), [config]);
}
