'use client';

import { Button, NativeSelect, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Failure } from '@/lib/core/result';
import type { OfferedStep } from '@/lib/quality/repair/offered-steps';
import { KEEP_RULES, type KeepRule, type RepairStep } from '@/lib/quality/repair/repair-step';
import { keepRuleText, stepText } from '@/lib/quality/repair/step-sentence';
import { failureOf } from '@/lib/store/cell-runs';
import { DataTable } from '../../data-table';
import { countText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** Fixes that would change something in the tables as they are, each done by one click and taken back by another. */
export function Fixes() {
  const workbench = useWorkbench();
  const quality = useWorkbenchState((state) => state.quality);
  const [offers, setOffers] = useState<readonly OfferedStep[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [keep, setKeep] = useState<KeepRule>('newest_optin');
  useEffect(() => {
    let isWanted = quality !== null;
    workbench.repair.offers().then(
      (found) => isWanted && setOffers(found),
      (error: unknown) => isWanted && setFailure(failureOf(error, 'Fixes')),
    );
    return () => {
      isWanted = false;
    };
  }, [workbench, quality]);
  if (failure) return <FailureAlert failure={failure} />;
  if (offers.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={500} mt="sm" mb={4}>
        Fixes on offer
      </Text>
      <DataTable
        label="Fixes on offer"
        columns={[
          { key: 'what', label: 'Fix' },
          { key: 'n', label: 'Changes', align: 'right' },
          { key: 'do', label: 'Do' },
        ]}
        rows={offers.map(({ step: offered, n }) => {
          const step: RepairStep = offered.type === 'merge_subscribers' ? { ...offered, keep } : offered;
          return {
            what:
              step.type === 'merge_subscribers' ? (
                <MergeRule keep={keep} onChange={setKeep} />
              ) : (
                stepText(step)
              ),
            n: `${countText(n)} ${step.type === 'trim' || step.type === 'fold_case' ? 'cells' : 'rows'}`,
            do: (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={stepText(step)}
                onClick={() => void workbench.repair.add(step)}
              >
                Do it
              </Button>
            ),
          };
        })}
      />
    </>
  );
}

function MergeRule({
  keep,
  onChange,
}: {
  readonly keep: KeepRule;
  readonly onChange: (keep: KeepRule) => void;
}) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, flexWrap: 'wrap' }}>
      Keep one subscriber an e-mail address:
      <NativeSelect
        size="xs"
        aria-label="Which subscriber of an address is kept"
        value={keep}
        onChange={(event) => {
          const chosen = KEEP_RULES.find((rule) => rule === event.currentTarget.value);
          if (chosen) onChange(chosen);
        }}
        data={KEEP_RULES.map((rule) => ({ value: rule, label: keepRuleText(rule) }))}
      />
      tags of the others go to it
    </span>
  );
}
