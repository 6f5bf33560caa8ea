'use client';

import { Switch } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { FeatureSummary } from '@/lib/features/feature-summary';
import { DataTable } from '../../data-table';
import { countText, metricText } from '../../format';
import { useFeatureChoices } from './use-feature-choices';

const COLUMNS = [
  { key: 'isOn', label: 'On' },
  { key: 'name', label: 'Feature' },
  { key: 'kind', label: 'Type' },
  { key: 'formula', label: 'How it is made' },
  { key: 'missing', label: 'Missing', align: 'right' },
  { key: 'spread', label: '10 · 50 · 90 %, or values: rows', align: 'right' },
  { key: 'range', label: 'Min … max', align: 'right' },
  { key: 'relation', label: 'Against the label', align: 'right' },
] as const;

/** Every feature there is to choose from, with a switch. The switches are one stop of the Tab key; arrows lead along them. */
export function FeatureTable({ features }: { readonly features: readonly FeatureSummary[] }) {
  const [choices, change] = useFeatureChoices();
  const [stop, setStop] = useState(0);
  const switches = useRef<(HTMLInputElement | null)[]>([]);
  const handleArrow = (event: KeyboardEvent, at: number) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? null : switches.current[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const off = new Set(choices.switchedOff);
  const handleSwitch = (name: string, isOn: boolean) => {
    const others = choices.switchedOff.filter((other) => other !== name);
    change({ switchedOff: isOn ? others : [...others, name] });
  };
  return (
    <DataTable
      label="Features"
      maxHeightPx={340}
      columns={COLUMNS}
      rows={features.map((feature, at) => ({
        isOn: (
          <Switch
            size="xs"
            ref={(element) => {
              switches.current[at] = element;
            }}
            tabIndex={at === Math.min(stop, features.length - 1) ? 0 : -1}
            onFocus={() => setStop(at)}
            onKeyDown={(event) => handleArrow(event, at)}
            aria-label={`Use ${feature.name}`}
            checked={!off.has(feature.name)}
            onChange={(event) => handleSwitch(feature.name, event.currentTarget.checked)}
          />
        ),
        name: feature.name,
        kind: feature.kind,
        formula: feature.formula,
        missing: countText(feature.nMissing),
        spread: spreadText(feature),
        range: feature.min === null ? '–' : `${shortNumber(feature.min)} … ${shortNumber(feature.max)}`,
        relation: relationText(feature),
      }))}
    />
  );
}

function spreadText({ quantiles, topLevels, nLevels }: FeatureSummary): string {
  if (quantiles !== null) return quantiles.map(shortNumber).join(' · ');
  if (topLevels === null || topLevels.length === 0) return '–';
  const shown = topLevels.slice(0, 3).map(({ value, n }) => `${shortNumber(value)}: ${countText(n)}`);
  const nMore = (nLevels ?? 0) - shown.length;
  return nMore > 0 ? `${shown.join(', ')}, ${nMore} more` : shown.join(', ');
}

function relationText({ relation }: FeatureSummary): string {
  if (relation === null) return '–';
  if (relation.measure === 'cramers_v') return `V ${metricText(relation.value, 3)}`;
  const { value, low, high } = relation;
  const interval = low === null || high === null ? '' : ` (${metricText(low, 3)}–${metricText(high, 3)})`;
  return `AUC ${metricText(value, 3)}${interval}`;
}

/** A value of a matrix, as short as it can be told from others. */
export function shortNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  return Number.isInteger(value) ? countText(value) : String(Number(value.toPrecision(3)));
}
