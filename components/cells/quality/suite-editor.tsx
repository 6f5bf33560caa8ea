'use client';

import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { defaultSuite, SUITE_NAMES, type SuiteName } from '@/lib/quality/suites/default-suites';
import { parseSuiteText, type Suite } from '@/lib/quality/suites/suite-file';
import { suiteText } from '@/lib/quality/suites/suite-text';
import { countText } from '../../format';
import { JsonDraft } from '../../json-draft';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { Fold } from '../tuning/fold';

/** Texts that are being written, by the name of their suite. */
type Drafts = Partial<Record<SuiteName, string>>;

/** The suites as JSON, to be read, edited, applied and put back. */
export function SuiteEditor() {
  const ownSuites = useWorkbenchState((state) => state.ownSuites);
  const [name, setName] = useState<SuiteName>('subscribers');
  const [drafts, setDrafts] = useState<Drafts>({});
  const own = ownSuites.map((suite) => suite.name);
  const summary = own.length === 0 ? 'the five of the design' : `of your own: ${own.join(', ')}`;
  return (
    <Fold title="Edit the suites" summary={summary}>
      <SuiteChoice label="Suite" name={name} onChange={setName} />
      <SuiteDraft
        key={name}
        name={name}
        suite={ownSuites.find((suite) => suite.name === name) ?? defaultSuite(name)}
        isOwn={own.includes(name)}
        draft={drafts[name] ?? null}
        onDraft={(draft) =>
          setDrafts(({ [name]: _, ...others }) => (draft === null ? others : { ...others, [name]: draft }))
        }
      />
    </Fold>
  );
}

/** A choice of one of the suites. */
export function SuiteChoice({
  label,
  name,
  onChange,
}: {
  readonly label: string;
  readonly name: SuiteName;
  readonly onChange: (name: SuiteName) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      w={220}
      maw="100%"
      mb="xs"
      label={label}
      value={name}
      data={SUITE_NAMES.map((value) => ({ value, label: value }))}
      onChange={(event) => {
        const chosen = SUITE_NAMES.find((one) => one === event.currentTarget.value);
        if (chosen) onChange(chosen);
      }}
    />
  );
}

function SuiteDraft({
  name,
  suite,
  isOwn,
  draft,
  onDraft,
}: {
  readonly name: SuiteName;
  readonly suite: Suite;
  readonly isOwn: boolean;
  readonly draft: string | null;
  readonly onDraft: (draft: string | null) => void;
}) {
  const workbench = useWorkbench();
  const applied = suiteText(suite);
  return (
    <JsonDraft
      label={`Suite ${name} as JSON`}
      applied={applied}
      draft={draft}
      onDraft={onDraft}
      parse={(text) => parseSuiteText(text, name)}
      summaryOf={({ expectations, meta }) => `${countText(expectations.length)} checks on ${meta.table}`}
      onApply={(parsed) => void workbench.suites.replace(parsed)}
      onReset={isOwn ? () => void workbench.suites.reset(name) : null}
      download={{
        label: `Download ${name}.json`,
        fileName: `${name}.json`,
        text: draft ?? applied,
      }}
    />
  );
}
