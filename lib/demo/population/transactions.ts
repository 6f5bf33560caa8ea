import { parseDay } from '@/lib/core/day';
import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import { LAST_OPTIN_DAY } from '../block/optin-calendar';
import { MISSING_CODE, RAW_CODES } from '../block/raw-codes';
import { COUNTRIES } from '../figures/countries';
import { LIST } from '../figures/list';
import { LEARNING_LABS_PRO_IDS, MONTHLY_LABS_IDS } from '../figures/products';
import { INVENTED, TRANSACTIONS } from '../figures/purchases';
import type { DemoOptions, Population } from './population';
import { Shelf } from './shelf';

/** Purchases in order of date, as columns. */
export interface Transactions {
  readonly nTransactions: number;
  /** Days since 1970-01-01. */
  readonly day: Uint16Array;
  readonly productId: Uint8Array;
  /** Row of the subscriber; from `nSubscribers` on, a customer outside the list. */
  readonly person: Uint32Array;
  /** Index into `COUNTRIES`; never missing. */
  readonly country: Uint8Array;
}

const FIRST_DAY = parseDay(TRANSACTIONS.first);
const LAST_DAY = parseDay(TRANSACTIONS.last);
const FIRST_LAB_DAY = parseDay(TRANSACTIONS.firstLearningLabsPro);
const DAYS_BETWEEN_PAYMENTS = 30;

const isLabProduct = (id: number) => LEARNING_LABS_PRO_IDS.includes(id);

/**
 * Create the purchases of a demo list: every buyer has at least one, customers outside the list fill up to the profile's
 * number, 4,662 for 19,919 subscribers, and to its share of Learning Labs Pro.
 */
export function createTransactions(
  population: Population,
  { seed, nSubscribers }: DemoOptions,
): Transactions {
  const purchases = new PurchaseMaker(randomSource(derivedSeed(seed, 'transactions')));
  const { madePurchase, boughtLearningLabs, optinDays, country } = population;
  for (let row = 0; row < nSubscribers; row++) {
    if (madePurchase[row] === 0) continue;
    const optinDay = LAST_OPTIN_DAY - optinDays[row]!;
    purchases.buy(row, country[row]!, optinDay, boughtLearningLabs[row] === 1);
  }
  const scale = nSubscribers / LIST.nSubscribers;
  purchases.fillFromOutside(nSubscribers, {
    nTransactions: Math.round(scale * LIST.nTransactions),
    nLabs: Math.round(scale * TRANSACTIONS.nLearningLabsPro),
    nLaunchDay: Math.max(1, Math.round(scale * INVENTED.nLaunchDay)),
  });
  return inOrderOfDay(purchases.ledger);
}

/** The numbers that customers outside the list fill up to. */
interface Goals {
  readonly nTransactions: number;
  readonly nLabs: number;
  readonly nLaunchDay: number;
}

/** Collects purchases and counts those of Learning Labs Pro. */
class Ledger {
  readonly day: number[] = [];
  readonly productId: number[] = [];
  readonly person: number[] = [];
  readonly country: number[] = [];
  nLabs = 0;

  add(day: number, productId: number, person: number, country: number): void {
    this.day.push(day);
    this.productId.push(productId);
    this.person.push(person);
    this.country.push(country);
    if (isLabProduct(productId)) this.nLabs++;
  }
}

/** Makes the purchases of one customer after the other. */
class PurchaseMaker {
  readonly ledger = new Ledger();
  readonly #random: RandomSource;
  readonly #labs = new Shelf(isLabProduct);
  readonly #courses = new Shelf((id) => !isLabProduct(id));

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Make the purchases of a subscriber who bought. */
  buy(row: number, code: number, optinDay: number, isLabsCustomer: boolean): void {
    const country = code === MISSING_CODE ? this.#anyCountry() : RAW_CODES[code]!.folded;
    const day = this.#dayAfter(optinDay);
    if (isLabsCustomer) this.#payLabs(row, country, day, Number.POSITIVE_INFINITY);
    else this.#course(row, country, day);
    for (let more = this.#geometric(INVENTED.meanFurtherCourses); more > 0; more--)
      this.#course(row, country, this.#dayAfter(optinDay));
  }

  /** Add customers outside the list, numbered from `firstPerson` on, until the goals are reached. */
  fillFromOutside(firstPerson: number, { nTransactions, nLabs, nLaunchDay }: Goals): void {
    let person = firstPerson;
    for (let i = 0; i < nLaunchDay; i++)
      this.ledger.add(FIRST_DAY, TRANSACTIONS.launchProduct, person++, this.#anyCountry());
    this.ledger.add(
      FIRST_LAB_DAY,
      this.#labs.draw(FIRST_LAB_DAY, this.#random),
      person++,
      this.#anyCountry(),
    );
    this.#course(person++, this.#anyCountry(), LAST_DAY);
    while (this.ledger.nLabs < nLabs) {
      const start = this.#dayWithin(FIRST_LAB_DAY, LAST_DAY);
      this.#payLabs(person++, this.#anyCountry(), start, nLabs - this.ledger.nLabs);
    }
    while (this.ledger.day.length < nTransactions)
      this.#course(person++, this.#anyCountry(), this.#dayWithin(FIRST_DAY + 1, LAST_DAY));
  }

  #course(person: number, country: number, day: number): void {
    this.ledger.add(day, this.#courses.draw(day, this.#random), person, country);
  }

  /** Pay for Learning Labs Pro from a day on: every thirty days where the plan is monthly, once where it is not. */
  #payLabs(person: number, country: number, wantedStart: number, atMost: number): void {
    const start =
      wantedStart < FIRST_LAB_DAY ? this.#dayWithin(FIRST_LAB_DAY, FIRST_LAB_DAY + 180) : wantedStart;
    const productId = this.#labs.draw(start, this.#random);
    const nPlanned = MONTHLY_LABS_IDS.includes(productId)
      ? 1 + this.#geometric(INVENTED.meanLabPayments - 1)
      : 1;
    for (let payment = 0; payment < Math.min(nPlanned, atMost); payment++) {
      const day = start + payment * DAYS_BETWEEN_PAYMENTS;
      if (day > LAST_DAY) return;
      this.ledger.add(day, productId, person, country);
    }
  }

  /** A day of purchase for someone who joined on a day: soon after, or now and then any day, even before. */
  #dayAfter(optinDay: number): number {
    if (this.#random() < INVENTED.shareAnyDay) return this.#dayWithin(FIRST_DAY + 1, LAST_DAY);
    const day = optinDay + Math.floor(-INVENTED.meanLagDays * Math.log(1 - this.#random()));
    return day <= LAST_DAY ? day : this.#dayWithin(optinDay, LAST_DAY);
  }

  #dayWithin(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  /** How often something happens in a row before it does not, on average `mean` times. */
  #geometric(mean: number): number {
    return Math.floor(Math.log(1 - this.#random()) / Math.log(mean / (1 + mean)));
  }

  /** A country by its share of the known buyers, as an index into `COUNTRIES`. */
  #anyCountry(): number {
    let left = this.#random() * KNOWN_BUYERS;
    const index = COUNTRIES.findIndex(({ buyers }) => {
      left -= buyers ?? 0;
      return left < 0;
    });
    return Math.max(0, index);
  }
}

const KNOWN_BUYERS = COUNTRIES.reduce((sum, { buyers }) => sum + (buyers ?? 0), 0);

/** Order by day, purchases of one day as they were made (a counting sort). */
function inOrderOfDay({ day, productId, person, country }: Ledger): Transactions {
  const n = day.length;
  const next = new Uint32Array(LAST_DAY - FIRST_DAY + 2);
  for (const value of day) next[value - FIRST_DAY + 1]!++;
  for (let i = 1; i < next.length; i++) next[i]! += next[i - 1]!;
  const sorted = {
    nTransactions: n,
    day: new Uint16Array(n),
    productId: new Uint8Array(n),
    person: new Uint32Array(n),
    country: new Uint8Array(n),
  };
  for (let i = 0; i < n; i++) {
    const to = next[day[i]! - FIRST_DAY]!++;
    sorted.day[to] = day[i]!;
    sorted.productId[to] = productId[i]!;
    sorted.person[to] = person[i]!;
    sorted.country[to] = country[i]!;
  }
  return sorted;
}
