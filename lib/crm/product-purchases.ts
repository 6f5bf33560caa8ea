import { castText, normalEmail } from './casts';
import type { JoinedTable } from './joined-table';
import { type RawTable, rawValue } from './raw-crm';

/** Who bought which product. */
export interface ProductPurchases {
  /** Product ids as texts: numbers first, in their order, then other texts. */
  readonly products: readonly string[];
  /** Rows of the joined table whose subscriber bought a product, ascending, each once. */
  rowsOf(product: number): Uint32Array;
}

/**
 * Find the subscribers behind the transactions, as the join does: a purchase belongs to every row with its e-mail in the
 * normal form of `normalEmail`. Transactions without a product id, or of nobody on the list, are left out.
 */
export function productPurchases(
  { userEmail }: Pick<JoinedTable, 'userEmail'>,
  transactions: RawTable<'Transactions'>,
): ProductPurchases {
  const rowsOfEmail = new Map<string, number[]>();
  for (const [row, email] of userEmail.entries()) {
    const normal = normalEmail(email);
    if (normal === '') continue;
    const rows = rowsOfEmail.get(normal);
    if (rows === undefined) rowsOfEmail.set(normal, [row]);
    else rows.push(row);
  }
  const buyers = new Map<string, Set<number>>();
  const { user_email: emails, product_id: products } = transactions.columns;
  for (let i = 0; i < transactions.nRows; i++) {
    const product = castText(rawValue(products, i));
    const rows = rowsOfEmail.get(normalEmail(castText(rawValue(emails, i))));
    if (product === '' || rows === undefined) continue;
    const known = buyers.get(product) ?? new Set();
    for (const row of rows) known.add(row);
    buyers.set(product, known);
  }
  const sorted = [...buyers.keys()].sort(byNumberThenText);
  const rows = sorted.map((product) => Uint32Array.from(buyers.get(product) ?? []).sort());
  return { products: sorted, rowsOf: (product) => rows[product] ?? new Uint32Array(0) };
}

function byNumberThenText(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return x - y || (a < b ? -1 : a > b ? 1 : 0);
}
