import { describe, expect, it } from 'vitest';
import { createTurns } from './turns';

const never = new AbortController().signal;

describe('createTurns', () => {
  it('gives places in the order asked for', async () => {
    const turns = createTurns(1);
    const order: string[] = [];
    await turns.take(never);
    const second = turns.take(never).then(() => order.push('second'));
    const third = turns.take(never).then(() => order.push('third'));
    turns.give();
    await second;
    expect(order).toEqual(['second']);
    turns.give();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('passes over one who stopped waiting, and refuses one who never began', async () => {
    const turns = createTurns(1);
    await turns.take(never);
    const stop = new AbortController();
    const impatient = turns.take(stop.signal);
    const patient = turns.take(never);
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    await expect(turns.take(stop.signal)).rejects.toBe(reason);
    turns.give();
    await patient;
  });

  it('keeps places that nobody waits for', async () => {
    const turns = createTurns(2);
    await turns.take(never);
    turns.give();
    await turns.take(never);
    await turns.take(never);
    const third = turns.take(never);
    turns.give();
    await third;
  });
});
