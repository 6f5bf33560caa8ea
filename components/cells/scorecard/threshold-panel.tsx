'use client';

import { Group, Select, SimpleGrid, Slider, Text, Title } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { confusionMatrixFigure } from '@/lib/charts/confusion-matrix-figure';
import { thresholdFigure } from '@/lib/charts/scorecard/threshold-figure';
import { rankedScores } from '@/lib/evaluation/ranked-scores';
import { profitUsd, type ThresholdChoice, thresholdByRule } from '@/lib/evaluation/threshold/threshold-rules';
import { resampledThreshold, thresholdsAround } from '@/lib/evaluation/threshold/threshold-sensitivity';
import { thresholdMetrics } from '@/lib/evaluation/threshold-metrics';
import type { PublishedModel } from '@/lib/store/services';
import { DataTable } from '../../data-table';
import { Figure } from '../../figure';
import { countText, metricText, percentText } from '../../format';
import { PlanNumber } from '../tuning/plan-number';

const RULES = [
  { value: 'largest_f1', label: 'Largest F1' },
  { value: 'recall_floor', label: 'Recall floor' },
  { value: 'capacity', label: 'Capacity' },
  { value: 'profit', label: 'Largest profit' },
] as const;
type RuleName = (typeof RULES)[number]['value'];

/** Of the resamples that show where the rule would put the threshold. */
const SEED = 1;
const USD = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });

/** Chooses a threshold on the validation rows, by a rule or by hand, and shows what hangs on it. */
export function ThresholdPanel({ model }: { readonly model: PublishedModel }) {
  const { validation, metadata } = model;
  const [rule, setRule] = useState<RuleName>('largest_f1');
  const [recallPercent, setRecallPercent] = useState(80);
  const [callsPerThousand, setCallsPerThousand] = useState(100);
  const [economics, setEconomics] = useState(metadata.study.economics);
  const [moved, setMoved] = useState<number | null>(null);
  const ranked = useMemo(() => rankedScores(validation.labels, validation.probabilities), [validation]);
  const choice = useMemo(
    () => choiceOf(rule, { recallPercent, callsPerThousand, economics }),
    [rule, recallPercent, callsPerThousand, economics],
  );
  const ruled = useMemo(() => thresholdByRule(ranked, choice), [ranked, choice]);
  const threshold = moved ?? ruled;
  // The rule's threshold is put back by whatever changes the rule.
  const put =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      setMoved(null);
    };
  return (
    <section aria-label="Threshold">
      <Title order={3} size="h5" mt="lg" mb={4}>
        Threshold, chosen on {countText(validation.labels.length)} validation rows
      </Title>
      <Group align="flex-end" gap="md" mb="xs">
        <Select
          label="Rule"
          w={150}
          allowDeselect={false}
          data={[...RULES]}
          value={rule}
          onChange={(value) => value !== null && put(setRule)(value as RuleName)}
        />
        <RuleSettings
          rule={rule}
          settings={{ recallPercent, callsPerThousand, economics }}
          onRecall={put(setRecallPercent)}
          onCalls={put(setCallsPerThousand)}
          onEconomics={put(setEconomics)}
        />
        <ThresholdSlider
          scores={ranked.threshold}
          threshold={threshold}
          onMove={(value) => setMoved(value)}
        />
      </Group>
      <Outcome
        model={model}
        choice={choice}
        economics={economics}
        ranked={ranked}
        threshold={threshold}
        isMoved={moved !== null}
      />
    </section>
  );
}

interface RuleSettingValues {
  readonly recallPercent: number;
  readonly callsPerThousand: number;
  readonly economics: { readonly saleValueUsd: number; readonly contactCostUsd: number };
}

/** The numbers that a rule asks for. */
function RuleSettings({
  rule,
  settings: { recallPercent, callsPerThousand, economics },
  onRecall,
  onCalls,
  onEconomics,
}: {
  readonly rule: RuleName;
  readonly settings: RuleSettingValues;
  readonly onRecall: (percent: number) => void;
  readonly onCalls: (callsPerThousand: number) => void;
  readonly onEconomics: (economics: RuleSettingValues['economics']) => void;
}) {
  return (
    <>
      {rule === 'recall_floor' && (
        <PlanNumber
          label="Buyers to find"
          suffix=" %"
          value={recallPercent}
          min={1}
          max={100}
          onNumber={(value) => value !== null && onRecall(value)}
        />
      )}
      {rule === 'capacity' && (
        <PlanNumber
          label="Calls per 1,000 leads"
          value={callsPerThousand}
          min={1}
          max={1000}
          widthPx={150}
          onNumber={(value) => value !== null && onCalls(value)}
        />
      )}
      {rule === 'profit' && (
        <>
          <PlanNumber
            label="Value of a sale"
            prefix="$"
            isWhole={false}
            value={economics.saleValueUsd}
            min={0.01}
            max={1e9}
            widthPx={120}
            onNumber={(value) => value !== null && onEconomics({ ...economics, saleValueUsd: value })}
          />
          <PlanNumber
            label="Cost of a call"
            prefix="$"
            isWhole={false}
            value={economics.contactCostUsd}
            min={0.01}
            max={1e9}
            widthPx={120}
            onNumber={(value) => value !== null && onEconomics({ ...economics, contactCostUsd: value })}
          />
        </>
      )}
    </>
  );
}

function choiceOf(rule: RuleName, settings: RuleSettingValues): ThresholdChoice {
  switch (rule) {
    case 'largest_f1':
      return { rule };
    case 'recall_floor':
      return { rule, recall: settings.recallPercent / 100 };
    case 'capacity':
      return { rule, share: settings.callsPerThousand / 1000 };
    case 'profit':
      return { rule, ...settings.economics };
    default:
      return rule satisfies never;
  }
}

/** Moves along the distinct scores, so that each step calls somebody more. */
function ThresholdSlider({
  scores,
  threshold,
  onMove,
}: {
  /** Largest first. */
  readonly scores: Float64Array;
  readonly threshold: number;
  readonly onMove: (threshold: number) => void;
}) {
  const below = scores.findIndex((score) => score < threshold);
  const place = Math.max(0, (below < 0 ? scores.length : below) - 1);
  return (
    <div style={{ flex: '1 1 220px', minWidth: 180 }}>
      <Text size="sm" fw={500} mb={6}>
        Threshold {metricText(threshold)}
      </Text>
      <Slider
        thumbLabel="Threshold"
        min={0}
        max={scores.length - 1}
        value={place}
        label={metricText(scores[place])}
        onChange={(value) => onMove(scores[value]!)}
      />
    </div>
  );
}

function Outcome({
  model,
  choice,
  economics,
  ranked,
  threshold,
  isMoved,
}: {
  readonly model: PublishedModel;
  readonly choice: ThresholdChoice;
  readonly economics: { readonly saleValueUsd: number; readonly contactCostUsd: number };
  readonly ranked: ReturnType<typeof rankedScores>;
  readonly threshold: number;
  readonly isMoved: boolean;
}) {
  const { validation, report } = model;
  const confusion = useCallback(
    (theme: ChartTheme) =>
      confusionMatrixFigure(thresholdMetrics(validation.labels, validation.probabilities, threshold), theme),
    [validation, threshold],
  );
  const curve = useCallback(
    (theme: ChartTheme) => thresholdFigure({ ranked, threshold }, theme),
    [ranked, threshold],
  );
  const around = useMemo(() => thresholdsAround(ranked, threshold), [ranked, threshold]);
  const chosen = useMemo(() => resampledThreshold(validation, choice, SEED), [validation, choice]);
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="lg">
        <Figure build={curve} fileName="threshold" heightPx={280} />
        <Figure build={confusion} fileName="confusion_matrix" heightPx={280} />
      </SimpleGrid>
      <DataTable
        label="Around the threshold"
        columns={[
          { key: 'threshold', label: 'Score from', align: 'right' },
          { key: 'called', label: 'Called', align: 'right' },
          { key: 'share', label: 'Share', align: 'right' },
          { key: 'precision', label: 'Precision', align: 'right' },
          { key: 'recall', label: 'Recall', align: 'right' },
          { key: 'f1', label: 'F1', align: 'right' },
          { key: 'profit', label: 'Profit', align: 'right' },
        ]}
        rows={around.map((outcome) => ({
          threshold: `${metricText(outcome.threshold)}${outcome.threshold === threshold ? ' ●' : ''}`,
          called: countText(outcome.nCalled),
          share: percentText(outcome.share),
          precision: percentText(outcome.precision),
          recall: percentText(outcome.recall),
          f1: metricText(outcome.f1),
          profit: USD.format(profitUsd(outcome.nBuyers, outcome.nCalled, economics)),
        }))}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {isMoved ? 'Moved by hand. ' : ''}
        {chosen !== null &&
          `In 9 of 10 resamples of the validation rows the rule would put it between ${metricText(chosen.low)} and ${metricText(chosen.high)} (${chosen.nSamples} resamples, seed ${SEED}). `}
        Profit: ${countText(economics.saleValueUsd)} a buyer less ${economics.contactCostUsd} a call. The
        model keeps {metricText(report.threshold)}, {report.threshold_rule}; the test rows were judged at that
        one alone.
      </Text>
    </>
  );
}
