import type { Day } from '@/lib/core/day';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { type ProductPurchases, productPurchases } from '@/lib/crm/product-purchases';
import type { RawTable } from '@/lib/crm/raw-crm';
import { ANOMALY_SEED, type Anomalies, anomaliesOf } from '@/lib/explore/anomalies/anomalies';
import { segmenterOfTable } from '@/lib/explore/drift/drift-columns';
import { DRIFT_SEED, driftBetweenFiles, driftByDate } from '@/lib/explore/drift/drift-report';
import { interactionOf } from '@/lib/explore/interactions/interaction';
import {
  type AxisName,
  type InteractionAxis,
  interactionAxis,
} from '@/lib/explore/interactions/interaction-axes';
import { axisNames, rankingSteps } from '@/lib/explore/interactions/interaction-ranking';
import { ratingConversion } from '@/lib/explore/rating/rating-conversion';
import { ratingSimpson } from '@/lib/explore/rating/simpson';
import {
  createSegmenter,
  type FailedChecks,
  type FilterDimension,
  type Segmenter,
} from '@/lib/explore/segments/dimensions';
import { filtersOfOthers, type RowFilter, rowsOfFilters } from '@/lib/explore/segments/row-filter';
import { segmentPareto } from '@/lib/explore/segments/segment-pareto';
import { listSufficiency } from '@/lib/explore/sufficiency/sufficiency';
import { ratingSentence } from '@/lib/explore/summary/summary-sentences';
import { tagCountComparison } from '@/lib/explore/tags/tag-counts';
import { tagLifts } from '@/lib/explore/tags/tag-lift';
import { anomalyLevels, createAnomalyReader } from './anomaly-reader';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';
import { createFigureSqlReader, type SqlFile } from './figure-sql-reader';

type ExploreApi = Pick<
  CrmApi,
  | 'filtered'
  | 'segments'
  | 'rating'
  | 'tags'
  | 'interaction'
  | 'axes'
  | 'ranking'
  | 'sufficiency'
  | 'drift'
  | 'figureSql'
  | 'anomalies'
  | 'anomalyRows'
  | 'anomalyRowsCsv'
>;

/** What is explored. The same table until the file is joined again. */
interface Source {
  readonly table: JoinedTable;
  readonly transactions: RawTable<'Transactions'>;
  readonly checks: FailedChecks;
  /** Newest day that it can be, as the list was validated by. */
  readonly newestDay: () => Day;
  readonly fileName: string;
  /** A second file to compare with; null where there is none. */
  readonly compared: { readonly fileName: string; readonly table: JoinedTable } | null;
  /** What the SQL of figures is about. */
  readonly sqlFile: () => SqlFile;
}

/** What was worked out of one table, for the next question. */
interface Known {
  readonly table: JoinedTable;
  readonly checks: FailedChecks;
  readonly segmenter: Segmenter;
  readonly axes: Map<AxisName, InteractionAxis>;
  readonly anomalies: () => Anomalies;
  /** The rows of the filters asked for last, newest last. */
  readonly rows: Map<string, Uint32Array | undefined>;
}

/** Each figure leaves out the filters on its own dimensions, so that several sets of rows are asked for at a time. */
const MOST_ROWS_KEPT = 6;

const OVERTAKEN: Failure = {
  code: 'overtaken',
  message: 'The pairs were asked for under other filters meanwhile.',
  hint: 'Nothing is to be done: the newer ranking is shown.',
};

/** Answer what exploration asks of the joined table. */
export function createExploreReader(source: () => Source): Handlers<ExploreApi> {
  let last: Known | null = null;
  let wantedRanking: string | null = null;
  const known = (): Known => {
    const { table, transactions, checks, newestDay } = source();
    if (last?.table === table && last.checks === checks) return last;
    const anomalies = onceAsked(() =>
      anomaliesOf({ table, segmenter }, { newestDay: newestDay(), seed: ANOMALY_SEED }),
    );
    const segmenter = createSegmenter({
      table,
      checks,
      purchases: whenAsked(() => productPurchases(table, transactions)),
      anomalies: anomalyLevels(anomalies),
    });
    last = {
      table,
      checks,
      segmenter,
      anomalies,
      axes: new Map(),
      rows: new Map(),
    };
    return last;
  };
  const rowsOf = (
    filters: readonly RowFilter[],
    own: readonly FilterDimension[] = [],
  ): Uint32Array | undefined => {
    const { rows, segmenter, table } = known();
    const others = filtersOfOthers(filters, own);
    const key = JSON.stringify(others);
    if (!rows.has(key)) rows.set(key, rowsOfFilters(segmenter, others, table.nRows));
    for (const oldest of [...rows.keys()].slice(0, -MOST_ROWS_KEPT)) rows.delete(oldest);
    return rows.get(key);
  };
  const axisOf = (name: AxisName): InteractionAxis => {
    const { axes, segmenter, table } = known();
    const axis = axes.get(name) ?? interactionAxis(segmenter, table, name);
    axes.set(name, axis);
    return axis;
  };
  return {
    filtered: ({ filters }) => countsOf(known().table, rowsOf(filters)),
    segments: ({ dimension, filters }) => {
      const { table, segmenter } = known();
      const { madePurchase } = table;
      const rows = rowsOf(filters, [dimension]);
      const pareto = segmentPareto(segmenter(dimension), { madePurchase, rows });
      return { dimension, pareto };
    },
    rating: ({ filters }) => {
      const options = { rows: rowsOf(filters, ['member_rating']) };
      const conversion = ratingConversion(known().table, options);
      const simpson = ratingSimpson(known().table, options);
      return { ...conversion, sentence: ratingSentence(conversion), simpson };
    },
    tags: ({ filters }) => {
      const { table } = known();
      const rows = rowsOf(filters, ['tag']);
      const { n, buyers } = countsOf(table, rows);
      return {
        lifts: tagLifts(table, { rows }),
        conversion: n === 0 ? null : buyers / n,
        counts: tagCountComparison(table, { rows: rowsOf(filters, ['tag_count']) }),
      };
    },
    interaction: ({ along, up, filters }) => {
      const { madePurchase } = known().table;
      return interactionOf(axisOf(along), axisOf(up), { madePurchase, rows: rowsOf(filters, [along, up]) });
    },
    axes: () => axisNames(known().table),
    ranking: async ({ filters }) => {
      const { table, segmenter } = known();
      const key = JSON.stringify(filters);
      wantedRanking = key;
      const steps = rankingSteps(segmenter, table, { rows: rowsOf(filters) });
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return step.value;
        // Ranking takes long: who clicks on meanwhile is answered in between.
        await nextTask();
        if (wantedRanking !== key) throw new ExpectedFailure(OVERTAKEN);
      }
    },
    sufficiency: () => listSufficiency(countsOf(known().table, undefined)),
    ...createFigureSqlReader(() => ({ ...source().sqlFile(), ...known() })),
    ...createAnomalyReader(() => ({ table: known().table, anomalies: known().anomalies() })),
    drift: ({ filters, choice }) => {
      const { table, segmenter } = known();
      if (choice.by === 'dates') {
        const { ranges } = choice;
        const rows = rowsOf(filters, ['optin_month']);
        return driftByDate({ table, segmenter }, { rows, ranges, seed: DRIFT_SEED });
      }
      const { fileName, compared } = source();
      if (compared === null) throw new Error('Asked to compare with a second file before it was there');
      const second = { ...compared, segmenter: segmenterOfTable(compared.table) };
      return driftBetweenFiles({ fileName, table, segmenter }, second, { seed: DRIFT_SEED });
    },
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Make something when it is first asked for, and once. */
function onceAsked<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Work purchases out when the first of them is looked at: most pages never ask for products. */
function whenAsked(make: () => ProductPurchases): ProductPurchases {
  const purchases = onceAsked(make);
  return {
    get products() {
      return purchases().products;
    },
    rowsOf: (product) => purchases().rowsOf(product),
  };
}

function countsOf({ nRows, madePurchase }: JoinedTable, rows: Uint32Array | undefined) {
  let buyers = 0;
  if (rows === undefined) for (const bought of madePurchase) buyers += bought;
  else for (const row of rows) buyers += madePurchase[row]!;
  return { n: rows?.length ?? nRows, buyers, nAll: nRows };
}
