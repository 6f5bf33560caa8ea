'use client';

import { Button, FileButton, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import type { StepOutcome } from '@/lib/quality/repair/apply-steps';
import { parseRepairSteps, repairStepsJson } from '@/lib/quality/repair/repair-step';
import { outcomeText, stepText } from '@/lib/quality/repair/step-sentence';
import { DataTable } from '../data-table';
import { FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';

const FILE_NAME = 'repair_steps.json';

/** What was mended and left out before the tables were joined, each step to be taken back. */
export function RepairSteps() {
  const workbench = useWorkbench();
  const steps = useWorkbenchState((state) => state.repairSteps);
  const outcomes = useWorkbenchState((state) => state.ingest?.outcomes);
  const keptFailure = useWorkbenchState((state) => state.repairFailure);
  const [failure, setFailure] = useState<Failure | null>(null);
  const shownFailure = failure ?? keptFailure;
  const load = async (file: File | null) => {
    if (file === null) return;
    const read = parseRepairSteps(file.name, await file.text());
    setFailure(read.ok ? null : read.error);
    if (read.ok) await workbench.repair.replace(read.value);
  };
  return (
    <>
      <Group justify="space-between" mt="sm" mb={4} gap="xs">
        <Text size="sm" fw={500}>
          {steps.length === 0
            ? 'Tables as the file holds them: nothing mended, nothing left out'
            : 'Done before the join'}
        </Text>
        <Group gap={6}>
          {steps.length > 0 && (
            <>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() =>
                  saveBlob(new Blob([repairStepsJson(steps)], { type: 'application/json' }), FILE_NAME)
                }
              >
                {FILE_NAME}
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => void workbench.repair.replace([])}>
                Take all back
              </Button>
            </>
          )}
          <FileButton accept="application/json,.json" onChange={(file) => void load(file)}>
            {(props) => (
              <Button size="compact-xs" variant="subtle" {...props}>
                Load steps
              </Button>
            )}
          </FileButton>
        </Group>
      </Group>
      {shownFailure && <FailureAlert failure={shownFailure} />}
      {steps.length > 0 && (
        <DataTable
          label="Steps before the join"
          columns={[
            { key: 'n', label: '#', align: 'right' },
            { key: 'what', label: 'Step' },
            { key: 'outcome', label: 'Came to' },
            { key: 'undo', label: 'Undo' },
          ]}
          rows={steps.map((step, index) => ({
            n: String(index + 1),
            what: stepText(step),
            outcome: resultOf(outcomes, index),
            undo: (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={`Take step ${index + 1} back`}
                onClick={() => void workbench.repair.takeBack(index)}
              >
                Take back
              </Button>
            ),
          }))}
        />
      )}
    </>
  );
}

function resultOf(outcomes: readonly StepOutcome[] | undefined, index: number): string {
  const outcome = outcomes?.[index];
  return outcome === undefined ? 'not done yet' : outcomeText(outcome);
}
