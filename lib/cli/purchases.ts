import { type ProductPurchases, productPurchases } from '@/lib/crm/product-purchases';
import { stepsInForce } from './repair-files';
import { heldCrm, type StageContext } from './stage';
import { judgedDigest } from './stages/validate';

/**
 * Tell who bought which product: as ingesting left it in this process, or from the CRM file where the command names it. Null
 * where it names none: the joined table says who bought, not what.
 *
 * @throws ExpectedFailure `joined_outdated` where the file is not the one that was joined, or as `readCrmFile`
 */
export async function heldPurchases(context: StageContext): Promise<ProductPurchases | null> {
  const { held, options, note } = context;
  if (held.purchases !== null) return held.purchases;
  if (options.dbPath === null) {
    note('Products are left out: who bought what stands in the CRM file, given by --db.');
    return null;
  }
  const joined = held.joined;
  held.joined = null;
  await judgedDigest(context);
  const { table, raw } = await heldCrm(context, await stepsInForce(context));
  held.purchases = productPurchases(table, raw.transactions);
  held.crm = null;
  held.joined = joined;
  return held.purchases;
}
