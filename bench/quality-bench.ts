import { readFile } from 'node:fs/promises';
import initSqlJs from 'sql.js';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { crmBatches } from '@/lib/quality/crm-batches';
import { expectationResult } from '@/lib/quality/expectations/evaluate';
import type { Expectation } from '@/lib/quality/expectations/expectation';
import { suiteResult, validate } from '@/lib/quality/run-suites';
import { type BenchContext, repeated } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

const N_CHECKS = 3_000;
/** So many of them are judged one by one: enough to see what a pass for each costs. */
const N_ALONE = 300;
/** Any day after those of the list. */
const NEWEST_DAY = 25_000;

/** Measure checks on the small list in Node, beside the same checks each with a pass of its own over its column. */
export async function qualityBench(context: BenchContext): Promise<BenchTable[]> {
  const size = context.options.sizes.small;
  const crm = unwrapped(openCrm(await initSqlJs(), await readFile(await context.crmPath(size))));
  const raw = unwrapped(readCrm(crm));
  const joined = unwrapped(joinSubscribers(raw));
  closeCrm(crm);
  const input = { raw, ...joined, newestDay: NEWEST_DAY };
  const suite = { name: 'bench', table: 'Subscribers', expectations: manyChecks(), parameters: {} };
  const freshBatch = () => crmBatches(input).Subscribers;
  const runs = await repeated(
    context,
    { what: `checks on ${size.toLocaleString('en')} rows`, nRuns: context.options.nRuns },
    async () => {
      let results = suiteResult(suite, freshBatch()).results;
      const plan = spentMs(() => {
        results = suiteResult(suite, freshBatch()).results;
      });
      const alone: boolean[] = [];
      const one = spentMs(() => {
        for (const expectation of suite.expectations.slice(0, N_ALONE)) {
          alone.push(expectationResult(expectation, freshBatch()).success);
        }
      });
      const suites = spentMs(() => validate(input));
      if (alone.some((success, i) => success !== results[i]?.success)) throw new Error('The two disagree');
      return { plan, one, suites, nFailed: results.filter(({ success }) => !success).length };
    },
  );
  const row = (label: string, of: (run: (typeof runs)[number]) => Spent): BenchRow => ({
    label,
    figures: {
      time: spreadOf(runs.map((run) => of(run).time)),
      processor: spreadOf(runs.map((run) => of(run).processor)),
    },
  });
  const nChecks = N_CHECKS.toLocaleString('en');
  return [
    {
      title: `Checks on ${size.toLocaleString('en')} subscribers in Node`,
      columns: [
        { key: 'time', label: 'time', unit: 'ms' },
        { key: 'processor', label: 'processor time', unit: 'ms' },
      ],
      rows: [
        row(`${nChecks} checks, one pass a column`, ({ plan }) => plan),
        row(`${N_ALONE} of them, each with a pass of its own`, ({ one }) => one),
        row('the five suites of the design', ({ suites }) => suites),
      ],
      notes: [
        `Aim: ${nChecks} checks on 20,000 rows within 1,000 ms.`,
        `Sets, bounds, types, lengths, patterns, dates, uniqueness, nulls and statistics of six columns; ${runs[0]?.nFailed} of them fail, and both ways say which.`,
      ],
    },
  ];
}

/** Milliseconds that some work took, and those of them that a processor spent on it. */
interface Spent {
  readonly time: number;
  readonly processor: number;
}

function spentMs(work: () => unknown): Spent {
  const [startedAtMs, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { time: performance.now() - startedAtMs, processor: (user + system) / 1_000 };
}

type Column =
  | 'mailchimp_id'
  | 'user_full_name'
  | 'user_email'
  | 'member_rating'
  | 'optin_time'
  | 'country_code';

const COLUMNS: readonly Column[] = [
  'mailchimp_id',
  'user_full_name',
  'user_email',
  'member_rating',
  'optin_time',
  'country_code',
];

/** Checks of every kind on every column, no two the same. */
function manyChecks(): Expectation[] {
  return Array.from({ length: N_CHECKS }, (_, i) => {
    const column = COLUMNS[i % COLUMNS.length] ?? 'user_email';
    const kind = KINDS[Math.floor(i / COLUMNS.length) % KINDS.length];
    if (kind === undefined) throw new Error('Expected a kind of check');
    return kind(column, Math.floor(i / (COLUMNS.length * KINDS.length)) + 1);
  });
}

const severity = 'warning' as const;

const KINDS: readonly ((column: Column, n: number) => Expectation)[] = [
  (column, n) => ({
    type: 'expect_column_values_to_not_be_null',
    kwargs: { column, mostly: n / 100 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_be_between',
    kwargs: { column, min_value: n, max_value: 1_000 * n, mostly: 0.9 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_be_in_set',
    kwargs: { column, value_set: [n, n + 1, 'us', 'de', `x${n}`], mostly: 0.5 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_match_regex',
    kwargs: { column, regex: `^[^@]{0,${n}}@`, mostly: 0.9 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_value_lengths_to_be_between',
    kwargs: { column, min_value: 1, max_value: n },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_be_of_type',
    kwargs: { column, type_: 'int64', mostly: n / 100 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_be_unique',
    kwargs: { column, mostly: n / 100 },
    severity,
  }),
  (column, n) => ({
    type: 'expect_column_values_to_be_between',
    kwargs: { column, max_value: `20${String(n % 100).padStart(2, '0')}-01-01`, mostly: 0.5 },
    severity,
  }),
  (column, n) => ({ type: 'expect_column_mean_to_be_between', kwargs: { column, max_value: n }, severity }),
  (column, n) => ({
    type: 'expect_column_unique_value_count_to_be_between',
    kwargs: { column, max_value: 100 * n },
    severity,
  }),
];
