import { ExpectedFailure, type Result } from '@/lib/core/result';
import { crmSummary } from '@/lib/crm/crm-summary';
import { joinSubscribers } from '@/lib/crm/join';
import { joinedColumns, joinedCsvChunks, joinedTexts } from '@/lib/crm/joined-csv';
import type { JoinedTable, JoinReport } from '@/lib/crm/joined-table';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import type { RawCrm } from '@/lib/crm/raw-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { CRM_TABLE_NAMES, readTableSql } from '@/lib/crm/schema';
import { leakageSuspects } from '@/lib/evaluation/leakage/suspects';
import type { FailedChecks } from '@/lib/explore/segments/dimensions';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { matrixToScore, type PreparedDataset, prepareDataset } from '@/lib/features/prepare-dataset';
import { redundancyOf } from '@/lib/features/redundancy';
import { specDigest } from '@/lib/features/spec-json';
import { crmBatches } from '@/lib/quality/crm-batches';
import type { SqlEngine } from '@/lib/quality/expectations/sql-tables';
import { repaired } from '@/lib/quality/repair/apply-steps';
import { offeredSteps } from '@/lib/quality/repair/offered-steps';
import { NO_STEPS, type RepairStep } from '@/lib/quality/repair/repair-step';
import { validate } from '@/lib/quality/run-suites';
import { suiteTable } from '@/lib/quality/suites/default-suites';
import { suggestSuite } from '@/lib/quality/suites/suggest-suite';
import { createLeadBook, type LeadBook } from '@/lib/scoring/lead-book';
import { openExplainer } from '@/lib/scoring/reasons/open-explainer';
import type { Handlers } from './channel';
import type { CrmApi, Validation } from './crm-api';
import { createExploreReader } from './explore-reader';
import {
  failedChecks,
  failingRowsCsv,
  failingRowTexts,
  type JudgedList,
  NO_CHECKS,
} from './failing-rows-reader';
import { createJudgedReader } from './judged-reader';
import { platformSha256Hex } from './platform-digest';
import { createReasonsReader, type ExplainedLeads, explainedRows } from './reasons-reader';
import { createStrategyReader } from './strategy-reader';

const N_PREVIEW_ROWS = 8;

/** What the worker holds of the opened file, filled stage by stage. */
interface Held {
  /** The tables as the file holds them. */
  stored: RawCrm | null;
  /** The tables as the steps left them. */
  raw: RawCrm | null;
  steps: readonly RepairStep[];
  table: JoinedTable | null;
  report: JoinReport | null;
  prepared: PreparedDataset | null;
  dataset: Uint8Array | null;
  leads: LeadBook | null;
  explained: ExplainedLeads | null;
  /** Probabilities in table order, as the lead book has them. */
  probabilities: Float32Array | null;
  checks: FailedChecks | null;
  /** What the list was last judged by. */
  validation: Validation | null;
  /** Runs checks that are written in SQL. */
  sql: SqlEngine | null;
  /** Where SQLite and the open file came from, for a second one. */
  opened: { readonly fileName: string; readonly wasmUrl: string } | null;
  compared: { readonly fileName: string; readonly table: JoinedTable } | null;
}

/**
 * Answer for one CRM file: open it, then the stages one by one. Each stage needs the ones before; asking out of order
 * is a bug and throws.
 *
 * @param loadSql starts SQLite from the WebAssembly at a URL
 */
export function createCrmReader(loadSql: (wasmUrl: string) => Promise<SqlEngine>): Handlers<CrmApi> {
  const held: Held = {
    stored: null,
    raw: null,
    steps: NO_STEPS,
    table: null,
    report: null,
    prepared: null,
    dataset: null,
    leads: null,
    explained: null,
    probabilities: null,
    checks: null,
    validation: null,
    sql: null,
    opened: null,
    compared: null,
  };
  const table = () => present(held.table, 'the joined table');
  const validation = () => present(held.validation, 'what the list is judged by');
  const validated = (): JudgedList => ({
    raw: present(held.raw, 'an open file'),
    table: table(),
    report: present(held.report, 'the join'),
    ...validation(),
    sql: present(held.sql, 'SQLite'),
  });
  const prepared = () => present(held.prepared, 'the prepared dataset');
  const leads = () => present(held.leads, 'the scores');
  return {
    async open({ fileName, bytes, wasmUrl }) {
      const sql = await loadSql(wasmUrl);
      const crm = unwrapped(openCrm(sql, new Uint8Array(bytes), { fileName }));
      try {
        const raw = unwrapped(readCrm(crm));
        held.stored = raw;
        held.sql = sql;
        held.opened = { fileName, wasmUrl };
        return {
          fileName,
          ...crmSummary(crm, raw),
          sql: CRM_TABLE_NAMES.map((name) => readTableSql(crm.tables[name])),
        };
      } finally {
        closeCrm(crm);
      }
    },
    ingest({ steps }) {
      const { raw, outcomes } = unwrapped(
        repaired(present(held.stored, 'an open file'), steps, held.sql ?? undefined),
      );
      const joined = unwrapped(joinSubscribers(raw));
      held.raw = raw;
      held.steps = steps;
      held.table = joined.table;
      held.report = joined.report;
      const nPreview = Math.min(N_PREVIEW_ROWS, joined.table.nRows);
      return {
        report: joined.report,
        outcomes,
        columns: joinedColumns(joined.table),
        previewRows: Array.from({ length: nPreview }, (_, row) => joinedTexts(joined.table, row)),
      };
    },
    offeredSteps: () => offeredSteps(present(held.raw, 'the joined table')),
    joinedCsv: () => csvBlob(joinedCsvChunks(table())),
    validate(asked) {
      held.validation = asked;
      const results = validate(validated(), asked.suites);
      held.checks = failedChecks(validated(), results);
      return results;
    },
    suggestSuite({ name }) {
      const raw = present(held.raw, 'an open file');
      const batches = crmBatches({ raw, table: table(), report: present(held.report, 'the join') });
      return suggestSuite(batches[suiteTable(name)], name);
    },
    failingRows: (place) => failingRowTexts(validated(), place),
    failingRowsCsv: (place) => csvBlob(failingRowsCsv(validated(), place)),
    ...createExploreReader(() => ({
      table: table(),
      transactions: present(held.raw, 'an open file').transactions,
      checks: held.checks ?? NO_CHECKS,
      newestDay: () => validation().newestDay,
      fileName: present(held.opened, 'an open file').fileName,
      compared: held.compared,
      sqlFile: () => ({
        stored: present(held.stored, 'an open file'),
        raw: present(held.raw, 'an open file'),
        steps: held.steps,
        report: present(held.report, 'the join'),
      }),
    })),
    async compareWith(file) {
      if (file === null) {
        held.compared = null;
        return null;
      }
      const { fileName, bytes } = file;
      const { wasmUrl } = present(held.opened, 'an open file');
      const crm = unwrapped(openCrm(await loadSql(wasmUrl), new Uint8Array(bytes), { fileName }));
      try {
        const second = unwrapped(joinSubscribers(unwrapped(readCrm(crm)))).table;
        held.compared = { fileName, table: second };
        return { fileName, nSubscribers: second.nRows };
      } finally {
        closeCrm(crm);
      }
    },
    async prepare({ paretoShare, seed, featureChoices: choices }) {
      const made = unwrapped(prepareDataset({ table: table(), paretoShare, seed, choices }));
      const bytes = encodeDataset(made.dataset);
      const datasetDigest = await platformSha256Hex(bytes);
      held.prepared = made;
      held.dataset = bytes;
      return {
        spec: made.spec,
        specDigest: specDigest(made.spec),
        datasetDigest,
        datasetBytes: bytes.byteLength,
        ...made.summary,
      };
    },
    suspects: () => leakageSuspects(prepared().spec, prepared().dataset),
    redundancy: () => redundancyOf(prepared().spec, prepared().dataset),
    dataset(_, { transfer }) {
      const copy = present(held.dataset, 'the dataset').slice().buffer as ArrayBuffer;
      transfer(copy);
      return copy;
    },
    matrix(_, { transfer }) {
      const matrix = matrixToScore(prepared(), table());
      const values = matrix.values.slice();
      transfer(values.buffer as ArrayBuffer);
      return { ...matrix, values };
    },
    takeScores({ explainer: files, ...scored }, { transfer }) {
      const explainer = unwrapped(openExplainer(files, prepared().spec));
      const rows = explainedRows(table(), prepared());
      const { book, summary } = unwrapped(
        createLeadBook({
          table: table(),
          split: prepared().dataset.split,
          ...scored,
          topReasons: (chosen, nReasons) => explainer.topReasons(rows, chosen, nReasons),
        }),
      );
      held.leads = book;
      const { probabilities, cutoffs } = scored;
      held.explained = { explainer, spec: prepared().spec, leads: rows, scores: probabilities, cutoffs };
      held.probabilities = probabilities;
      const scores = scored.probabilities.slice();
      transfer(scores.buffer as ArrayBuffer);
      return { ...summary, scores };
    },
    ...createJudgedReader(
      () => ({
        table: table(),
        split: prepared().dataset.split,
        probabilities: present(held.probabilities, 'the scores'),
      }),
      table,
    ),
    ...createStrategyReader(() => ({
      table: table(),
      split: prepared().dataset.split,
      scores: present(held.probabilities, 'the scores'),
      book: leads(),
    })),
    ...createReasonsReader(() => present(held.explained, 'the scores')),
  };
}

function csvBlob(chunks: Iterable<string>): Blob {
  return new Blob([...chunks], { type: 'text/csv;charset=utf-8' });
}

function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}

function present<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`Asked for ${what} before it was there`);
  return value;
}
