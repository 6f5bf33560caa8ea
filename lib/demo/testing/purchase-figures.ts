import { LIST } from '../figures/list';
import { OPTIN_RANGE } from '../figures/opt-ins';
import { FIRST_PRICES, LEARNING_LABS_PRO_IDS, UNUSED_PRODUCT_IDS } from '../figures/products';
import { INVENTED, LEARNING_LABS_BUYERS, TRANSACTIONS } from '../figures/purchases';
import type { DemoList } from './demo-list';
import { countDeviation, type Deviation, exactDeviation } from './deviation';

/** Transactions and products. */
export function purchaseDeviations(list: DemoList): Deviation[] {
  const { transactions, products } = list;
  const isLab = (id: number) => LEARNING_LABS_PRO_IDS.includes(id);
  const labs = transactions.filter(({ productId }) => isLab(productId));
  const emails = new Set(list.emails);
  const unmatched = transactions.filter(({ email }) => !emails.has(email)).length;
  const firstDay = transactions.filter(({ date }) => date === TRANSACTIONS.first);
  return [
    exactDeviation('transactions', LIST.nTransactions, transactions.length),
    exactDeviation('Learning Labs Pro transactions', TRANSACTIONS.nLearningLabsPro, labs.length),
    exactDeviation(
      'Learning Labs Pro before its first day',
      0,
      labs.filter(({ date }) => date < TRANSACTIONS.firstLearningLabsPro).length,
    ),
    {
      figure: 'Learning Labs Pro on its first day, at least 1',
      target: 5,
      got: labs.filter(({ date }) => date === TRANSACTIONS.firstLearningLabsPro).length,
      bound: 4,
    },
    exactDeviation(
      'transactions before the first day',
      0,
      transactions.filter(({ date }) => date < TRANSACTIONS.first).length,
    ),
    exactDeviation(
      'transactions after the last day',
      0,
      transactions.filter(({ date }) => date > TRANSACTIONS.last).length,
    ),
    {
      figure: 'transactions on the last day, at least 1',
      target: 20,
      got: transactions.filter(({ date }) => date === TRANSACTIONS.last).length,
      bound: 19,
    },
    exactDeviation('transactions of the launch day', INVENTED.nLaunchDay, firstDay.length),
    exactDeviation(
      'of these, the launched product',
      INVENTED.nLaunchDay,
      firstDay.filter(({ productId }) => productId === TRANSACTIONS.launchProduct).length,
    ),
    {
      figure: 'purchases before the first opt-in, at least 1',
      target: 100,
      got: transactions.filter(({ date }) => date < OPTIN_RANGE.first).length,
      bound: 99,
    },
    {
      figure: 'share of transactions without subscriber (invented)',
      target: INVENTED.unmatchedShare,
      got: unmatched / transactions.length,
      bound: 0.08,
    },
    exactDeviation('transaction_id out of place', 0, transactions.filter(({ id }, i) => id !== i + 1).length),
    exactDeviation(
      'transactions out of order',
      0,
      transactions.filter(({ date }, i) => i > 0 && date < transactions[i - 1]!.date).length,
    ),
    exactDeviation(
      'charge_country not two capitals, or UK',
      0,
      transactions.filter(({ country }) => !/^[A-Z]{2}$/.test(country) || country === 'UK').length,
    ),
    {
      figure: 'charge_country GB, at least 1',
      target: 500,
      got: transactions.filter(({ country }) => country === 'GB').length,
      bound: 499,
    },
    exactDeviation('products', 44, products.length),
    exactDeviation('highest product_id', 46, Math.max(...products.map(({ id }) => id))),
    exactDeviation(
      'unused ids in use',
      0,
      products.filter(({ id }) => UNUSED_PRODUCT_IDS.includes(id)).length,
    ),
    exactDeviation(
      'transactions of unknown products',
      0,
      transactions.filter(({ productId }) => !products.some(({ id }) => id === productId)).length,
    ),
    exactDeviation(
      'Learning Labs Pro products',
      8,
      products.filter(({ description }) => description.startsWith('Learning Labs Pro')).length,
    ),
    ...FIRST_PRICES.map((price, i) => exactDeviation(`price of product ${i + 1}`, price, products[i]!.price)),
    ...learningLabsBuyers(list, new Set(labs.map(({ email }) => email))),
  ];
}

function learningLabsBuyers(list: DemoList, labEmails: ReadonlySet<string>): Deviation[] {
  const count = (holds: (row: number) => boolean) =>
    list.emails.filter((email, row) => labEmails.has(email) && holds(row)).length;
  const { total, byRating, byCountry, knownElsewhere, missing } = LEARNING_LABS_BUYERS;
  const named = Object.keys(byCountry);
  return [
    countDeviation(
      'Learning Labs Pro buyers',
      total,
      count(() => true),
    ),
    ...Object.entries(byRating).map(([rating, n]) =>
      countDeviation(
        `Learning Labs Pro buyers of rating ${rating}`,
        n,
        count((row) => list.ratings[row] === Number(rating)),
      ),
    ),
    ...Object.entries(byCountry).map(([code, n]) =>
      countDeviation(
        `Learning Labs Pro buyers in ${code}`,
        n,
        count((row) => list.countries[row] === code),
      ),
    ),
    countDeviation(
      'Learning Labs Pro buyers elsewhere',
      knownElsewhere,
      count((row) => list.countries[row] !== null && !named.includes(list.countries[row]!)),
    ),
    countDeviation(
      'Learning Labs Pro buyers without country',
      missing,
      count((row) => list.countries[row] === null),
    ),
  ];
}
