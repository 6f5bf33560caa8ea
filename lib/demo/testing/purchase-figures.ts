import { LIST } from '../figures/list';
import { OPTIN_RANGE } from '../figures/opt-ins';
import { FIRST_PRICES, LEARNING_LABS_PRO_IDS, UNUSED_PRODUCT_IDS } from '../figures/products';
import { INVENTED, LEARNING_LABS_BUYERS, TRANSACTIONS } from '../figures/purchases';
import type { DemoList, Purchase } from './demo-list';
import { countDeviation, type Deviation, exactDeviation, someDeviation } from './deviation';

const isLab = ({ productId }: Purchase) => LEARNING_LABS_PRO_IDS.includes(productId);

/** Transactions, products, and who bought Learning Labs Pro. */
export function purchaseDeviations(list: DemoList): Deviation[] {
  const labEmails = new Set(list.transactions.filter(isLab).map(({ email }) => email));
  return [
    ...dateDeviations(list),
    ...transactionDeviations(list),
    ...productDeviations(list),
    ...learningLabsBuyers(list, labEmails),
  ];
}

function dateDeviations({ transactions }: DemoList): Deviation[] {
  const count = (holds: (purchase: Purchase) => boolean) => transactions.filter(holds).length;
  const { first, last, firstLearningLabsPro: firstLab, launchProduct } = TRANSACTIONS;
  return [
    exactDeviation(
      'transactions before the first day',
      0,
      count(({ date }) => date < first),
    ),
    exactDeviation(
      'transactions of the first day',
      INVENTED.nLaunchDay,
      count(({ date }) => date === first),
    ),
    exactDeviation(
      'of these, the launched product',
      INVENTED.nLaunchDay,
      count(({ date, productId }) => date === first && productId === launchProduct),
    ),
    exactDeviation(
      'Learning Labs Pro before its first day',
      0,
      count((row) => isLab(row) && row.date < firstLab),
    ),
    someDeviation(
      'Learning Labs Pro on its first day',
      count((row) => isLab(row) && row.date === firstLab),
    ),
    someDeviation(
      'purchases before the first opt-in',
      count(({ date }) => date < OPTIN_RANGE.first),
    ),
    someDeviation(
      'transactions on the last day',
      count(({ date }) => date === last),
    ),
    exactDeviation(
      'transactions after the last day',
      0,
      count(({ date }) => date > last),
    ),
  ];
}

function transactionDeviations({ emails, transactions, products }: DemoList): Deviation[] {
  const count = (holds: (purchase: Purchase, index: number) => boolean) => transactions.filter(holds).length;
  const subscribed = new Set(emails);
  const productIds = new Set(products.map(({ id }) => id));
  return [
    exactDeviation('transactions', LIST.nTransactions, transactions.length),
    exactDeviation('Learning Labs Pro transactions', TRANSACTIONS.nLearningLabsPro, count(isLab)),
    {
      figure: 'share of transactions without subscriber (invented)',
      target: INVENTED.unmatchedShare,
      got: count(({ email }) => !subscribed.has(email)) / transactions.length,
      bound: 0.08,
    },
    exactDeviation(
      'transaction_id out of place',
      0,
      count(({ id }, index) => id !== index + 1),
    ),
    exactDeviation(
      'transactions out of order',
      0,
      count(({ date }, index) => index > 0 && date < transactions[index - 1]!.date),
    ),
    exactDeviation(
      'charge_country not two capitals',
      0,
      count(({ country }) => !/^[A-Z]{2}$/.test(country)),
    ),
    exactDeviation(
      'charge_country UK',
      0,
      count(({ country }) => country === 'UK'),
    ),
    someDeviation(
      'charge_country GB',
      count(({ country }) => country === 'GB'),
    ),
    exactDeviation(
      'transactions of unknown products',
      0,
      count(({ productId }) => !productIds.has(productId)),
    ),
  ];
}

function productDeviations({ products }: DemoList): Deviation[] {
  return [
    exactDeviation('products', 44, products.length),
    exactDeviation('highest product_id', 46, Math.max(...products.map(({ id }) => id))),
    exactDeviation(
      'unused ids in use',
      0,
      products.filter(({ id }) => UNUSED_PRODUCT_IDS.includes(id)).length,
    ),
    exactDeviation(
      'Learning Labs Pro products',
      LEARNING_LABS_PRO_IDS.length,
      products.filter(({ description }) => description.startsWith('Learning Labs Pro')).length,
    ),
    ...FIRST_PRICES.map((price, i) => exactDeviation(`price of product ${i + 1}`, price, products[i]!.price)),
  ];
}

function learningLabsBuyers(list: DemoList, labEmails: ReadonlySet<string>): Deviation[] {
  const count = (holds: (row: number) => boolean) =>
    list.emails.filter((email, row) => labEmails.has(email) && holds(row)).length;
  const { total, byRating, byCountry, knownElsewhere, missing } = LEARNING_LABS_BUYERS;
  const name = 'Learning Labs Pro buyers';
  const isElsewhere = (country: string | null) => country !== null && !(country in byCountry);
  return [
    countDeviation(
      name,
      total,
      count(() => true),
    ),
    ...Object.entries(byRating).map(([rating, n]) =>
      countDeviation(
        `${name} of rating ${rating}`,
        n,
        count((row) => list.ratings[row] === Number(rating)),
      ),
    ),
    ...Object.entries(byCountry).map(([code, n]) =>
      countDeviation(
        `${name} in ${code}`,
        n,
        count((row) => list.countries[row] === code),
      ),
    ),
    countDeviation(
      `${name} elsewhere`,
      knownElsewhere,
      count((row) => isElsewhere(list.countries[row]!)),
    ),
    countDeviation(
      `${name} without country`,
      missing,
      count((row) => list.countries[row] === null),
    ),
  ];
}
