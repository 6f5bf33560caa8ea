'use client';

import { Alert, Badge, Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CheckPlace } from '@/lib/quality/run-suites';
import type { ExpectationResult, ValidationResults } from '@/lib/quality/suite-result';
import { DataTable } from '../data-table';
import { countText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { FailingRows } from './quality/failing-rows';
import { Fixes } from './quality/fixes';
import { RunComparisonPanel } from './quality/run-comparison';
import { SuiteEditor } from './quality/suite-editor';
import { SuiteSuggestion } from './quality/suite-suggestion';

const SEVERITY_COLORS = { critical: 'red', warning: 'yellow', info: 'gray' } as const;

/** The quality gate: every check with its outcome, and the way past a shut gate. */
export function QualityCell() {
  const quality = useWorkbenchState((state) => state.quality);
  return (
    <Cell
      id="quality"
      definition={quality ? { label: 'definition', text: definitionText(quality) } : undefined}
    >
      {quality ? <Outcome quality={quality} /> : <EmptyOutput id="quality" />}
    </Cell>
  );
}

function Outcome({ quality }: { readonly quality: ValidationResults }) {
  const [areAllShown, setAreAllShown] = useState(false);
  const [looked, setLooked] = useState<CheckPlace | null>(null);
  const { gate } = quality;
  const results = quality.suites.flatMap((suite) =>
    suite.results.map((result, index) => ({ suite: suite.suite_name, index, result })),
  );
  const shown = areAllShown ? results : results.filter(({ result }) => !result.success);
  const nPassed = results.filter(({ result }) => result.success).length;
  return (
    <>
      <Alert
        variant="light"
        color={gate.open ? 'teal' : 'red'}
        mb="sm"
        title={gate.open ? 'The gate is open' : 'The gate is shut'}
        data-gate={gate.open ? 'open' : 'shut'}
      >
        <Text size="sm">
          {countText(nPassed)} of {countText(results.length)} checks passed; {gate.n_critical} critical,{' '}
          {gate.n_warning} warning, {gate.n_info} information.
        </Text>
        {gate.reasons.length > 0 && (
          <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            {gate.reasons.map((reason) => (
              <li key={reason}>
                <Text size="sm">{reason}</Text>
              </li>
            ))}
          </ul>
        )}
      </Alert>
      {!gate.open && <GateOverride />}
      <Group mb={6}>
        <Switch
          size="xs"
          label={`Show the ${countText(nPassed)} checks that passed`}
          checked={areAllShown}
          onChange={(event) => setAreAllShown(event.currentTarget.checked)}
        />
      </Group>
      {shown.length > 0 && (
        <DataTable
          label="Checks"
          columns={[
            { key: 'state', label: 'Outcome' },
            { key: 'suite', label: 'Suite' },
            { key: 'check', label: 'Check' },
            { key: 'found', label: 'Found', align: 'right' },
            { key: 'rows', label: 'Rows', align: 'right' },
          ]}
          rows={shown.map(({ suite, index, result }) => ({
            state: <OutcomeBadge result={result} />,
            suite,
            check: checkText(result),
            found: foundText(result),
            rows: hasRows(result) && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={looked?.suite === suite && looked.index === index}
                aria-label={`Rows of ${suite} check ${index + 1}`}
                onClick={() =>
                  setLooked(looked?.suite === suite && looked.index === index ? null : { suite, index })
                }
              >
                Show
              </Button>
            ),
          }))}
        />
      )}
      {looked && <FailingRows key={`${looked.suite} ${looked.index}`} place={looked} />}
      <Fixes />
      <SuiteEditor />
      <SuiteSuggestion />
      <RunComparisonPanel />
    </>
  );
}

function OutcomeBadge({ result }: { readonly result: ExpectationResult }) {
  if (result.success) return <Badge color="teal">passed</Badge>;
  const { severity } = result.expectation_config;
  return <Badge color={SEVERITY_COLORS[severity]}>{severity}</Badge>;
}

function GateOverride() {
  const workbench = useWorkbench();
  const given = useWorkbenchState((state) => state.gateOverrideReason);
  const [reason, setReason] = useState('');
  if (given !== null) {
    return (
      <Text size="sm" mb="sm">
        Overridden: “{given}”. The reason travels with the model.
      </Text>
    );
  }
  return (
    <Group align="flex-end" mb="sm">
      <TextInput
        label="Reason to go on all the same (travels with the model)"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        w={360}
        maw="100%"
        maxLength={500}
      />
      <Button
        variant="default"
        disabled={reason.trim().length < 10}
        onClick={() => void workbench.overrideGate(reason.trim())}
      >
        Override the gate
      </Button>
    </Group>
  );
}

/** Whether single rows are to blame. */
function hasRows({ success, result, expectation_config: { type } }: ExpectationResult): boolean {
  if (type === 'unexpected_rows_expectation') return !success && typeof result.observed_value === 'number';
  return !success && typeof result.unexpected_count === 'number' && result.unexpected_count > 0;
}

/** `expect_column_values_to_be_between(member_rating, 1 … 5)`, short enough for a table. */
function checkText(result: ExpectationResult): string {
  const { type, kwargs } = result.expectation_config;
  const details = Object.entries(kwargs)
    .filter(([key]) => key !== 'batch_id')
    .map(([key, value]) => `${key}: ${shortJson(value)}`)
    .join(', ');
  return `${type}(${details})`;
}

function shortJson(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function foundText(result: ExpectationResult): string {
  const { unexpected_count: unexpected, observed_value: observed } = result.result;
  if (result.exception_info.raised_exception)
    return result.exception_info.exception_message ?? 'could not run';
  if (typeof unexpected === 'number') return `${countText(unexpected)} unexpected`;
  if (observed === undefined || observed === null) return result.success ? 'as expected' : 'not as expected';
  return shortJson(observed);
}

function definitionText({ suites }: ValidationResults): string {
  return suites
    .map((suite) => {
      const checks = suite.results.map(
        (result) => `  [${result.expectation_config.severity}] ${checkText(result)}`,
      );
      return [suite.suite_name, ...checks].join('\n');
    })
    .join('\n\n');
}
