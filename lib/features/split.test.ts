import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SplitPart } from './matrix';
import { DESIGN_SPLIT_SHARES, largestRemainder, personGroups, rowsOfPart, stratifiedSplit } from './split';

/** Labels of a list with `nBuyers` buyers, spread over the rows. */
function labelsOf(nRows: number, nBuyers: number): Uint8Array {
  return Uint8Array.from({ length: nRows }, (_, row) => ((row * 7) % nRows < nBuyers ? 1 : 0));
}

const single = (nRows: number) => Uint32Array.from({ length: nRows }, (_, row) => row);

function splitOf(labels: Uint8Array, groups = single(labels.length), seed = 42): Uint8Array {
  const result = stratifiedSplit({ labels, groups, seed, shares: DESIGN_SPLIT_SHARES });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function countsOf(labels: Uint8Array, split: Uint8Array) {
  const counts = { nonBuyers: [0, 0, 0], buyers: [0, 0, 0] };
  for (const [row, part] of split.entries()) counts[labels[row] === 1 ? 'buyers' : 'nonBuyers'][part]! += 1;
  return counts;
}

describe('personGroups', () => {
  it('joins addresses that differ in case and blanks, and keeps empty ones apart', () => {
    const groups = personGroups(['a@x.org', 'B@x.org', 'A@X.org ', '', 'b@x.org', ' ']);
    expect(groups).toEqual(Uint32Array.of(0, 1, 0, 2, 1, 3));
  });

  it('is empty for no rows', () => {
    expect(personGroups([])).toEqual(new Uint32Array(0));
  });
});

describe('largestRemainder', () => {
  it.each([
    [10, [6, 2, 2]],
    [11, [7, 2, 2]],
    [12, [7, 3, 2]],
    [13, [8, 3, 2]],
    [14, [8, 3, 3]],
    [962, [577, 193, 192]],
    [1, [1, 0, 0]],
    [0, [0, 0, 0]],
  ])('shares out %i', (count, expected) => {
    expect(largestRemainder(count, [0.6, 0.2, 0.2])).toEqual(expected);
  });

  it('gives ties to the earlier share', () => {
    expect(largestRemainder(1, [0.5, 0.5])).toEqual([1, 0]);
    expect(largestRemainder(2, [0.25, 0.25, 0.25, 0.25])).toEqual([1, 1, 0, 0]);
  });

  it('refuses shares that are not parts of 1', () => {
    expect(() => largestRemainder(3, [0.6, 0.3])).toThrow('Expected shares that add up to 1, got 0.6 + 0.3');
    expect(() => largestRemainder(3, [1.5, -0.5])).toThrow('got 1.5 + -0.5');
  });
});

describe('stratifiedSplit', () => {
  it('splits the rows of the profile 60/20/20 within each class', () => {
    const labels = labelsOf(19_919, 962);
    expect(countsOf(labels, splitOf(labels))).toEqual({
      nonBuyers: [11_374, 3_792, 3_791],
      buyers: [577, 193, 192],
    });
  });

  it('is this split for this seed', () => {
    const labels = labelsOf(20, 6);
    expect([...splitOf(labels)].join('')).toMatchInlineSnapshot(`"00200100022002011100"`);
  });

  it('differs with the seed, and with nothing else', () => {
    const labels = labelsOf(200, 40);
    expect(splitOf(labels)).toEqual(splitOf(labels.slice()));
    expect(splitOf(labels, single(200), 43)).not.toEqual(splitOf(labels));
  });

  it('looks at who belongs together, not at the numbers given', () => {
    const labels = labelsOf(60, 20);
    const groups = Uint32Array.from({ length: 60 }, (_, row) => row % 50);
    const renamed = groups.map((group) => 4_000_000_000 - group * 3);
    expect(splitOf(labels, renamed)).toEqual(splitOf(labels, groups));
  });

  it('keeps the shares exact with repeated persons', () => {
    const labels = labelsOf(500, 100);
    const groups = single(500);
    const buyers = [...labels.keys()].filter((row) => labels[row] === 1);
    const others = [...labels.keys()].filter((row) => labels[row] === 0);
    for (let i = 0; i < 8; i++) {
      groups[buyers[2 * i]!] = groups[buyers[2 * i + 1]!]!;
      groups[others[3 * i]!] = groups[others[3 * i + 1]!] = groups[others[3 * i + 2]!]!;
    }
    expect(countsOf(labels, splitOf(labels, groups))).toEqual({
      nonBuyers: [240, 80, 80],
      buyers: [60, 20, 20],
    });
  });

  it('places a person that fits nowhere where most room is', () => {
    const labels = Uint8Array.from({ length: 30 }, (_, row) => (row < 15 ? 1 : 0));
    const groups = Uint32Array.from({ length: 30 }, (_, row) => (row < 10 ? 0 : row));
    // 15 buyers should go 9/3/3, but ten of them are one person.
    expect(countsOf(labels, splitOf(labels, groups)).buyers).toEqual([10, 3, 2]);
  });

  it('gives every row a part, keeps persons together and is off the shares by single rows only', () => {
    const rows = fc.array(fc.record({ person: fc.nat(40), bought: fc.boolean() }), {
      minLength: 40,
      maxLength: 200,
    });
    fc.assert(
      fc.property(rows, fc.integer(), (people, seed) => {
        const bought = new Set(people.filter((p) => p.bought && p.person % 2 === 0).map((p) => p.person));
        const labels = Uint8Array.from(people, ({ person }) => Number(bought.has(person)));
        const groups = Uint32Array.from(people, ({ person }) => person);
        const result = stratifiedSplit({ labels, groups, seed, shares: DESIGN_SPLIT_SHARES });
        if (!result.ok) return;
        const partOfPerson = new Map<number, number>();
        for (const [row, { person }] of people.entries()) {
          const part = result.value[row]!;
          expect(partOfPerson.get(person) ?? part).toBe(part);
          partOfPerson.set(person, part);
        }
        const largest = Math.max(...people.map((p) => people.filter((q) => q.person === p.person).length));
        const { buyers, nonBuyers } = countsOf(labels, result.value);
        for (const counts of [buyers, nonBuyers]) {
          const wanted = largestRemainder(
            counts.reduce((a, b) => a + b, 0),
            [0.6, 0.2, 0.2],
          );
          for (const [part, count] of counts.entries()) {
            expect(Math.abs(count - wanted[part]!)).toBeLessThan(largest);
          }
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it.each([
    ['no subscriber', 0, 0, 'Only 0 of 0 persons have bought; a split needs at least 5.'],
    ['no buyer', 50, 0, 'Only 0 of 50 persons have bought; a split needs at least 5.'],
    ['four buyers', 50, 4, 'Only 4 of 50 persons have bought; a split needs at least 5.'],
    ['only buyers', 50, 50, 'Only 0 of 50 persons have not bought; a split needs at least 5.'],
  ])('refuses %s', (_, nRows, nBuyers, message) => {
    const labels = labelsOf(nRows, nBuyers);
    const result = stratifiedSplit({ labels, groups: single(nRows), seed: 1, shares: DESIGN_SPLIT_SHARES });
    expect(result).toEqual({
      ok: false,
      error: { code: 'class_too_small', message, hint: expect.any(String) },
    });
  });

  it('accepts five of each', () => {
    const labels = labelsOf(10, 5);
    expect(countsOf(labels, splitOf(labels))).toEqual({ nonBuyers: [3, 1, 1], buyers: [3, 1, 1] });
  });

  it('counts persons, not rows, as too few', () => {
    const labels = labelsOf(50, 20);
    const groups = Uint32Array.from(labels, (label, row) => (label === 1 ? row % 2 : row + 2));
    const result = stratifiedSplit({ labels, groups, seed: 1, shares: DESIGN_SPLIT_SHARES });
    expect(result).toMatchObject({ ok: false, error: { code: 'class_too_small' } });
  });

  it('refuses a split that leaves a part without buyers', () => {
    const labels = labelsOf(20, 5);
    const shares = { train: 0.9, validation: 0.1, test: 0 };
    const result = stratifiedSplit({ labels, groups: single(20), seed: 1, shares });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'split_part_without_class', message: expect.stringContaining('would hold no') },
    });
  });

  it('throws on labels that are none, and on lengths that differ', () => {
    const shares = DESIGN_SPLIT_SHARES;
    expect(() => stratifiedSplit({ labels: Uint8Array.of(2), groups: single(1), seed: 1, shares })).toThrow(
      'Expected labels of 0 and 1, got 2 in row 0',
    );
    expect(() => stratifiedSplit({ labels: new Uint8Array(2), groups: single(3), seed: 1, shares })).toThrow(
      'Expected 2 group numbers, got 3',
    );
  });
});

describe('rowsOfPart', () => {
  it('lists the rows of a part, ascending', () => {
    const split = Uint8Array.of(0, 2, 1, 0, 2);
    expect(rowsOfPart(split, SplitPart.train)).toEqual(Uint32Array.of(0, 3));
    expect(rowsOfPart(split, SplitPart.validation)).toEqual(Uint32Array.of(2));
    expect(rowsOfPart(split, SplitPart.test)).toEqual(Uint32Array.of(1, 4));
    expect(rowsOfPart(new Uint8Array(0), SplitPart.test)).toEqual(new Uint32Array(0));
  });
});
