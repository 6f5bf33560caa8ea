import '@/lib/core/zod-without-eval';
import * as ort from 'onnxruntime-web/wasm';
import { openScoringSession, type ScoringSession } from '@/lib/onnx/scoring-session';
import type { ScoringApi } from './scoring-api';
import { serveWorker, type WorkerScope } from './serve-worker';

let held: ScoringSession | null = null;

serveWorker<ScoringApi>(globalThis as unknown as WorkerScope, {
  async score({ modelOnnx, matrix, wasmUrl }, { onProgress, transfer }) {
    ort.env.wasm.wasmPaths = { wasm: wasmUrl };
    const session = await openScoringSession({
      ort,
      modelBytes: new Uint8Array(modelOnnx),
      featureNames: matrix.featureNames,
    });
    const startedAtMs = performance.now();
    const { probabilities, margins } = await session.score(matrix, (done, total) =>
      onProgress({ label: 'Scoring rows', done, total }),
    );
    const elapsedMs = performance.now() - startedAtMs;
    await session.close();
    transfer(probabilities.buffer as ArrayBuffer, margins.buffer as ArrayBuffer);
    return { probabilities, margins, elapsedMs };
  },
  async hold({ modelOnnx, featureNames, wasmUrl }) {
    ort.env.wasm.wasmPaths = { wasm: wasmUrl };
    await held?.close();
    held = await openScoringSession({ ort, modelBytes: new Uint8Array(modelOnnx), featureNames });
    return null;
  },
  scoreHeld(matrix) {
    if (held === null) throw new Error('Asked to score before a model was held');
    return held.score(matrix);
  },
});
