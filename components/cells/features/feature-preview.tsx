'use client';

import type { PreparedSummary } from '@/lib/workers/crm-api';
import { DataTable } from '../../data-table';
import { shortNumber } from './feature-table';

/** The first rows of the matrix, as they are trained on. */
export function FeaturePreview({ features }: { readonly features: PreparedSummary }) {
  const names = features.spec.features.map(({ name }) => name);
  return (
    <DataTable
      label="First rows of the matrix"
      maxHeightPx={260}
      columns={names.map((name) => ({ key: name, label: name, align: 'right' as const }))}
      rows={features.previewRows.map((row) =>
        Object.fromEntries(
          names.map((name, column) => {
            const value = row[column] ?? Number.NaN;
            return [name, Number.isNaN(value) ? 'NaN' : shortNumber(value)];
          }),
        ),
      )}
    />
  );
}
