import type { JoinedTable } from '@/lib/crm/joined-table';
import { type ProductPurchases, productPurchases } from '@/lib/crm/product-purchases';
import type { RawTable } from '@/lib/crm/raw-crm';
import { createSegmenter, type FailedChecks, type Segmenter } from '@/lib/explore/dimensions';
import { interactionOf } from '@/lib/explore/interaction';
import { type AxisName, type InteractionAxis, interactionAxis } from '@/lib/explore/interaction-axes';
import { axisNames, rankedInteractions } from '@/lib/explore/interaction-ranking';
import { ratingConversion } from '@/lib/explore/rating-conversion';
import { type RowFilter, rowsOfFilters } from '@/lib/explore/row-filter';
import { segmentPareto } from '@/lib/explore/segment-pareto';
import { ratingSimpson } from '@/lib/explore/simpson';
import { sufficiencyOf } from '@/lib/explore/sufficiency';
import { ratingSentence } from '@/lib/explore/summary-sentences';
import { tagCountComparison } from '@/lib/explore/tag-counts';
import { tagLifts } from '@/lib/explore/tag-lift';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';

type ExploreApi = Pick<
  CrmApi,
  'filtered' | 'segments' | 'rating' | 'tags' | 'interaction' | 'interactions' | 'sufficiency'
>;

/** What is explored. The same table until the file is joined again. */
interface Source {
  readonly table: JoinedTable;
  readonly transactions: RawTable<'Transactions'>;
  readonly checks: FailedChecks;
}

/** What was worked out of one table, for the next question. */
interface Known {
  readonly table: JoinedTable;
  readonly checks: FailedChecks;
  readonly segmenter: Segmenter;
  readonly axes: Map<AxisName, InteractionAxis>;
  /** The rows of the last filters asked for. */
  rows: { readonly key: string; readonly rows: Uint32Array | undefined } | null;
}

/** Best ROC AUC that published models of such a list reach, for reckoning what its size can show. */
const EXPECTED_ROC_AUC = 0.81;
/** Features that carry something: rating, tag count, opt-in date, country and the e-mail, some with several levels. */
const N_TELLING_FEATURES = 12;
/** Parts of the design's split. */
const SHARES = { train: 0.6, test: 0.2 };

/** Answer what exploration asks of the joined table. */
export function createExploreReader(source: () => Source): Handlers<ExploreApi> {
  let last: Known | null = null;
  const known = (): Known => {
    const { table, transactions, checks } = source();
    if (last?.table === table && last.checks === checks) return last;
    last = {
      table,
      checks,
      segmenter: createSegmenter({
        table,
        checks,
        purchases: whenAsked(() => productPurchases(table, transactions)),
      }),
      axes: new Map(),
      rows: null,
    };
    return last;
  };
  const rowsOf = (filters: readonly RowFilter[]): Uint32Array | undefined => {
    const now = known();
    const key = JSON.stringify(filters);
    if (now.rows?.key !== key) {
      now.rows = { key, rows: rowsOfFilters(now.segmenter, filters, now.table.nRows) };
    }
    return now.rows.rows;
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
      const pareto = segmentPareto(segmenter(dimension), { madePurchase, rows: rowsOf(filters) });
      return { dimension, pareto };
    },
    rating: ({ filters }) => {
      const options = { rows: rowsOf(filters) };
      const conversion = ratingConversion(known().table, options);
      const simpson = ratingSimpson(known().table, options);
      return { ...conversion, sentence: ratingSentence(conversion), simpson };
    },
    tags: ({ filters }) => {
      const { table } = known();
      const rows = rowsOf(filters);
      const { n, buyers } = countsOf(table, rows);
      return {
        lifts: tagLifts(table, { rows }),
        conversion: n === 0 ? null : buyers / n,
        counts: tagCountComparison(table, { rows }),
      };
    },
    interaction: ({ along, up, filters }) => {
      const { madePurchase } = known().table;
      return interactionOf(axisOf(along), axisOf(up), { madePurchase, rows: rowsOf(filters) });
    },
    interactions: () => {
      const { table, segmenter } = known();
      return { axes: axisNames(table), ranking: rankedInteractions(segmenter, table) };
    },
    sufficiency: () =>
      sufficiencyOf(countsOf(known().table, undefined), {
        rocAuc: EXPECTED_ROC_AUC,
        nFeatures: N_TELLING_FEATURES,
        shares: SHARES,
      }),
  };
}

/** Work purchases out when the first of them is looked at: most pages never ask for products. */
function whenAsked(make: () => ProductPurchases): ProductPurchases {
  let made: ProductPurchases | null = null;
  const purchases = () => {
    made ??= make();
    return made;
  };
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
