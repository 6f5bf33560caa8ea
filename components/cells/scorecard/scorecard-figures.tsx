'use client';

import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { importancesFigure } from '@/lib/charts/importances-figure';
import { precisionRecallFigure } from '@/lib/charts/precision-recall-figure';
import { rocCurveFigure } from '@/lib/charts/roc-curve-figure';
import { classScoresFigure } from '@/lib/charts/scorecard/class-scores-figure';
import { gainsFigure, liftFigure } from '@/lib/charts/scorecard/gains-figure';
import { reliabilityFigure } from '@/lib/charts/scorecard/reliability-figure';
import type { PublishedModel } from '@/lib/store/services';
import { Figure } from '../../figure';

interface Choice {
  readonly label: string;
  readonly fileName: string;
  readonly build: (model: PublishedModel, theme: ChartTheme) => FigureSpec;
}

const RANKING: readonly Choice[] = [
  { label: 'ROC', fileName: 'roc_curve', build: ({ report }, theme) => rocCurveFigure(report, theme) },
  {
    label: 'Precision–recall',
    fileName: 'precision_recall_curve',
    build: ({ report }, theme) => precisionRecallFigure(report, theme),
  },
  { label: 'Gains', fileName: 'cumulative_gains', build: ({ report }, theme) => gainsFigure(report, theme) },
  { label: 'Lift', fileName: 'lift', build: ({ report }, theme) => liftFigure(report, theme) },
];
const PROBABILITIES: readonly Choice[] = [
  {
    label: 'Reliability',
    fileName: 'reliability',
    build: ({ report }, theme) => reliabilityFigure(report, theme),
  },
  {
    label: 'Scores',
    fileName: 'scores_by_class',
    build: ({ validation, report }, theme) =>
      classScoresFigure({ ...validation, threshold: report.threshold }, theme),
  },
  {
    label: 'Importances',
    fileName: 'importances',
    build: ({ report }, theme) => importancesFigure(report.importances, theme),
  },
];

/** How the model ranks, and what its scores are worth: one figure each, chosen by a switch. */
export function ScorecardFigures({ model }: { readonly model: PublishedModel }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing="lg" mt="md">
      <Chosen model={model} label="Ranking" choices={RANKING} />
      <Chosen model={model} label="Probabilities" choices={PROBABILITIES} />
    </SimpleGrid>
  );
}

function Chosen({
  model,
  label,
  choices,
}: {
  readonly model: PublishedModel;
  readonly label: string;
  readonly choices: readonly Choice[];
}) {
  const [chosen, setChosen] = useState(choices[0]!.label);
  const choice = choices.find((one) => one.label === chosen) ?? choices[0]!;
  const build = useCallback((theme: ChartTheme) => choice.build(model, theme), [choice, model]);
  return (
    <Stack gap={6}>
      <SegmentedControl
        size="xs"
        aria-label={label}
        data={choices.map((one) => one.label)}
        value={chosen}
        onChange={setChosen}
        style={{ alignSelf: 'flex-start', maxWidth: '100%' }}
      />
      <Figure key={choice.fileName} build={build} fileName={choice.fileName} heightPx={320} />
    </Stack>
  );
}
