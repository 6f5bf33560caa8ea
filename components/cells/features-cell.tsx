'use client';

import { Text } from '@mantine/core';
import type { PreparedSummary } from '@/lib/workers/crm-api';
import { Facts } from '../facts';
import { countText, percentText, sizeText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { FeaturePreview } from './features/feature-preview';
import { FeatureSettings } from './features/feature-settings';
import { FeatureTable } from './features/feature-table';
import { OwnFeatures } from './features/own-features';
import { FeatureRedundancy } from './features/redundancy';
import { Fold } from './tuning/fold';

/** The features, the split, and what of it will reach the server. */
export function FeaturesCell() {
  const features = useWorkbenchState((state) => state.features);
  return (
    <Cell
      id="features"
      definition={
        features ? { label: 'definition', text: JSON.stringify(features.spec, null, 2) } : undefined
      }
    >
      <FeatureSettings />
      <OwnFeatures />
      {features ? <Output features={features} /> : <EmptyOutput id="features" />}
    </Cell>
  );
}

function Output({ features }: { readonly features: PreparedSummary }) {
  const nRows = features.parts.reduce((sum, part) => sum + part.n, 0);
  const nFeatures = features.spec.features.length;
  const nOff = features.features.length - nFeatures;
  return (
    <>
      <Facts
        facts={[
          {
            label: 'Features',
            value: countText(nFeatures),
            ...(nOff > 0 ? { note: `(${countText(nOff)} switched off)` } : {}),
          },
          ...features.parts.map((part) => ({
            label: `Rows for ${part.part}`,
            value: countText(part.n),
            note: `(${percentText(part.n / nRows, 0)}), ${countText(part.buyers)} buyers (${percentText(part.buyers / part.n)})`,
          })),
        ]}
      />
      <Text size="sm" mb="sm">
        To train, only this matrix and its labels go to the server: {countText(nRows)} rows of{' '}
        {countText(nFeatures)} numbers, {sizeText(features.datasetBytes)}, no names, no e-mail addresses, no
        ids. SHA-256 <code>{features.datasetDigest.slice(0, 12)}…</code>
      </Text>
      {features.notes.map((note) => (
        <Text size="sm" key={note.message} mb="xs">
          {note.message}
        </Text>
      ))}
      <FeatureTable features={features.features} />
      <Text size="xs" c="dimmed" mt={6} mb="sm">
        Figures are over the training rows, on which the specification was fitted. Missing values{' '}
        {features.spec.missingValue === null
          ? 'stay NaN, for which XGBoost learns a side at each split'
          : `become ${features.spec.missingValue}`}
        . AUC: the chance that a buyer has the larger value, 0.5 tells nothing, with its 95 % interval
        (DeLong). V: Cramér’s V, 0 to 1, for values without an order.
      </Text>
      <Fold title="Redundancy" summary="which features say the same as others">
        <FeatureRedundancy />
      </Fold>
      <Fold title="Preview" summary="the first rows of the matrix, as they are trained on">
        <FeaturePreview features={features} />
      </Fold>
    </>
  );
}
