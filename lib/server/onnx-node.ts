import * as ort from 'onnxruntime-web/wasm';
import { openScoringSession, type ScoringSession } from '@/lib/onnx/scoring-session';

/**
 * Open an ONNX model for scoring in Node, on one thread, with the same WebAssembly build that the browser runs.
 *
 * @throws ExpectedFailure as `openScoringSession`
 */
export function openNodeScoringSession(
  modelBytes: Uint8Array,
  featureNames: readonly string[],
): Promise<ScoringSession> {
  return openScoringSession({ ort, modelBytes, featureNames });
}
