'use client';

import { Alert, Badge, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { VERDICT_WORDS } from '@/lib/evaluation/verdict/verdict-reason';
import type { ListedModel, ModelListing } from '@/lib/scoring/listed-models';
import type { RegistryEvent } from '@/lib/scoring/model-registry';
import { DataTable } from '../data-table';
import { countText, dateTimeText, metricText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import { ComparisonOutput } from './models/comparison-output';

const DEFINITION = `candidate: never in use. champion: in use. archived: was in use.
A model is published when its tests pass against the model in use, or with a reason, which stays with it. What happened is kept in an append-only journal on the server.
Comparison: both models score the list here, in the browser, and are held against each other on the page's test rows: ROC AUC by DeLong's paired difference, log loss and Brier score by the mean of the rows' differences, right and wrong at each one's own threshold by McNemar's test (exact, and mid-p).
In each slice that is large enough log loss and ROC AUC are tested; p-values are adjusted together after Benjamini and Hochberg (1995).
Tiers: who would move over the whole list, each model by its own cut-offs.`;

const STAGE_COLOURS = { champion: 'teal', candidate: 'blue', archived: 'gray' } as const;

/** The models of the server: which is in use, which could be, and how they compare. */
export function ModelsCell() {
  const { listing, failure } = useWorkbenchState((state) => state.registry);
  return (
    <Cell id="models" definition={{ label: 'definition', text: DEFINITION }}>
      {failure && <FailureAlert failure={failure} />}
      {listing ? <Output listing={listing} /> : <EmptyOutput id="models" />}
    </Cell>
  );
}

function Output({ listing }: { readonly listing: ModelListing }) {
  const { models } = useWorkbench();
  const shownId = useWorkbenchState((state) => state.model?.metadata.model_id ?? null);
  const digest = useWorkbenchState((state) => state.features?.datasetDigest ?? null);
  const isBusy = useWorkbenchState((state) => state.registry.isBusy);
  const isComparing = useWorkbenchState((state) => state.modelComparison.isRunning);
  const isStale = useWorkbenchState(({ statuses }) => statuses.scoring.kind !== 'done');
  return (
    <>
      <Text size="sm" fw={500} mb="xs">
        {listingSentence(listing)}
      </Text>
      <DataTable
        label="Models"
        maxHeightPx={340}
        columns={[
          { key: 'stage', label: 'Stage' },
          { key: 'model', label: 'Model' },
          { key: 'verdict', label: 'Verdict' },
          { key: 'tests', label: 'Tests' },
          { key: 'auc', label: 'ROC AUC', align: 'right' },
          { key: 'ap', label: 'Average precision', align: 'right' },
          { key: 'brier', label: 'Brier score', align: 'right' },
          { key: 'test', label: 'Test rows', align: 'right' },
          { key: 'features', label: 'Features', align: 'right' },
          { key: 'act', label: 'Against the shown one' },
        ]}
        rows={listing.models.map((model) => ({
          stage: <Badge color={STAGE_COLOURS[model.stage]}>{model.stage}</Badge>,
          model: (
            <>
              <code>{model.modelId}</code>
              {model.modelId === shownId && ' (shown here)'}
            </>
          ),
          verdict: VERDICT_WORDS[model.verdict.grade],
          tests: testsText(model),
          auc: metricText(model.rocAuc),
          ap: metricText(model.averagePrecision),
          brier: metricText(model.brierScore),
          test: countText(model.nTest),
          features: `${countText(model.nFeatures)}${model.datasetDigest === digest ? '' : ' of other data'}`,
          act: model.modelId !== shownId && (
            <Button
              size="compact-xs"
              variant="default"
              disabled={isComparing || isStale}
              aria-label={`Compare ${model.modelId} with the model shown`}
              onClick={() => void models.compare(model.modelId)}
            >
              Compare
            </Button>
          ),
        }))}
      />
      {listing.unreadable.map(({ modelId, failure }) => (
        <Text key={modelId} size="xs" c="dimmed">
          {modelId}: {failure.message}
        </Text>
      ))}
      {shownId && <Publishing listing={listing} shownId={shownId} isBusy={isBusy} />}
      <ComparisonOutput />
      <History events={listing.events} />
    </>
  );
}

function listingSentence({ models, championId }: ModelListing): string {
  const champion = models.find(({ modelId }) => modelId === championId);
  const n = `${countText(models.length)} ${models.length === 1 ? 'model lies' : 'models lie'} on this server`;
  if (champion === undefined) return `${n}; none is in use.`;
  const reason = champion.promotion?.overrideReason;
  return `${n}; ${champion.modelId} is in use, ROC AUC ${metricText(champion.rocAuc)} on its ${countText(champion.nTest)} test rows${reason ? `, published with the reason “${reason}”` : ''}.`;
}

function testsText({ tests }: ListedModel): string {
  if (tests === null) return 'not run';
  const own = tests.suite_name === 'default' ? '' : `, tests “${tests.suite_name}”`;
  return tests.passed ? `passed (${tests.n_passed})${own}` : `${tests.n_failed} failed${own}`;
}

/** Publishing the shown model, and going back. */
function Publishing({
  listing,
  shownId,
  isBusy,
}: {
  readonly listing: ModelListing;
  readonly shownId: string;
  readonly isBusy: boolean;
}) {
  const { models } = useWorkbench();
  const [reason, setReason] = useState('');
  const isTesting = useWorkbenchState((state) => state.measurements.model_tests.running !== null);
  const shown = listing.models.find(({ modelId }) => modelId === shownId);
  if (shown === undefined) return null;
  const isChampion = shown.stage === 'champion';
  const fault = isChampion ? null : publishingFault(shown, listing);
  const given = reason.trim();
  const publish = () => {
    void models.promote(shownId, fault === null ? null : given);
    setReason('');
  };
  return (
    <>
      {fault !== null && (
        <Alert color="yellow" variant="light" mt="sm" role="status" title="Not to be published as it stands">
          <Text size="sm">{fault}</Text>
        </Alert>
      )}
      <Group align="flex-end" mt="sm">
        {fault !== null && (
          <TextInput
            label="Reason to publish all the same (stays with the model)"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            w={360}
            maw="100%"
            maxLength={500}
          />
        )}
        {!isChampion && shown.tests === null && (
          <Button loading={isTesting} onClick={() => void models.test()}>
            Run the tests first
          </Button>
        )}
        <Button
          variant={fault === null ? 'filled' : 'default'}
          disabled={isChampion || isBusy || (fault !== null && given.length < 10)}
          onClick={publish}
        >
          {isChampion ? 'The shown model is in use' : 'Publish the shown model'}
        </Button>
        <Button
          variant="default"
          disabled={isBusy || listing.predecessorId === null}
          onClick={() => void models.revert(null)}
        >
          {listing.predecessorId === null ? 'Nothing to go back to' : `Go back to ${listing.predecessorId}`}
        </Button>
      </Group>
    </>
  );
}

/** Why the server would refuse to publish a model without a reason; null where it would not. */
function publishingFault({ tests, verdict }: ListedModel, { championId }: ModelListing): string | null {
  if (tests === null) return 'The tests of this model were not run.';
  if (tests.champion_model_id !== championId) {
    return `It was tested against ${tests.champion_model_id ?? 'no other model'}, and ${championId ?? 'none'} is in use now. Run the tests again.`;
  }
  if (!tests.passed) return `${countText(tests.n_failed)} of its tests failed; see “Does the model behave?”.`;
  return verdict.grade === 'not_ready' ? (verdict.reasons[0]?.sentence ?? null) : null;
}

function History({ events }: { readonly events: readonly RegistryEvent[] }) {
  if (events.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={500} mt="md" mb={4}>
        What was put to use
      </Text>
      <DataTable
        label="What was put to use"
        maxHeightPx={220}
        columns={[
          { key: 'when', label: 'When' },
          { key: 'what', label: 'What' },
          { key: 'why', label: 'Reason' },
        ]}
        rows={events.map((event) => ({
          when: dateTimeText(event.atMs),
          what: eventText(event),
          why: (event.type === 'model_promoted' ? event.overrideReason : event.reason) ?? '',
        }))}
      />
    </>
  );
}

function eventText(event: RegistryEvent): string {
  if (event.type === 'model_reverted') return `${event.fromModelId} gave way to ${event.toModelId} again`;
  const tests =
    event.testsDigest === null ? 'not tested' : event.testsPassed ? 'tests passed' : 'tests failed';
  return `${event.modelId} published, ${tests}`;
}
