import { readDataset } from '@/lib/server/storage/dataset-store';
import type { Home } from '@/lib/server/storage/home';
import type { ModelMaker } from '@/lib/server/studies/study-engine';
import { bestTrial } from '@/lib/tuning/study/study-state';
import { buildModel } from './build-model';
import { codeSha256 } from './code-version';
import { finalFitJob } from './final-fit-job';
import { publishModel } from './publish-model';

/**
 * Create the maker that a study service publishes its models with: the best trial's parameters are fitted again on
 * training and validation rows, and what `buildModel` makes of it is published in a home.
 *
 * @param leadbenchVersion as in package.json
 * @param onCheckpoint told the size of a best model that was put into `checkpoints/`, in bytes
 */
export function createModelMaker(
  home: Home,
  leadbenchVersion: string,
  onCheckpoint: (nBytes: number) => void = () => undefined,
): ModelMaker {
  return async ({ study, featureSpec, dataset, executor, signal }) => {
    const best = bestTrial(study);
    if (best === null) throw new Error(`${study.studyId} has no complete trial to make a model of`);
    const decoded = await readDataset(home, dataset.digest);
    if (!decoded.ok) return decoded;
    const finalFit = await executor.runFinalFit(finalFitJob(study.config, best), dataset, signal);
    const model = await buildModel({
      config: study.config,
      best,
      xgboostVersion: study.engineVersion,
      leadbenchVersion,
      codeDigest: codeSha256(),
      gateOverrideReason: study.gateOverrideReason,
      featureSpec,
      dataset: decoded.value,
      finalFit,
    });
    if (!model.ok) return model;
    signal.throwIfAborted();
    const published = await publishModel(home, {
      model: model.value,
      studyId: study.studyId,
      bestMetrics: best.metrics,
      dataset: decoded.value,
    });
    if (published.ok) onCheckpoint(model.value.files['model.ubj'].byteLength);
    return published;
  };
}
