'use client';

import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import type { SuiteName } from '@/lib/quality/suites/default-suites';
import type { Suite } from '@/lib/quality/suites/suite-file';
import { suiteText } from '@/lib/quality/suites/suite-text';
import { failureOf } from '@/lib/store/cell-runs';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench } from '../../workbench/use-workbench';
import { Fold } from '../tuning/fold';
import { SuiteChoice } from './suite-editor';

/** A suite made from the data at hand, to be downloaded or judged by. */
export function SuiteSuggestion() {
  return (
    <Fold title="Suggest a suite" summary="what holds of the data at hand">
      <Suggestion />
    </Fold>
  );
}

function Suggestion() {
  const workbench = useWorkbench();
  const [name, setName] = useState<SuiteName>('subscribers');
  const [suite, setSuite] = useState<Suite | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const suggest = async () => {
    setIsBusy(true);
    setFailure(null);
    try {
      setSuite(await workbench.suites.suggestion(name));
    } catch (error) {
      setFailure(failureOf(error, 'The suggestion'));
    } finally {
      setIsBusy(false);
    }
  };
  const text = suite === null ? '' : suiteText(suite);
  return (
    <>
      <SuiteChoice
        label="Suite to suggest"
        name={name}
        onChange={(chosen) => {
          setName(chosen);
          setSuite(null);
        }}
      />
      <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void suggest()}>
        Suggest from the data
      </Button>
      {failure && <FailureAlert failure={failure} />}
      {suite && (
        <>
          <Text size="sm" my="xs" role="status">
            {countText(suite.expectations.length)} checks that hold of {suite.meta.table} now, with some
            slack. They name no value that fewer than ten rows have.
          </Text>
          <Textarea
            aria-label={`Suggested suite ${suite.name} as JSON`}
            readOnly
            autosize
            minRows={6}
            maxRows={18}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
            value={text}
          />
          <Group gap={6} mt="xs">
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => saveBlob(new Blob([text], { type: 'application/json' }), `${suite.name}.json`)}
            >
              Download the suggestion
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => void workbench.suites.replace(suite)}>
              Judge by it
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
