import { LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { importancesFigure } from '@/lib/charts/importances-figure';
import { optimisationHistoryFigure } from '@/lib/charts/optimisation-history-figure';
import { precisionRecallFigure } from '@/lib/charts/precision-recall-figure';
import { rocCurveFigure } from '@/lib/charts/roc-curve-figure';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { MODEL_FILES, readModelFile } from './models/model-files';
import type { Home } from './storage/home';
import { readStudyValidation } from './studies/study-launch';

/**
 * Read everything that is published of a model, by name, each file checked to be what was published, and draw the figures
 * of it and of its study as Plotly JSON under `figures/`, which Plotly in any language opens.
 *
 * @param study the one that made it; null leaves out its figure and what the quality checks of its data came to
 * @returns null where the model is not there any more or a file is not what was published
 */
export async function publishedFiles(
  home: Home,
  modelId: string,
  study: StudyState | null,
): Promise<Readonly<Record<string, Uint8Array>> | null> {
  const files: Record<string, Uint8Array> = {};
  for (const name of MODEL_FILES) {
    const file = await readModelFile(home, modelId, name);
    if (!file.ok) return null;
    files[name] = file.value.bytes;
  }
  const validation = study === null ? null : await readStudyValidation(home, study.studyId);
  return {
    ...files,
    ...(validation === null ? {} : { 'validation_results.json': validation }),
    ...figureFiles(files['evaluation_report.json'], study),
  };
}

function figureFiles(
  reportJson: Uint8Array | undefined,
  study: StudyState | null,
): Readonly<Record<string, Uint8Array>> {
  const theme = LIGHT_CHART_THEME;
  const figures: Record<string, FigureSpec> = {};
  if (reportJson !== undefined) {
    const report = evaluationReportSchema.parse(JSON.parse(new TextDecoder().decode(reportJson)));
    figures.roc_curve = rocCurveFigure(report, theme);
    figures.precision_recall = precisionRecallFigure(report, theme);
    figures.feature_importances = importancesFigure(report.importances, theme);
  }
  if (study !== null)
    figures.optimisation_history = optimisationHistoryFigure({ state: study, selected: new Set() }, theme);
  return Object.fromEntries(
    Object.entries(figures).map(([name, { title, data, layout }]) => {
      const figure = { data, layout: { ...layout, title: { text: title } } };
      return [`figures/${name}.json`, new TextEncoder().encode(`${JSON.stringify(figure)}\n`)];
    }),
  );
}
