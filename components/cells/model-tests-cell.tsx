'use client';

import { Alert, Badge, Button, Group, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import {
  type ModelTests,
  modelTestsSentence,
  type ShownLead,
  type TestResult,
} from '@/lib/evaluation/model-tests/test-results';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { countText, metricText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { MeasurementProgressBar } from './measurement-progress';
import { TestSuiteEditor } from './models/test-suite-editor';
import { newestTests } from './scorecard/use-found-reasons';

const DEFINITION = `Each test is an entry of a JSON file; the page and “leadbench model-tests” run the same ones through the model's features and its ONNX file.
order, range: leads written by hand, none of whom exists. invariance: leads drawn over all that the model knows.
rating_up, tag_up, robustness: test rows read back as leads, changed, and scored again; labels play no part.
calibration, slice_floor, baseline, champion: the test rows with their labels. A bound is broken where the whole 95 % interval lies beyond it.
stability: models of the same parameters with other seeds, or on training rows drawn with replacement, on the validation rows.
A critical test that fails keeps the model from being published, unless a reason is given.`;

/** Whether the model behaves: its tests, and examples of what is not as expected. */
export function ModelTestsCell() {
  const model = useWorkbenchState((state) => state.model);
  const { running, failure } = useWorkbenchState((state) => state.measurements.model_tests);
  const newest = useWorkbenchState(newestTests);
  return (
    <Cell
      id="model_tests"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={model && <TestButton />}
    >
      {running && (
        <MeasurementProgressBar progress={running} label="Progress of the model tests" noun="tests" />
      )}
      {failure && <FailureAlert failure={failure} />}
      {model === null && <EmptyOutput id="model_tests" />}
      {model !== null && !newest && !running && (
        <Text size="sm" c="dimmed">
          This model was not tested yet. The tests run on the server, on numbers and on leads that are
          invented; they take some seconds.
        </Text>
      )}
      {newest && <Outcome key={newest.digest_sha256} tests={newest} />}
      <TestSuiteEditor />
    </Cell>
  );
}

function TestButton() {
  const { models, measurements } = useWorkbench();
  const isRunning = useWorkbenchState((state) => state.measurements.model_tests.running !== null);
  const isReady = useWorkbenchState(
    ({ statuses, engine }) => statuses.model_tests.kind === 'done' && engine?.kind === 'ready',
  );
  if (isRunning) {
    return (
      <Button size="compact-xs" variant="default" onClick={() => measurements.stop('model_tests')}>
        Stop testing
      </Button>
    );
  }
  return (
    <Button size="compact-xs" disabled={!isReady} onClick={() => void models.test()}>
      Run the tests
    </Button>
  );
}

function Outcome({ tests }: { readonly tests: ModelTests }) {
  const [areAllShown, setAreAllShown] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const { results, latency } = tests;
  const shown = areAllShown ? results : results.filter(({ outcome }) => outcome !== 'passed');
  const looked = results.find(({ name }) => name === opened);
  return (
    <>
      <Alert
        variant="light"
        color={tests.passed ? 'teal' : 'red'}
        mb="sm"
        title={tests.passed ? 'The model behaves' : 'The model does not behave'}
        data-tests={tests.passed ? 'passed' : 'failed'}
        role="status"
      >
        <Text size="sm">{modelTestsSentence(tests)}</Text>
      </Alert>
      {latency && (
        <Facts
          facts={[
            { label: 'One lead, median', value: `${latency.p50_ms.toFixed(2)} ms` },
            { label: 'One lead, 99 %', value: `${latency.p99_ms.toFixed(2)} ms` },
            {
              label: 'On the server',
              value: `${countText(Math.round(latency.rows_per_second))} rows a second`,
            },
          ]}
        />
      )}
      <Group mb={6}>
        <Switch
          size="xs"
          label={`Show the ${countText(tests.n_passed)} tests that passed`}
          checked={areAllShown}
          onChange={(event) => setAreAllShown(event.currentTarget.checked)}
        />
      </Group>
      {shown.length > 0 && (
        <DataTable
          label="Model tests"
          maxHeightPx={420}
          columns={[
            { key: 'outcome', label: 'Outcome' },
            { key: 'name', label: 'Test' },
            { key: 'found', label: 'Found' },
            { key: 'examples', label: 'Examples', align: 'right' },
          ]}
          rows={shown.map((result) => ({
            outcome: <OutcomeBadge result={result} />,
            name: <div style={{ minWidth: 180 }}>{result.name}</div>,
            found: <div style={{ minWidth: 320 }}>{result.sentence}</div>,
            examples: result.examples.length > 0 && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={opened === result.name}
                aria-label={`Examples of ${result.name}`}
                onClick={() => setOpened(opened === result.name ? null : result.name)}
              >
                Show {result.examples.length}
              </Button>
            ),
          }))}
        />
      )}
      {looked && <Examples result={looked} />}
      <Group mt="xs" gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            saveBlob(
              new Blob([`${JSON.stringify(tests, null, 2)}\n`], { type: 'application/json' }),
              'model_tests.json',
            )
          }
        >
          Download model_tests.json
        </Button>
        <Text size="xs" c="dimmed">
          Tests “{tests.suite_name}”, seed {tests.seed},{' '}
          {tests.champion_model_id === null ? 'no model in use' : `against ${tests.champion_model_id}`},
          digest {tests.digest_sha256.slice(0, 12)}.
        </Text>
      </Group>
    </>
  );
}

function OutcomeBadge({ result: { outcome, severity } }: { readonly result: TestResult }) {
  if (outcome === 'passed') return <Badge color="teal">passed</Badge>;
  if (outcome === 'skipped') return <Badge color="gray">not run</Badge>;
  return (
    <Badge color={severity === 'critical' ? 'red' : 'yellow'}>
      {severity === 'critical' ? 'failed' : 'warning'}
    </Badge>
  );
}

function Examples({ result }: { readonly result: TestResult }) {
  const rows = result.examples.flatMap(({ what, leads }) =>
    leads.length === 0
      ? [{ what }]
      : leads.map((lead, place) => ({ ...leadRow(lead), what: place === 0 ? what : '' })),
  );
  return (
    <section aria-label={`Examples of ${result.name}`}>
      <Text size="sm" fw={500} mt="sm" mb={4}>
        {result.name}
      </Text>
      <DataTable
        label="Examples"
        maxHeightPx={320}
        columns={[
          { key: 'what', label: 'What' },
          { key: 'label', label: 'Lead' },
          { key: 'score', label: 'Score', align: 'right' },
          { key: 'rating', label: 'Rating', align: 'right' },
          { key: 'country', label: 'Country' },
          { key: 'optin', label: 'Opted in' },
          { key: 'tagCount', label: 'Tags', align: 'right' },
          { key: 'tags', label: 'Which' },
          { key: 'email', label: 'E-mail' },
        ]}
        rows={rows}
      />
    </section>
  );
}

function leadRow(lead: ShownLead) {
  return {
    label: lead.label,
    score: metricText(lead.score),
    rating: lead.member_rating === null ? '–' : String(lead.member_rating),
    country: lead.country_code === '' ? '–' : lead.country_code,
    optin: lead.optin_time === '' ? '–' : lead.optin_time,
    tagCount: countText(lead.tag_count),
    tags: lead.tags.join(', '),
    email: lead.email_kind,
  };
}
