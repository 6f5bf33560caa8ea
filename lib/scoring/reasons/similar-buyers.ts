import type { ExplainedRows, LeadExplainer } from './explainer';

/** A past buyer, and how far from a lead. */
export interface SimilarRow {
  /** Row of the table. */
  readonly row: number;
  /** Euclidean distance of the two leads' parts, log-odds: 0 where the model gives both the same score for the same reasons. */
  readonly distance: number;
}

/**
 * Create a finder of buyers whom the model scores as it scores a lead, for the same reasons: nearest by the parts that each
 * thing known of them has in their margins. Parts of all buyers are worked out at the first question.
 */
export function createSimilarBuyers(
  explainer: LeadExplainer,
  leads: ExplainedRows,
): (row: number, nRows: number) => SimilarRow[] {
  let known: { readonly rows: Uint32Array; readonly parts: Float32Array } | null = null;
  const buyers = () => {
    known ??= buyerParts(explainer, leads);
    return known;
  };
  return (row, nRows) => {
    const { rows, parts } = buyers();
    const own = explainer.parts(leads.values, [row]);
    const nSubjects = explainer.subjects.length;
    const found: SimilarRow[] = [];
    for (const [place, buyer] of rows.entries()) {
      if (buyer === row) continue;
      let sum = 0;
      for (let subject = 0; subject < nSubjects; subject++) {
        sum += (parts[place * nSubjects + subject]! - own[subject]!) ** 2;
      }
      found.push({ row: buyer, distance: Math.sqrt(sum) });
    }
    return found.sort((a, b) => a.distance - b.distance).slice(0, nRows);
  };
}

const BLOCK_ROWS = 1_000;

function buyerParts(explainer: LeadExplainer, { table, values }: ExplainedRows) {
  const rows = Uint32Array.from(table.madePurchase.keys()).filter((row) => table.madePurchase[row] === 1);
  const nSubjects = explainer.subjects.length;
  const parts = new Float32Array(rows.length * nSubjects);
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    parts.set(explainer.parts(values, rows.subarray(from, from + BLOCK_ROWS)), from * nSubjects);
  }
  return { rows, parts };
}
