'use client';

import { Alert, List, Text } from '@mantine/core';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import { VERDICT_WORDS } from '@/lib/evaluation/verdict/verdict-reason';
import type { PublishedModel } from '@/lib/store/services';
import { countText } from '../../format';
import { useFoundReasons } from './use-found-reasons';

const COLOURS = { ready: 'green', ok: 'yellow', not_ready: 'red' } as const;
const GRADE_WORDS = { not_ready: 'Speaks against it', ok: 'To be known' } as const;

/** Whether the model may be used, with what speaks against it, and how often its test rows were looked at. */
export function ModelVerdict({ model }: { readonly model: PublishedModel }) {
  const furtherReasons = useFoundReasons();
  const { report, metadata, nTestLooks } = model;
  const { grade, reasons } = modelVerdict({
    report,
    leakage: metadata.leakage ?? [],
    gateOverrideReason: metadata.gate_override_reason,
    nTestLooks,
    furtherReasons,
  });
  const looks = nTestLooks === 1 ? 'once' : `${countText(nTestLooks)} times, by as many models`;
  return (
    <Alert
      role="status"
      aria-label="Verdict"
      color={COLOURS[grade]}
      variant="light"
      mb="sm"
      title={`Verdict: ${VERDICT_WORDS[grade]}`}
    >
      {reasons.length > 0 && (
        <List size="sm" spacing={2} mb={4}>
          {reasons.map(({ code, grade: of, sentence }) => (
            <List.Item key={code} data-code={code}>
              <Text span size="sm" fw={600}>
                {GRADE_WORDS[of]}:
              </Text>{' '}
              {sentence}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm">
        {reasons.length === 0 && 'Nothing speaks against it. '}
        These test rows were looked at {looks}. Thresholds are chosen on validation rows alone.
      </Text>
    </Alert>
  );
}
