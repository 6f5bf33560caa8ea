import type { FeatureMatrix } from '@/lib/features/matrix';

/** What the scoring worker answers. It sees numbers only. */
export interface ScoringApi {
  score(input: {
    readonly modelOnnx: ArrayBuffer;
    readonly matrix: FeatureMatrix;
    readonly wasmUrl: string;
  }): { readonly probabilities: Float32Array; readonly margins: Float32Array; readonly elapsedMs: number };
  /** Open a model to be asked again and again. */
  hold(input: {
    readonly modelOnnx: ArrayBuffer;
    readonly featureNames: readonly string[];
    readonly wasmUrl: string;
  }): null;
  /** Score a few rows with the model held. */
  scoreHeld(matrix: FeatureMatrix): { readonly probabilities: Float32Array; readonly margins: Float32Array };
}
