import initSqlJs from 'sql.js';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { productPurchases } from '@/lib/crm/product-purchases';
import { readCrm } from '@/lib/crm/read-crm';
import { readDemoList } from '@/lib/demo/testing/demo-list';
import { createSegmenter } from '@/lib/explore/segments/dimensions';
import { type RowFilter, rowsOfFilters } from '@/lib/explore/segments/row-filter';
import { explorationOf } from '@/lib/explore/summary/exploration';
import { edaSummary } from '@/lib/explore/summary/summary';
import { unwrapped } from '../prepared-demo';
import type { ProfileFigure } from './group-figures';
import { profileFigures } from './profile-figures';

/** Share of sales that the profile's source kept countries by. */
const PARETO_SHARE = 0.85;

/** Open a generated CRM as the page does, explore it, and lay it beside the profile that it was made from. */
export async function rebuiltProfile(bytes: Uint8Array): Promise<readonly ProfileFigure[]> {
  const crm = unwrapped(openCrm(await initSqlJs(), bytes, { fileName: 'demo.sqlite' }));
  const raw = unwrapped(readCrm(crm));
  closeCrm(crm);
  const { table } = unwrapped(joinSubscribers(raw));
  const purchases = productPurchases(table, raw.transactions);
  const exploration = explorationOf(table, { purchases, paretoShare: PARETO_SHARE });
  const summary = edaSummary(exploration, table, { paretoShare: PARETO_SHARE });
  const checks = { names: [], rowsOf: () => new Uint32Array(0) };
  const segmenter = createSegmenter({ table, purchases, checks });
  const filtered = (filters: readonly RowFilter[]) => {
    const rows = rowsOfFilters(segmenter, filters, table.nRows) ?? new Uint32Array(0);
    return { n: rows.length, buyers: rows.reduce((sum, row) => sum + table.madePurchase[row]!, 0) };
  };
  return profileFigures(await readDemoList(bytes), summary, filtered);
}
