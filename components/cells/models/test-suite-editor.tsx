'use client';

import { Button, Group, Text, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import { DEFAULT_TEST_SUITE, parseTestSuite, type TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import { countText } from '../../format';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { Fold } from '../tuning/fold';

/** The tests as JSON, to be read, edited, applied and put back. */
export function TestSuiteEditor() {
  const own = useWorkbenchState((state) => state.ownTests);
  const suite = own ?? DEFAULT_TEST_SUITE;
  return (
    <Fold
      title="Edit the tests"
      summary={own === null ? `the ${suite.tests.length} default ones` : `${suite.tests.length} of your own`}
    >
      <Draft suite={suite} isOwn={own !== null} />
    </Fold>
  );
}

function Draft({ suite, isOwn }: { readonly suite: TestSuite; readonly isOwn: boolean }) {
  const { models } = useWorkbench();
  const [draft, setDraft] = useState<string | null>(null);
  const faultId = useId();
  const applied = JSON.stringify(suite, null, 2);
  const text = draft ?? applied;
  const parsed = parseTestSuite(text);
  return (
    <>
      <Textarea
        aria-label="Tests of the model as JSON"
        aria-describedby={faultId}
        error={!parsed.ok}
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
        value={text}
        onChange={(event) =>
          setDraft(event.currentTarget.value === applied ? null : event.currentTarget.value)
        }
      />
      <Text
        id={faultId}
        role="status"
        size="sm"
        mt={4}
        mb="xs"
        c={parsed.ok ? 'dimmed' : 'var(--mantine-color-error)'}
      >
        {parsed.ok
          ? `${countText(parsed.value.tests.length)} tests${draft === null ? ', in use.' : ', not applied yet.'}`
          : `${parsed.error.message} ${parsed.error.hint}`}
      </Text>
      <Group gap={6}>
        <Button
          size="compact-sm"
          disabled={draft === null || !parsed.ok}
          onClick={() => {
            if (!parsed.ok) return;
            models.replaceTests(parsed.value);
            setDraft(null);
          }}
        >
          Apply
        </Button>
        <Button size="compact-sm" variant="default" disabled={draft === null} onClick={() => setDraft(null)}>
          Undo the changes
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!isOwn}
          onClick={() => {
            models.replaceTests(null);
            setDraft(null);
          }}
        >
          Reset to the default
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            saveBlob(new Blob([`${text}\n`], { type: 'application/json' }), 'model_test_suite.json')
          }
        >
          Download the tests
        </Button>
      </Group>
    </>
  );
}
