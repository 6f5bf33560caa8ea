'use client';

import { ActionIcon, Group, NativeSelect, Select, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { usePlan } from './use-plan';

const MOST_SHOWN = 50;

/** Features along which a score may only rise, or only fall. */
export function MonotoneEditor() {
  const { plan, change } = usePlan();
  const features = useWorkbenchState((state) => state.features?.spec.features ?? null);
  const constraints = plan.monotoneConstraints;
  const names = Object.keys(constraints);
  const choosable = (features ?? [])
    .filter(({ name, kind }) => kind !== 'categorical' && constraints[name] === undefined)
    .map(({ name }) => name);
  const without = (gone: string) =>
    Object.fromEntries(Object.entries(constraints).filter(([name]) => name !== gone));
  return (
    <>
      <Group align="flex-end" gap="sm">
        <Select
          label="Monotone along a feature"
          placeholder={features === null ? 'Features are not prepared' : 'Add a feature'}
          searchable
          limit={MOST_SHOWN}
          w={260}
          value={null}
          data={choosable}
          nothingFoundMessage="No such feature"
          disabled={choosable.length === 0}
          onChange={(name) => name !== null && change({ monotoneConstraints: { ...constraints, [name]: 1 } })}
        />
        {names.length === 0 && (
          <Text size="xs" c="dimmed" pb={7}>
            None: a score may rise and fall along every feature.
          </Text>
        )}
      </Group>
      {names.map((name) => (
        <Group key={name} gap="xs" mt={6} wrap="nowrap">
          <Text size="xs" truncate style={{ flex: '0 1 260px' }}>
            {name}
          </Text>
          <NativeSelect
            size="xs"
            w={150}
            aria-label={`Score along ${name}`}
            value={constraints[name] === 1 ? 'rises' : 'falls'}
            data={[
              { value: 'rises', label: 'never falls' },
              { value: 'falls', label: 'never rises' },
            ]}
            onChange={(event) => {
              const direction = event.currentTarget.value === 'rises' ? 1 : -1;
              change({ monotoneConstraints: { ...constraints, [name]: direction } });
            }}
          />
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            aria-label={`Remove the constraint on ${name}`}
            onClick={() => change({ monotoneConstraints: without(name) })}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
    </>
  );
}
