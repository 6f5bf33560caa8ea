'use client';

import { Alert, Button, SegmentedControl, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { SLICE_METRICS, type SliceMetric, sliceForestFigure } from '@/lib/charts/slice-forest-figure';
import type { Failure } from '@/lib/core/result';
import type { CountryGaps } from '@/lib/evaluation/slices/country-gaps';
import type { Bounded } from '@/lib/evaluation/slices/slice-measures';
import { type SliceReport, searchSentence } from '@/lib/evaluation/slices/slice-report';
import { MOST_FALSE_FINDINGS, SLICE_FLOOR, type SliceSearch } from '@/lib/evaluation/slices/slice-search';
import { failureOf } from '@/lib/store/cell-runs';
import { DataTable } from '../data-table';
import { Figure } from '../figure';
import { countText, percentText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

const DEFINITION = `Test rows only, scored by the model that the page shows; its threshold for recall and precision.
Opt-in cohorts are calendar quarters; a tag's family is its name without a number at its end; a lead can hold several families.
ROC AUC: DeLong's 95 % interval. Conversion, recall, precision: Wilson's. Buyers over expected buyers: Wilson's, over the sum of the scores.
Search: every slice and pair of slices of two dimensions with at least ${SLICE_FLOOR.minRows} rows and ${SLICE_FLOOR.minBuyers} buyers, against all other rows: does it rank worse (DeLong, one-sided), or expect another number of buyers than came (two-sided)? Recall is not asked: at one threshold it is lower wherever fewer buy.
p-values of all slices and questions are adjusted together after Benjamini and Hochberg (1995); ${MOST_FALSE_FINDINGS} is beyond chance.
Gaps between countries: each country less all other rows; recall by Newcombe's interval, buyers over expected by MOVER (Zou and Donner 2008); adjusted likewise.`;

/** The model on slices of the test rows, and where it is worse than elsewhere. */
export function SlicesCell() {
  const report = useWorkbenchState((state) => state.slices);
  return (
    <Cell id="slices" definition={{ label: 'definition', text: DEFINITION }}>
      {report ? <Output report={report} /> : <EmptyOutput id="slices" />}
    </Cell>
  );
}

function Output({ report }: { readonly report: SliceReport }) {
  const [metric, setMetric] = useState<SliceMetric>('roc_auc');
  const build = useCallback(
    (theme: ChartTheme) => sliceForestFigure({ report, metric }, theme),
    [report, metric],
  );
  return (
    <>
      <div style={{ overflowX: 'auto' }}>
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label="What slices are drawn by"
          value={metric}
          onChange={setMetric}
          data={SLICE_METRICS.map(({ name }) => ({ value: name, label: name.replaceAll('_', ' ') }))}
        />
      </div>
      <Figure build={build} fileName="slices" />
      <Text size="xs" c="dimmed" mb="md">
        {report.nTooSmall > 0
          ? `${countText(report.nTooSmall)} levels with fewer than ${report.minRows} test rows are not shown. `
          : ''}
        The dashed line is all test rows, or 1 where buyers are held against those expected.
      </Text>
      <Gaps gaps={report.gaps} />
      <Search key={report.sentence} />
    </>
  );
}

function Gaps({ gaps }: { readonly gaps: CountryGaps }) {
  if (gaps.countries.length === 0) {
    return (
      <Text size="sm" mb="md">
        No country has {gaps.floor.minRows} test rows with {gaps.floor.minBuyers} buyers, so countries cannot
        be held against each other.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" fw={500} mb="xs">
        {gapsSentence(gaps)}
      </Text>
      <DataTable
        label="Gaps between countries"
        maxHeightPx={260}
        columns={[
          { key: 'country', label: 'Country' },
          { key: 'n', label: 'Test rows', align: 'right' },
          { key: 'buyers', label: 'Buyers', align: 'right' },
          { key: 'recall', label: 'Recall less others’', align: 'right' },
          { key: 'recallP', label: 'Adjusted p', align: 'right' },
          { key: 'calibration', label: 'Buyers over expected, less others’', align: 'right' },
          { key: 'calibrationP', label: 'Adjusted p', align: 'right' },
        ]}
        rows={gaps.countries.map((gap) => ({
          country: gap.country,
          n: countText(gap.n),
          buyers: countText(gap.nBuyers),
          recall: boundedText(gap.recall),
          recallP: pText(gap.recallPValue),
          calibration: boundedText(gap.calibration),
          calibrationP: pText(gap.calibrationPValue),
        }))}
      />
    </>
  );
}

function gapsSentence({ countries, unequal }: CountryGaps): string {
  const [largest] = countries;
  const gap =
    largest?.recall === null || largest === undefined
      ? ''
      : `The largest gap of recall is that of ${largest.country}, ${boundedText(largest.recall)}. `;
  return `${gap}${
    unequal.length === 0
      ? countries.length === 1
        ? 'It is the only country with enough rows; as many bought as expected, within chance.'
        : `In all ${countText(countries.length)} countries as many bought as expected, within chance.`
      : `Other numbers bought than were expected, beyond chance, in ${unequal.join(', ')}.`
  }`;
}

function Search() {
  const workbench = useWorkbench();
  const [search, setSearch] = useState<SliceSearch | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const run = async () => {
    setIsRunning(true);
    setFailure(null);
    try {
      setSearch(await workbench.searchSlices());
    } catch (error) {
      setFailure(failureOf(error, 'For whom is it worse?'));
    } finally {
      setIsRunning(false);
    }
  };
  return (
    <>
      <Button size="compact-sm" variant="default" mt="md" loading={isRunning} onClick={() => void run()}>
        Search slices and pairs for the worst
      </Button>
      <div role="status">{search && <Found search={search} />}</div>
      {failure && <FailureAlert failure={failure} />}
    </>
  );
}

function Found({ search }: { readonly search: SliceSearch }) {
  const shown = search.found.length > 0 ? search.found : search.worst ? [search.worst] : [];
  return (
    <>
      <Alert variant="light" color={search.found.length > 0 ? 'yellow' : 'teal'} my="sm">
        <Text size="sm">{searchSentence(search)}</Text>
      </Alert>
      {shown.length > 0 && (
        <DataTable
          label="Worst slices"
          maxHeightPx={260}
          columns={[
            { key: 'slice', label: 'Slice' },
            { key: 'n', label: 'Test rows', align: 'right' },
            { key: 'buyers', label: 'Buyers', align: 'right' },
            { key: 'expected', label: 'Expected', align: 'right' },
            { key: 'auc', label: 'ROC AUC', align: 'right' },
            { key: 'recall', label: 'Recall', align: 'right' },
            { key: 'by', label: 'Worst in' },
            { key: 'p', label: 'Adjusted p', align: 'right' },
          ]}
          rows={shown.map(({ label, measures, findings }) => {
            const [finding] = findings.toSorted((a, b) => a.pValue - b.pValue);
            return {
              slice: label,
              n: countText(measures.n),
              buyers: countText(measures.nBuyers),
              expected: measures.expectedBuyers.toFixed(1),
              auc: boundedText(measures.rocAuc),
              recall: measures.recall ? percentText(measures.recall.value, 0) : '–',
              by: finding?.question ?? '',
              p: pText(finding?.adjustedPValue ?? null),
            };
          })}
        />
      )}
    </>
  );
}

/** A number with its interval. */
export function boundedText(bounded: Bounded | null): string {
  if (bounded === null) return '–';
  const { value, low, high } = bounded;
  return `${minus(value)} (${minus(low)} to ${minus(high)})`;
}

function minus(value: number): string {
  return value.toFixed(3).replace('-', '−');
}

/** A p-value. */
export function pText(pValue: number | null): string {
  if (pValue === null) return '–';
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}
