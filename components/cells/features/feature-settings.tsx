'use client';

import { Button, Group, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { DESIGN_FEATURE_CHOICES, DESIGN_MISSING_VALUE, featureChoicesSchema } from '@/lib/features/choices';
import { isSameJson } from '@/lib/store/plan-of-config';
import { workbenchParamsSchema } from '@/lib/store/workbench-state';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { useFeatureChoices } from './use-feature-choices';

const { countryEncoding, ratingEncoding } = featureChoicesSchema.shape;
const COUNTRY_WORDS = {
  label: 'Label: place in the alphabet',
  frequency: 'Frequency: share of the rows',
  target: 'Target: conversion, within folds',
  one_hot: 'One-hot: 0 or 1 a country',
} as const;
const RATING_WORDS = { ordinal: 'Ordinal: 1 to 5', one_hot: 'One-hot: 0 or 1 a rating' } as const;
const MISSING_WORDS = { design: `Write ${DESIGN_MISSING_VALUE}`, native: 'Leave to XGBoost (NaN)' } as const;

/** Seed, encodings and what stands for a missing value. */
export function FeatureSettings() {
  const [choices, change] = useFeatureChoices();
  return (
    <Group align="flex-end" mb="sm" gap="md">
      <SeedInput />
      <Choice
        label="country_code"
        words={COUNTRY_WORDS}
        value={choices.countryEncoding}
        onChange={(value) => change({ countryEncoding: countryEncoding.parse(value) })}
      />
      <Choice
        label="member_rating"
        words={RATING_WORDS}
        value={choices.ratingEncoding}
        onChange={(value) => change({ ratingEncoding: ratingEncoding.parse(value) })}
      />
      <Choice
        label="Missing values"
        words={MISSING_WORDS}
        value={choices.missingValue === null ? 'native' : 'design'}
        onChange={(value) => change({ missingValue: value === 'native' ? null : DESIGN_MISSING_VALUE })}
      />
      {!isSameJson(choices, DESIGN_FEATURE_CHOICES) && (
        <Button variant="subtle" size="compact-sm" mb={4} onClick={() => change(DESIGN_FEATURE_CHOICES)}>
          Back to the design’s
        </Button>
      )}
    </Group>
  );
}

function Choice({
  label,
  words,
  value,
  onChange,
}: {
  readonly label: string;
  readonly words: Readonly<Record<string, string>>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Select
      label={label}
      w={230}
      allowDeselect={false}
      data={Object.entries(words).map(([name, text]) => ({ value: name, label: text }))}
      value={value}
      onChange={(chosen) => chosen !== null && chosen !== value && onChange(chosen)}
    />
  );
}

function SeedInput() {
  const seed = useWorkbenchState((state) => state.params.seed);
  const workbench = useWorkbench();
  const [nAttempts, setNAttempts] = useState(0);
  return (
    <NumberInput
      // What is no seed is put back to the one in use.
      key={`${seed} ${nAttempts}`}
      label="Seed (split, sampler, XGBoost)"
      defaultValue={seed}
      min={0}
      max={2_147_483_647}
      allowDecimal={false}
      w={210}
      onBlur={(event) => {
        const text = event.currentTarget.value.trim();
        const asked = workbenchParamsSchema.shape.seed.safeParse(text === '' ? null : Number(text));
        if (!asked.success) setNAttempts(nAttempts + 1);
        else if (asked.data !== seed) void workbench.setParams({ seed: asked.data });
      }}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}
