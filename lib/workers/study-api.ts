import type { ParameterImportances } from '@/lib/tuning/insight/parameter-importances';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { CompleteTrial } from '@/lib/tuning/study/trial-record';

/** What the study worker answers: arithmetic over a study that would stop the page. It sees parameters and metrics only. */
export interface StudyApi {
  importances(input: {
    readonly config: StudyConfig;
    readonly trials: readonly CompleteTrial[];
    readonly seed: number;
  }): ParameterImportances;
}
