'use client';

import { Badge, Button, FileButton, Text } from '@mantine/core';
import { useState } from 'react';
import {
  type ComparedCheck,
  compareRuns,
  comparisonSentence,
  type RunComparison,
} from '@/lib/quality/compare-runs';
import { type ValidationResults, validationResultsSchema } from '@/lib/quality/suite-result';
import { DataTable } from '../../data-table';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { Fold } from '../tuning/fold';

interface EarlierRun {
  readonly fileName: string;
  /** Null where the file holds no results. */
  readonly results: ValidationResults | null;
}

/** What changed since another run, whose `validation_results.json` is opened. */
export function RunComparisonPanel() {
  return (
    <Fold title="Compare with a run" summary="which checks newly fail, which are mended">
      <Comparison />
    </Fold>
  );
}

function Comparison() {
  const quality = useWorkbenchState((state) => state.quality);
  const [earlier, setEarlier] = useState<EarlierRun | null>(null);
  const open = async (file: File | null) => {
    if (file !== null) setEarlier({ fileName: file.name, results: resultsOf(await file.text()) });
  };
  return (
    <>
      <FileButton accept="application/json,.json" onChange={(file) => void open(file)}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default">
            Open a validation_results.json
          </Button>
        )}
      </FileButton>
      {earlier?.results === null && <FailureAlert failure={unreadable(earlier.fileName)} />}
      {earlier?.results && quality && (
        <Changes fileName={earlier.fileName} comparison={compareRuns(earlier.results, quality)} />
      )}
    </>
  );
}

const STATES = [
  ['newlyFailing', 'newly failing', 'red'],
  ['mended', 'mended', 'teal'],
  ['changed', 'other number', 'yellow'],
  ['unchanged', 'as before', 'gray'],
] as const;

function Changes({
  fileName,
  comparison,
}: {
  readonly fileName: string;
  readonly comparison: RunComparison;
}) {
  const rows = STATES.flatMap(([key, state, color]) =>
    comparison[key].map((check) => ({
      state: <Badge color={color}>{state}</Badge>,
      suite: check.suite,
      check: `${check.type}(${check.columns})`,
      before: numberText(check, 'nBefore'),
      after: numberText(check, 'nAfter'),
    })),
  );
  return (
    <>
      <Text size="sm" my="xs" role="status">
        Since {fileName}: {comparisonSentence(comparison)}
      </Text>
      {rows.length > 0 && (
        <DataTable
          label={`Checks compared with ${fileName}`}
          columns={[
            { key: 'state', label: 'Change' },
            { key: 'suite', label: 'Suite' },
            { key: 'check', label: 'Check' },
            { key: 'before', label: 'Before', align: 'right' },
            { key: 'after', label: 'Now', align: 'right' },
          ]}
          rows={rows}
        />
      )}
    </>
  );
}

function numberText(check: ComparedCheck, key: 'nBefore' | 'nAfter'): string {
  const n = check[key];
  return n === null ? '–' : countText(n);
}

function resultsOf(text: string): ValidationResults | null {
  try {
    const parsed = validationResultsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function unreadable(fileName: string) {
  return {
    code: 'validation_unreadable',
    message: `${fileName} does not hold validation results.`,
    hint: 'Open a validation_results.json that the page or the command line wrote.',
  };
}
