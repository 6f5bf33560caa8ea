'use client';

import { Button, Group, NativeSelect, Text, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import { defaultSuite, SUITE_NAMES, type SuiteName } from '@/lib/quality/suites/default-suites';
import { parseSuiteText, type Suite } from '@/lib/quality/suites/suite-file';
import { suiteText } from '@/lib/quality/suites/suite-text';
import { countText } from '../../format';
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
  const faultId = useId();
  const applied = suiteText(suite);
  const text = draft ?? applied;
  const parsed = parseSuiteText(text, name);
  const apply = () => {
    if (!parsed.ok) return;
    onDraft(null);
    void workbench.suites.replace(parsed.value);
  };
  return (
    <>
      <Textarea
        aria-label={`Suite ${name} as JSON`}
        aria-describedby={faultId}
        error={!parsed.ok}
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
        value={text}
        onChange={(event) =>
          onDraft(event.currentTarget.value === applied ? null : event.currentTarget.value)
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
          ? `${countText(parsed.value.expectations.length)} checks on ${parsed.value.meta.table}${draft === null ? ', in use.' : ', not applied yet.'}`
          : `${parsed.error.message} ${parsed.error.hint}`}
      </Text>
      <Group gap={6}>
        <Button size="compact-sm" disabled={draft === null || !parsed.ok} onClick={apply}>
          Apply
        </Button>
        <Button size="compact-sm" variant="default" disabled={draft === null} onClick={() => onDraft(null)}>
          Undo the changes
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!isOwn}
          onClick={() => {
            onDraft(null);
            void workbench.suites.reset(name);
          }}
        >
          Reset to the default
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => saveBlob(new Blob([text], { type: 'application/json' }), `${name}.json`)}
        >
          Download {name}.json
        </Button>
      </Group>
    </>
  );
}
