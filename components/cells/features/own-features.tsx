'use client';

import { Button, Code, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OwnFeature } from '@/lib/features/choices';
import { ANY_TAG, NUMBER_COLUMNS } from '@/lib/features/expression/columns';
import { FUNCTIONS, parseExpression } from '@/lib/features/expression/parse';
import { ownFeatureFault } from '@/lib/features/own-features';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { Fold } from '../tuning/fold';
import { useFeatureChoices } from './use-feature-choices';

const MONOSPACE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } as const;
const QUOTED_US = "'us'";
const QUOTED_CA = "'ca'";
const EXAMPLE = 'tag_count / (optin_days + 1)';

/** Write features of one's own, and take them away again. */
export function OwnFeatures() {
  const [{ ownFeatures: own }] = useFeatureChoices();
  const summary = own.length === 0 ? 'by an SQL expression' : own.map(({ name }) => name).join(', ');
  return (
    <Fold title="Own features" summary={summary}>
      <OwnFeatureList />
      <NewFeature />
      <Text size="xs" c="dimmed" mt="xs" mb="sm" maw={900}>
        Columns: {NUMBER_COLUMNS.join(', ')}, every tag that is a feature, and{' '}
        <Code>country_code = {QUOTED_US}</Code> or{' '}
        <Code>
          country_code in ({QUOTED_US}, {QUOTED_CA})
        </Code>
        . Signs: <Code>+ - * / = != &lt; &lt;= &gt; &gt;= and or not ( )</Code>, <Code>is null</Code>.
        Functions: {Object.keys(FUNCTIONS).join(', ')}; log is the natural logarithm. What is made of a
        missing value, or is not finite, is missing; <Code>if(a, b, c)</Code> takes c where a is missing.
        Names, addresses and ids of people cannot be used.
      </Text>
    </Fold>
  );
}

function OwnFeatureList() {
  const [{ ownFeatures: own, switchedOff }, change] = useFeatureChoices();
  const handleRemove = ({ name }: OwnFeature) =>
    change({
      ownFeatures: own.filter((other) => other.name !== name),
      switchedOff: switchedOff.filter((other) => other !== name),
    });
  return own.map((feature) => (
    <Group key={feature.name} gap="xs" mb={4}>
      <Text size="sm">
        <b>{feature.name}</b> = <Code>{feature.expression}</Code>
      </Text>
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={`Remove ${feature.name}`}
        onClick={() => handleRemove(feature)}
      >
        Remove
      </Button>
    </Group>
  ));
}

function NewFeature() {
  const [{ ownFeatures: own }, change] = useFeatureChoices();
  const prepared = useWorkbenchState((state) => state.features);
  const [name, setName] = useState('');
  const [expression, setExpression] = useState('');
  const columns = prepared ? { isTag: (tag: string) => prepared.ownFeatureTags.includes(tag) } : ANY_TAG;
  const taken = new Set([...(prepared?.features ?? []), ...own].map((feature) => feature.name));
  // Each for itself, so that the expression is judged before there is a name.
  const nameFault = ownFeatureFault({ name, expression: '0' }, { taken, columns });
  const parsed = parseExpression(expression, columns);
  const handleAdd = () => {
    change({ ownFeatures: [...own, { name, expression }] });
    setName('');
    setExpression('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (nameFault === null && parsed.ok) handleAdd();
      }}
    >
      <Group align="flex-start" gap="sm" mb={4}>
        <TextInput
          label="Name"
          w={200}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
          error={name === '' ? null : nameFault?.reason}
        />
        <TextInput
          label="Expression"
          flex="1 1 320px"
          maw={560}
          maxLength={500}
          placeholder={EXAMPLE}
          styles={MONOSPACE}
          value={expression}
          onChange={(event) => setExpression(event.currentTarget.value)}
          error={
            expression === '' || parsed.ok
              ? null
              : `Character ${parsed.fault.position}: ${parsed.fault.reason}`
          }
        />
        <Button type="submit" variant="default" mt={25} disabled={nameFault !== null || !parsed.ok}>
          Add
        </Button>
      </Group>
    </form>
  );
}
