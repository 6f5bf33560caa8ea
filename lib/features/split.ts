import { derivedSeed, type RandomSource, randomSource, shuffle } from '@/lib/core/random';
import { fail, type Result, succeed } from '@/lib/core/result';
import { normalEmail } from '@/lib/crm/casts';
import { SplitPart } from './matrix';

/** Shares of the rows of each part; they add up to 1. */
export interface SplitShares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** The design's 60/20/20. */
export const DESIGN_SPLIT_SHARES: SplitShares = { train: 0.6, validation: 0.2, test: 0.2 };

/** Fewer persons than this in a class cannot be split three ways and judged. */
const MIN_PERSONS_IN_CLASS = 5;

const N_PARTS = 3;

/**
 * Number the persons behind the rows: rows with the same e-mail address, as `normalEmail` folds it, get the same number.
 * Numbers follow first appearance, from 0. Rows without an address are a person each.
 *
 * @example personGroups(['a@x.org', 'B@x.org', 'A@X.org ']) // Uint32Array [0, 1, 0]
 */
export function personGroups(userEmail: readonly string[]): Uint32Array {
  const groupOfEmail = new Map<string, number>();
  let nGroups = 0;
  return Uint32Array.from(userEmail, (email) => {
    const key = normalEmail(email);
    const known = key === '' ? undefined : groupOfEmail.get(key);
    if (known !== undefined) return known;
    if (key !== '') groupOfEmail.set(key, nGroups);
    return nGroups++;
  });
}

/**
 * Split rows into training, validation and test rows, stratified by label, a person's rows always together.
 *
 * Within each class the parts hold the shares of its rows, rounded by largest remainder (ties to the earlier part);
 * persons of several rows are placed first, so the counts are exact as long as single-row persons can fill them up.
 * A person with rows of both classes counts as a buyer. The same arguments give the same split.
 *
 * @param options.labels 0 or 1 a row
 * @param options.groups a person's number a row, as `personGroups` gives it
 * @param options.seed the seed the user sees
 * @returns a `SplitPart` a row; or `class_too_small` with fewer than 5 persons in a class, or
 * `split_part_without_class` when a part would lack buyers or non-buyers
 */
export function stratifiedSplit(options: {
  readonly labels: Uint8Array;
  readonly groups: Uint32Array;
  readonly seed: number;
  readonly shares: SplitShares;
}): Result<Uint8Array> {
  const { labels, groups, seed, shares } = options;
  if (groups.length !== labels.length) {
    throw new Error(`Expected ${labels.length} group numbers, got ${groups.length}`);
  }
  const persons = personsOf(labels, groups);
  const random = randomSource(derivedSeed(seed, 'split'));
  const partOfPerson = new Uint8Array(persons.nRows.length);
  for (const [label, noun] of [
    [1, 'bought'],
    [0, 'not bought'],
  ] as const) {
    // biome-ignore format: one line
    const ofClass = Uint32Array.from(persons.label.keys()).filter((person) => persons.label[person] === label);
    if (ofClass.length < MIN_PERSONS_IN_CLASS) {
      return fail(
        'class_too_small',
        `Only ${ofClass.length} of ${persons.nRows.length} persons have ${noun}; a split needs at least ${MIN_PERSONS_IN_CLASS}.`,
        'Use a file with more subscribers of that kind, or check that the e-mail addresses of Transactions and Subscribers match.',
      );
    }
    shuffle(ofClass, random);
    placePersons(ofClass, { nRowsOfPerson: persons.nRows, shares, random, partOfPerson });
  }
  const split = Uint8Array.from(persons.ofRow, (person) => partOfPerson[person]!);
  return withBothClasses(labels, split);
}

/** List the rows of a part, ascending. */
export function rowsOfPart(split: Uint8Array, part: number): Uint32Array {
  let nRows = 0;
  for (const value of split) if (value === part) nRows++;
  const rows = new Uint32Array(nRows);
  let next = 0;
  for (let row = 0; row < split.length; row++) if (split[row] === part) rows[next++] = row;
  return rows;
}

/**
 * Share out whole things by largest remainder (Hamilton's method), ties to the earlier share.
 *
 * @param shares parts of 1
 * @example largestRemainder(11, [0.6, 0.2, 0.2]) // [7, 2, 2]
 */
export function largestRemainder(count: number, shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9 || shares.some((share) => share < 0)) {
    throw new Error(`Expected shares that add up to 1, got ${shares.join(' + ')}`);
  }
  const result = shares.map((share) => Math.floor(share * count));
  const nLeft = count - result.reduce((sum, whole) => sum + whole, 0);
  // Rounded, so that 0.2 × 3 and 0.6 × 1 tie as they do on paper.
  const remainders = shares.map((share, part) => ({
    part,
    rest: Number((share * count - result[part]!).toFixed(9)),
  }));
  remainders.sort((a, b) => b.rest - a.rest || a.part - b.part);
  for (const { part } of remainders.slice(0, nLeft)) result[part]! += 1;
  return result;
}

interface Persons {
  /** A person's number a row, counted from 0 in order of first appearance. */
  readonly ofRow: Uint32Array;
  readonly nRows: Uint32Array;
  /** 1 if any of the person's rows is a buyer. */
  readonly label: Uint8Array;
}

/** Renumber, so that only who belongs together matters, not the numbers given. */
function personsOf(labels: Uint8Array, groups: Uint32Array): Persons {
  const personOfGroup = new Map<number, number>();
  const ofRow = new Uint32Array(groups.length);
  const nRows = new Uint32Array(groups.length);
  const label = new Uint8Array(groups.length);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    const person = personOfGroup.get(group) ?? personOfGroup.size;
    personOfGroup.set(group, person);
    ofRow[row] = person;
    nRows[person]! += 1;
    if (labels[row]! > 1) throw new Error(`Expected labels of 0 and 1, got ${labels[row]} in row ${row}`);
    label[person]! |= labels[row]!;
  }
  const nPersons = personOfGroup.size;
  return { ofRow, nRows: nRows.slice(0, nPersons), label: label.slice(0, nPersons) };
}

/** Fill the parts of one class: persons of several rows by chance where they fit, then the single rows in shuffled order. */
function placePersons(
  persons: Uint32Array,
  context: {
    readonly nRowsOfPerson: Uint32Array;
    readonly shares: SplitShares;
    readonly random: RandomSource;
    readonly partOfPerson: Uint8Array;
  },
): void {
  const { nRowsOfPerson, shares, random, partOfPerson } = context;
  const nRows = persons.reduce((sum, person) => sum + nRowsOfPerson[person]!, 0);
  const places = largestRemainder(nRows, [shares.train, shares.validation, shares.test]);
  for (const person of persons) {
    const size = nRowsOfPerson[person]!;
    if (size === 1) continue;
    const part = drawnPart(places, size, random);
    partOfPerson[person] = part;
    places[part]! -= size;
  }
  let part = 0;
  for (const person of persons) {
    if (nRowsOfPerson[person] !== 1) continue;
    while (part < N_PARTS - 1 && places[part]! <= 0) part++;
    partOfPerson[person] = part;
    places[part]! -= 1;
  }
}

/** Draw a part in proportion to its free places among those where the rows fit; where they fit nowhere, take the emptiest. */
function drawnPart(places: readonly number[], size: number, random: RandomSource): number {
  const weights = places.map((free) => (free >= size ? free : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return places.indexOf(Math.max(...places));
  let left = random() * total;
  for (const [part, weight] of weights.entries()) {
    if (left < weight) return part;
    left -= weight;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

function withBothClasses(labels: Uint8Array, split: Uint8Array): Result<Uint8Array> {
  const counts = new Uint32Array(N_PARTS * 2);
  for (let row = 0; row < split.length; row++) counts[split[row]! * 2 + labels[row]!]! += 1;
  for (const [name, part] of Object.entries(SplitPart)) {
    for (const [label, noun] of ['non-buyer', 'buyer'].entries()) {
      if (counts[part * 2 + label] !== 0) continue;
      return fail(
        'split_part_without_class',
        `The ${name} rows would hold no ${noun}: too few persons to share out.`,
        'Use a file with more buyers and non-buyers.',
      );
    }
  }
  return succeed(split);
}
