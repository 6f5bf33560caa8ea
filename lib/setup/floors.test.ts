import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import floors from './floors.json';
import { floorFaults, isBelow } from './floors.mjs';

describe('isBelow', () => {
  it.each([
    ['16.4.5', '16.4.6', true],
    ['16.4.6', '16.4.6', false],
    ['16.4.10', '16.4.6', false],
    ['16.10.0', '16.4.6', false],
    ['15.99.99', '16.4.6', true],
    ['16.4.6-canary.3', '16.4.6', true],
    ['16.4.7-canary.3', '16.4.6', false],
    ['0.35.5', '0.35.5', false],
  ])('%s against %s: %s', (version, floor, below) => {
    expect(isBelow(version, floor)).toBe(below);
  });
});

describe('floorFaults', () => {
  const floor = [{ name: 'a', floor: '1.2.0', mayBeAbsent: false }];

  it('is silent at the floor and above', () => {
    expect(floorFaults({ 'node_modules/a': { version: '1.2.0' } }, floor)).toEqual([]);
  });

  it('finds low copies at any depth, and only of that name', () => {
    const packages = {
      'node_modules/a': { version: '1.3.0' },
      'node_modules/b/node_modules/a': { version: '1.1.9' },
      'node_modules/@x/a': { version: '0.1.0' },
    };
    expect(floorFaults(packages, floor)).toEqual([
      'node_modules/b/node_modules/a is 1.1.9, below the floor of 1.2.0.',
    ]);
  });

  it('misses what has to be there', () => {
    expect(floorFaults({}, floor)).toEqual(['a is not in package-lock.json.']);
    expect(floorFaults({}, [{ name: 'a', floor: '1.2.0', mayBeAbsent: true }])).toEqual([]);
  });

  it('finds nothing low in our own lock', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    expect(floorFaults(packages, floors.packages)).toEqual([]);
    expect(floors.checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
