import { ExpectedFailure } from '@/lib/core/result';
import type { CrmService } from '@/lib/store/services';
import type { CrmApi } from '@/lib/workers/crm-api';
import type { ScoringApi } from '@/lib/workers/scoring-api';
import { WorkerClient } from '@/lib/workers/worker-client';
import { createAskedModel } from './asked-model';

/** A file that takes longer than this to open is taken for one built to hang its reader. */
const OPEN_LIMIT_MS = 60_000;
/** Reading and joining a million subscribers takes some seconds; a statement that never ends must not. */
const READ_LIMIT_MS = 300_000;

/** Makes the workers and says where their WebAssembly lies. */
export interface WorkerFactory {
  readonly crmWorker: () => Worker;
  readonly scoringWorker: () => Worker;
  readonly sqlWasmUrl: string;
  readonly onnxWasmUrl: string;
}

/**
 * Hold the CRM in a worker. A new file is opened in a worker of its own, which takes the old one's place only when
 * the file proved good; a file that hangs its reader costs that worker alone. Of several files the newest wins.
 */
export function createCrmService(factory: WorkerFactory): CrmService {
  let current: WorkerClient<CrmApi> | null = null;
  const askedModel = createAskedModel(factory);
  let nOpenings = 0;
  const reader = () => {
    if (current?.isOpen) return current;
    throw new ExpectedFailure({
      code: 'nothing_open',
      message: 'No CRM file is open.',
      hint: 'Open a file first.',
    });
  };
  return {
    async open(file) {
      nOpenings += 1;
      const opening = nOpenings;
      const candidate = new WorkerClient<CrmApi>(factory.crmWorker(), 'the CRM reader');
      try {
        const bytes = file.bytes.slice(0);
        const opened = await candidate.call(
          'open',
          { fileName: file.name, bytes, wasmUrl: factory.sqlWasmUrl },
          { timeLimitMs: OPEN_LIMIT_MS, transfer: [bytes] },
        );
        if (opening !== nOpenings) throw new ExpectedFailure(overtaken(file.name));
        current?.close();
        current = candidate;
        return opened;
      } catch (error) {
        candidate.close();
        throw error;
      }
    },
    close() {
      nOpenings += 1;
      current?.close();
      current = null;
      askedModel.close();
    },
    ingest: async (steps) => reader().call('ingest', { steps }, { timeLimitMs: READ_LIMIT_MS }),
    offeredSteps: async () => reader().call('offeredSteps', null),
    joinedCsv: async () => reader().call('joinedCsv', null),
    suggestSuite: async (name) => reader().call('suggestSuite', { name }, { timeLimitMs: READ_LIMIT_MS }),
    validate: async (validation) => reader().call('validate', validation, { timeLimitMs: READ_LIMIT_MS }),
    failingRows: async (place) => reader().call('failingRows', place),
    failingRowsCsv: async (place) => reader().call('failingRowsCsv', place),
    filtered: async (filters) => reader().call('filtered', { filters }),
    segments: async (dimension, filters) => reader().call('segments', { dimension, filters }),
    rating: async (filters) => reader().call('rating', { filters }),
    tags: async (filters) => reader().call('tags', { filters }),
    interaction: async (pair, filters) => reader().call('interaction', { ...pair, filters }),
    axes: async () => reader().call('axes', null),
    ranking: async (filters) => reader().call('ranking', { filters }),
    figureSql: async (figure, filters) => reader().call('figureSql', { figure, filters }),
    sufficiency: async () => reader().call('sufficiency', null),
    async compareWith(file) {
      if (file === null) return reader().call('compareWith', null);
      const bytes = file.bytes.slice(0);
      return reader().call(
        'compareWith',
        { fileName: file.name, bytes },
        { timeLimitMs: READ_LIMIT_MS, transfer: [bytes] },
      );
    },
    anomalies: async () => reader().call('anomalies', null),
    anomalyRows: async (level) => reader().call('anomalyRows', { level }),
    anomalyRowsCsv: async (level) => reader().call('anomalyRowsCsv', { level }),
    drift: async (choice, filters) => reader().call('drift', { choice, filters }),
    prepare: async ({ paretoShare, seed, featureChoices }) =>
      reader().call('prepare', { paretoShare, seed, featureChoices }),
    suspects: async () => reader().call('suspects', null),
    redundancy: async () => reader().call('redundancy', null),
    dataset: async () => reader().call('dataset', null),
    async score({ modelOnnx, ...known }, onProgress) {
      const crm = reader();
      const matrix = await crm.call('matrix', null);
      const { nRows } = matrix;
      const scorer = new WorkerClient<ScoringApi>(factory.scoringWorker(), 'the scoring worker');
      try {
        const { probabilities, margins, elapsedMs } = await scorer.call(
          'score',
          { modelOnnx, matrix, wasmUrl: factory.onnxWasmUrl },
          { transfer: [matrix.values.buffer as ArrayBuffer], onProgress },
        );
        askedModel.take(modelOnnx);
        const summary = await crm.call(
          'takeScores',
          { probabilities, margins, ...known },
          { transfer: [probabilities.buffer as ArrayBuffer, margins.buffer as ArrayBuffer] },
        );
        return { ...summary, rowsPerSecond: nRows / (Math.max(elapsedMs, 1) / 1000) };
      } finally {
        scorer.close();
      }
    },
    slices: async (threshold) => reader().call('slices', { threshold }),
    searchSlices: async (threshold) =>
      reader().call('searchSlices', { threshold }, { timeLimitMs: READ_LIMIT_MS }),
    async compareModels({ other, shown }) {
      const crm = reader();
      const matrix = await crm.call('matrixBy', { spec: other.spec });
      const scorer = new WorkerClient<ScoringApi>(factory.scoringWorker(), 'the scoring worker');
      try {
        const { probabilities } = await scorer.call(
          'score',
          { modelOnnx: other.modelOnnx, matrix, wasmUrl: factory.onnxWasmUrl },
          { transfer: [matrix.values.buffer as ArrayBuffer] },
        );
        const { threshold, cutoffs } = other;
        const ofOther = { probabilities, threshold, cutoffs };
        const ofShown = { probabilities: null, threshold: shown.threshold, cutoffs: shown.cutoffs };
        const { rows: otherRows } = other;
        return await crm.call(
          'compare',
          other.isChampion
            ? { champion: ofOther, challenger: ofShown, shown: 'challenger', otherRows }
            : { champion: ofShown, challenger: ofOther, shown: 'champion', otherRows },
          { transfer: [probabilities.buffer as ArrayBuffer], timeLimitMs: READ_LIMIT_MS },
        );
      } finally {
        scorer.close();
      }
    },
    strategy: async (asked) => reader().call('strategy', asked),
    queryLeads: async (query) => reader().call('queryLeads', query),
    leadRows: async (from, to) => reader().call('leadRows', { from, to }),
    explainLead: async (row) => reader().call('explainLead', { row }),
    exportLeads: async (asked) => reader().call('exportLeads', asked),
    leadFields: async (row) => reader().call('leadFields', { row }),
    async whatIf(row, change) {
      const crm = reader();
      const matrix = await crm.call('variants', { row, changes: [change] });
      const [{ probabilities }, explanation] = await Promise.all([
        askedModel.score(matrix),
        crm.call('explainVariant', { row, change }),
      ]);
      return { score: probabilities[0] ?? Number.NaN, explanation };
    },
    async tierChanges(row) {
      const crm = reader();
      const changes = await crm.call('changesToTry', { row });
      const { probabilities } = await askedModel.score(await crm.call('variants', { row, changes }));
      return crm.call('tierChanges', { row, changes, scores: probabilities });
    },
    similarBuyers: async (row, nBuyers) => reader().call('similarBuyers', { row, nBuyers }),
  };
}

function overtaken(fileName: string) {
  return {
    code: 'overtaken',
    message: `${fileName} was not opened, because another file was chosen meanwhile.`,
    hint: 'Open it again if you want it after all.',
  };
}
