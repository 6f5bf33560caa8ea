import { describe, expect, it } from 'vitest';
import { LatestWork } from './cockpit-latest';

/** Work that ends when it is told to, and what it was begun on. */
function heldWork() {
  const begun: number[] = [];
  let finish: () => void = () => undefined;
  const latest = new LatestWork<number>((input) => {
    begun.push(input);
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const finishOne = async () => {
    finish();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { latest, begun, finishOne };
}

describe('LatestWork', () => {
  it('begins at once, and after it goes on with the newest alone', async () => {
    const { latest, begun, finishOne } = heldWork();
    for (const input of [1, 2, 3, 4]) latest.ask(input);
    expect(begun).toEqual([1]);
    await finishOne();
    expect(begun).toEqual([1, 4]);
    await finishOne();
    expect(begun).toEqual([1, 4]);
    latest.ask(5);
    expect(begun).toEqual([1, 4, 5]);
  });

  it('begins nothing after its end', async () => {
    const { latest, begun, finishOne } = heldWork();
    latest.ask(1);
    latest.ask(2);
    latest.end();
    latest.ask(3);
    await finishOne();
    expect(begun).toEqual([1]);
  });
});
