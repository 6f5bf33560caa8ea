'use client';

import { Text, Title } from '@mantine/core';
import { useCallback, useId } from 'react';
import type { LeadExplanation, Reason } from '@/lib/scoring/reasons/explainer';
import { useWorkbench } from '../../workbench/use-workbench';
import { Answer } from './answer';
import classes from './reasons.module.css';
import { useAsked } from './use-asked';

/** Why a lead has its score: reasons for and against, the strongest first. */
export function LeadReasons({ row }: { readonly row: number }) {
  const workbench = useWorkbench();
  const asked = useAsked(
    'Reasons',
    useCallback(() => workbench.reasons.explainLead(row), [workbench, row]),
  );
  return (
    <Answer asked={asked} what="reasons">
      {(explanation) => <ReasonLists explanation={explanation} />}
    </Answer>
  );
}

/** Both sides of an explanation, to one scale. */
export function ReasonLists({ explanation }: { readonly explanation: LeadExplanation }) {
  const { reasonsFor, reasonsAgainst, bias, margin } = explanation;
  const largest = Math.max(
    ...[...reasonsFor, ...reasonsAgainst].map((reason) => Math.abs(reason.contribution)),
  );
  return (
    <>
      <ReasonList title="For" reasons={reasonsFor} largest={largest} />
      <ReasonList title="Against" reasons={reasonsAgainst} largest={largest} />
      <Text size="xs" c="dimmed" className="tabular">
        Parts in log-odds, exact (TreeSHAP). A lead of whom nothing is known has {signed(bias)}; all parts
        together make {signed(margin)}, before calibration. “Like this” counts the subscribers of the training
        and validation rows who share the value.
      </Text>
    </>
  );
}

function ReasonList({
  title,
  reasons,
  largest,
}: {
  readonly title: string;
  readonly reasons: readonly Reason[];
  readonly largest: number;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id} size="h6" mb={4}>
        {title}
      </Title>
      {reasons.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing speaks {title.toLowerCase()} this lead.
        </Text>
      )}
      <ul className={classes.reasons}>
        {reasons.map(({ subject, contribution, sentence }) => (
          <li key={subject}>
            <span className={`${classes.part} tabular`}>{signed(contribution)}</span>
            <span>
              {capitalised(sentence)}.
              <span
                aria-hidden="true"
                className={classes.bar}
                data-side={title}
                style={{ width: `${(100 * Math.abs(contribution)) / largest}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
