'use client';

import { useState } from 'react';
import { DEFAULT_TEST_SUITE, parseTestSuite, type TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import { countText } from '../../format';
import { JsonDraft } from '../../json-draft';
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
  const applied = JSON.stringify(suite, null, 2);
  return (
    <JsonDraft
      label="Tests of the model as JSON"
      applied={applied}
      draft={draft}
      onDraft={setDraft}
      parse={parseTestSuite}
      summaryOf={({ tests }) => `${countText(tests.length)} tests`}
      onApply={(tests) => models.replaceTests(tests)}
      onReset={isOwn ? () => models.replaceTests(null) : null}
      download={{
        label: 'Download the tests',
        fileName: 'model_test_suite.json',
        text: `${draft ?? applied}\n`,
      }}
    />
  );
}
