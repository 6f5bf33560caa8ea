import type { FeatureMatrix } from '@/lib/features/matrix';

/** What the scoring worker answers. It sees numbers only. */
export interface ScoringApi {
  score(input: {
    readonly modelOnnx: ArrayBuffer;
    readonly matrix: FeatureMatrix;
    readonly wasmUrl: string;
  }): { readonly probabilities: Float32Array; readonly margins: Float32Array; readonly elapsedMs: number };
}
