import { describe, expect, it } from 'vitest';
import { createAttemptLimiter } from './attempt-limiter';

function limiterAt(clock: { ms: number }, maxCallers = 100) {
  return createAttemptLimiter({ maxWrong: 3, windowMs: 60_000, now: () => clock.ms, maxCallers });
}

describe('createAttemptLimiter', () => {
  it('lets a caller that was never wrong try at once', () => {
    expect(limiterAt({ ms: 0 }).waitMs('a')).toBe(0);
  });

  it('makes a caller wait after the last wrong secret that is borne', () => {
    const clock = { ms: 1000 };
    const limiter = limiterAt(clock);
    limiter.recordWrong('a');
    limiter.recordWrong('a');
    expect(limiter.waitMs('a')).toBe(0);
    limiter.recordWrong('a');
    expect(limiter.waitMs('a')).toBe(60_000);
  });

  it('lets the caller try again when the oldest wrong secret leaves the window', () => {
    const clock = { ms: 0 };
    const limiter = limiterAt(clock);
    for (const ms of [0, 10_000, 20_000]) {
      clock.ms = ms;
      limiter.recordWrong('a');
    }
    clock.ms = 59_999;
    expect(limiter.waitMs('a')).toBe(1);
    clock.ms = 60_000;
    expect(limiter.waitMs('a')).toBe(0);
  });

  it('counts each caller apart', () => {
    const limiter = limiterAt({ ms: 0 });
    for (let i = 0; i < 3; i += 1) limiter.recordWrong('a');
    expect([limiter.waitMs('a'), limiter.waitMs('b')]).toEqual([60_000, 0]);
  });

  it('forgets the oldest caller when there are too many', () => {
    const limiter = limiterAt({ ms: 0 }, 1);
    for (let i = 0; i < 3; i += 1) limiter.recordWrong('a');
    limiter.recordWrong('b');
    expect(limiter.waitMs('a')).toBe(0);
  });
});
