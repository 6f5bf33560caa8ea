import type { FeatureMatrix } from '@/lib/features/matrix';
import type { ScoringApi } from '@/lib/workers/scoring-api';
import { WorkerClient } from '@/lib/workers/worker-client';

/** Scores a few rows now and then, with the model that scored the list. */
export interface AskedModel {
  /** Take a model; the one before goes. */
  take(modelOnnx: ArrayBuffer): void;
  /** @throws where no model was taken, or ExpectedFailure as `openScoringSession` */
  score(matrix: FeatureMatrix): Promise<{ readonly probabilities: Float32Array }>;
  close(): void;
}

/** Create it; its worker begins when it is first asked, and keeps the model open. */
export function createAskedModel(factory: {
  readonly scoringWorker: () => Worker;
  readonly onnxWasmUrl: string;
}): AskedModel {
  let model: ArrayBuffer | null = null;
  let asked: Promise<WorkerClient<ScoringApi>> | null = null;
  const close = () => {
    asked?.then(
      (client) => client.close(),
      () => undefined,
    );
    asked = null;
  };
  const begun = async (modelOnnx: ArrayBuffer, featureNames: readonly string[]) => {
    const client = new WorkerClient<ScoringApi>(factory.scoringWorker(), 'the scoring worker');
    try {
      await client.call('hold', { modelOnnx, featureNames, wasmUrl: factory.onnxWasmUrl });
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  };
  return {
    take(modelOnnx) {
      close();
      model = modelOnnx;
    },
    async score(matrix) {
      if (model === null) throw new Error('Asked to score before a model was there');
      asked ??= begun(model, matrix.featureNames);
      const asking = asked;
      try {
        return await (await asking).call('scoreHeld', matrix);
      } catch (error) {
        // A worker that failed to begin, or died, is not asked again.
        if (asked === asking) close();
        throw error;
      }
    },
    close() {
      close();
      model = null;
    },
  };
}
