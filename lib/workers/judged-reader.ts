import { ExpectedFailure, type Failure } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { compareModels } from '@/lib/evaluation/comparison/compare-models';
import { sliceGroups } from '@/lib/evaluation/slices/slice-groups';
import type { JudgedRows } from '@/lib/evaluation/slices/slice-measures';
import { sliceReport } from '@/lib/evaluation/slices/slice-report';
import { slicesSearched } from '@/lib/evaluation/slices/slice-search';
import { encodeFeatures } from '@/lib/features/encode';
import { fileFit } from '@/lib/features/file-fit';
import { SplitPart } from '@/lib/features/matrix';
import { DESIGN_SPLIT_SHARES, personGroups, rowsOfPart, stratifiedSplit } from '@/lib/features/split';
import { testRowsDigest } from '@/lib/features/test-rows';
import { tierMigration } from '@/lib/scoring/strategy/tier-migration';
import type { Handlers } from './channel';
import type { ComparisonOfModels, JudgedApi, OtherRows } from './judged-api';

/** The joined table, its split, and the scores of the model that the page shows, in table order. */
interface Source {
  readonly table: JoinedTable;
  readonly split: Uint8Array;
  readonly probabilities: Float32Array;
}

/** Answer what is asked of the model on the test rows, slice by slice and beside another model. */
export function createJudgedReader(source: () => Source, table: () => JoinedTable): Handlers<JudgedApi> {
  return {
    slices: ({ threshold }) => {
      const { rows, judged } = judgedRows(source());
      return sliceReport(judged, sliceGroups(source().table, rows), threshold);
    },
    searchSlices: ({ threshold }) => {
      const { rows, judged } = judgedRows(source());
      return slicesSearched(judged, sliceGroups(source().table, rows), { threshold });
    },
    matrixBy: ({ spec }, { transfer }) => {
      const fit = fileFit(spec, table());
      if (!fit.ok) throw new ExpectedFailure(fit.error);
      const { matrix } = encodeFeatures(spec, table());
      transfer(matrix.values.buffer as ArrayBuffer);
      return matrix;
    },
    compare: ({ champion, challenger, shown, otherRows }) => {
      const { table: joined, split, probabilities } = source();
      const { kind, rows } = commonTestRows(joined, split, otherRows);
      const other = shown === 'champion' ? challenger : champion;
      if (other.probabilities?.length !== joined.nRows) throw new ExpectedFailure(LIST_CHANGED);
      const scoresOf = (model: typeof champion) => model.probabilities ?? probabilities;
      const at = (scores: Float32Array) => Float32Array.from(rows, (row) => scores[row]!);
      const labels = Uint8Array.from(rows, (row) => joined.madePurchase[row]!);
      const comparison = compareModels(
        labels,
        {
          champion: { probabilities: at(scoresOf(champion)), threshold: champion.threshold },
          challenger: { probabilities: at(scoresOf(challenger)), threshold: challenger.threshold },
        },
        sliceGroups(joined, rows),
      );
      const migration = tierMigration(
        { scores: scoresOf(champion), cutoffs: champion.cutoffs },
        { scores: scoresOf(challenger), cutoffs: challenger.cutoffs },
      );
      return { rows: kind, comparison, migration };
    },
  };
}

/**
 * Find the rows that both models may be judged on. The other one's split is drawn again from its seed; that it was made on this
 * very list shows in the digest of its split and labels.
 */
function commonTestRows(
  table: JoinedTable,
  split: Uint8Array,
  { splitSeed, testRowsSha256 }: OtherRows,
): { readonly kind: ComparisonOfModels['rows']; readonly rows: Uint32Array } {
  const own = rowsOfPart(split, SplitPart.test);
  const labels = table.madePurchase;
  const groups = personGroups(table.userEmail);
  const drawn = stratifiedSplit({ labels, groups, seed: splitSeed, shares: DESIGN_SPLIT_SHARES });
  if (!drawn.ok || testRowsDigest({ split: drawn.value, labels }) !== testRowsSha256) {
    return { kind: 'unknown', rows: own };
  }
  const rows = own.filter((row) => drawn.value[row] === SplitPart.test);
  return { kind: rows.length === own.length ? 'same' : 'common', rows };
}

const LIST_CHANGED: Failure = {
  code: 'list_changed',
  message: 'The list was opened anew while it was scored.',
  hint: 'Compare again.',
};

function judgedRows({ table, split, probabilities }: Source): {
  readonly rows: Uint32Array;
  readonly judged: JudgedRows;
} {
  const rows = rowsOfPart(split, SplitPart.test);
  return {
    rows,
    judged: {
      labels: Uint8Array.from(rows, (row) => table.madePurchase[row]!),
      probabilities: Float32Array.from(rows, (row) => probabilities[row]!),
    },
  };
}
