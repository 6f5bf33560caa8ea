'use client';

import { ActionIcon, NativeSelect, Table, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import {
  addedParameter,
  fittingTypes,
  type ParameterDraft,
  type SpaceDraft,
  type SpaceFault,
  withType,
} from '@/lib/store/space-draft';
import { PARAMETER_NAMES, type ParameterName, parameterKind } from '@/lib/tuning/space/parameter-catalogue';
import { useWorkbench } from '../../workbench/use-workbench';
import { SpaceField } from './space-field';
import classes from './space-table.module.css';

type TableDraft = Extract<SpaceDraft, { view: 'table' }>;

interface Props {
  readonly draft: TableDraft;
  readonly faults: readonly SpaceFault[];
}

/** The search space as a table, a parameter a row. */
export function SpaceTable({ draft, faults }: Props) {
  const workbench = useWorkbench();
  const { parameters } = draft;
  const write = (changed: readonly ParameterDraft[]) =>
    void workbench.setSpaceDraft({ view: 'table', parameters: changed });
  const faulty = new Set(faults.map(({ parameter }) => parameter));
  return (
    <section className={classes.scroll} aria-label="Search space">
      <Table
        className={classes.table}
        withRowBorders={false}
        horizontalSpacing={6}
        verticalSpacing={2}
        fz="xs"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Parameter</Table.Th>
            <Table.Th scope="col">Drawn as</Table.Th>
            <Table.Th scope="col">Low</Table.Th>
            <Table.Th scope="col">High</Table.Th>
            <Table.Th scope="col">Step</Table.Th>
            <Table.Th scope="col">Only where</Table.Th>
            <Table.Th scope="col">
              <span className={classes.hidden}>Remove</span>
            </Table.Th>
            <Table.Th scope="col">Meaning</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parameters.map((one) => (
            <ParameterRow
              key={one.name}
              parameter={one}
              others={parameters.filter(({ name }) => name !== one.name).map(({ name }) => name)}
              isFaulty={faulty.has(one.name)}
              onWrite={(change) =>
                write(parameters.map((row) => (row.name === one.name ? { ...row, ...change } : row)))
              }
              onRemove={() => write(parameters.filter(({ name }) => name !== one.name))}
            />
          ))}
        </Table.Tbody>
      </Table>
      <AddParameter
        taken={parameters.map(({ name }) => name)}
        onAdd={(name) => write(inOrder([...parameters, addedParameter(name)]))}
      />
    </section>
  );
}

function inOrder(parameters: readonly ParameterDraft[]): readonly ParameterDraft[] {
  return PARAMETER_NAMES.flatMap((name) => parameters.find((one) => one.name === name) ?? []);
}

interface RowProps {
  readonly parameter: ParameterDraft;
  /** The other parameters of the space, on which this one may depend. */
  readonly others: readonly ParameterName[];
  readonly isFaulty: boolean;
  readonly onWrite: (change: Partial<ParameterDraft>) => void;
  readonly onRemove: () => void;
}

function ParameterRow({ parameter, others, isFaulty, onWrite, onRemove }: RowProps) {
  const { name, type } = parameter;
  const field = (key: 'low' | 'high' | 'step' | 'values', label: string) => (
    <SpaceField
      widthPx={key === 'values' ? 250 : 78}
      label={`${label} of ${name}`}
      text={parameter[key]}
      isFaulty={isFaulty}
      onText={(text) => onWrite({ [key]: text })}
    />
  );
  const types = fittingTypes(name);
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.name}>
        {name}
      </Table.Th>
      <Table.Td>
        <NativeSelect
          size="xs"
          w={112}
          aria-label={`Distribution of ${name}`}
          value={type}
          data={[...types]}
          onChange={(event) => {
            const chosen = types.find((one) => one === event.currentTarget.value);
            if (chosen !== undefined) onWrite(withType(parameter, chosen));
          }}
        />
      </Table.Td>
      {type === 'choice' ? (
        <Table.Td colSpan={3}>{field('values', 'Values')}</Table.Td>
      ) : (
        <>
          <Table.Td>{field('low', 'Low')}</Table.Td>
          <Table.Td>{field('high', 'High')}</Table.Td>
          <Table.Td>{type === 'quniform' && field('step', 'Step')}</Table.Td>
        </>
      )}
      <Table.Td>
        {name !== 'n_estimators' && (
          <ConditionFields parameter={parameter} others={others} isFaulty={isFaulty} onWrite={onWrite} />
        )}
      </Table.Td>
      <Table.Td>
        {name !== 'n_estimators' && (
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            aria-label={`Remove ${name}`}
            onClick={onRemove}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
      </Table.Td>
      <Table.Td c="dimmed">{parameterKind(name).meaning}</Table.Td>
    </Table.Tr>
  );
}

function ConditionFields({ parameter, others, isFaulty, onWrite }: Omit<RowProps, 'onRemove'>) {
  const { name, when } = parameter;
  return (
    <div className={classes.condition}>
      <NativeSelect
        size="xs"
        w={142}
        aria-label={`${name} depends on`}
        value={when?.parameter ?? ''}
        data={[{ value: '', label: 'always' }, ...new Set(when ? [when.parameter, ...others] : others)]}
        onChange={(event) => {
          const chosen = PARAMETER_NAMES.find((one) => one === event.currentTarget.value);
          onWrite({ when: chosen === undefined ? null : { parameter: chosen, isIn: '' } });
        }}
      />
      {when !== null && (
        <>
          <Text size="xs">is</Text>
          <SpaceField
            widthPx={110}
            label={`${name} waits for ${when.parameter} to be`}
            text={when.isIn}
            isFaulty={isFaulty}
            onText={(isIn) => onWrite({ when: { ...when, isIn } })}
          />
        </>
      )}
    </div>
  );
}

function AddParameter({
  taken,
  onAdd,
}: {
  readonly taken: readonly ParameterName[];
  readonly onAdd: (name: ParameterName) => void;
}) {
  const left = PARAMETER_NAMES.filter((name) => !taken.includes(name));
  if (left.length === 0) return null;
  return (
    <NativeSelect
      size="xs"
      w="min(100%, 420px)"
      mt={6}
      aria-label="Add a parameter"
      value=""
      data={[
        { value: '', label: 'Add a parameter …' },
        ...left.map((name) => ({ value: name, label: `${name}: ${parameterKind(name).meaning}` })),
      ]}
      onChange={(event) => {
        const chosen = left.find((one) => one === event.currentTarget.value);
        if (chosen !== undefined) onAdd(chosen);
      }}
    />
  );
}
