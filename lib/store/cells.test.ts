import { describe, expect, it } from 'vitest';
import { CELLS, cellDefinition, dependentsOf, freshStatuses, statusAfter } from './cells';

describe('CELLS', () => {
  it('lists each cell once, after every cell it needs', () => {
    const seen = new Set<string>();
    for (const cell of CELLS) {
      expect(seen.has(cell.id)).toBe(false);
      for (const need of cell.needs) expect(seen.has(need)).toBe(true);
      seen.add(cell.id);
    }
  });

  it('puts everything that reads validated data behind the gate', () => {
    const behindGate = dependentsOf('quality').map((id) => cellDefinition(id).isGated);
    expect(behindGate.every((isGated) => isGated)).toBe(true);
  });
});

describe('dependentsOf', () => {
  it('follows needs through other cells, in reading order', () => {
    expect(dependentsOf('features')).toEqual([
      'leakage',
      'tuning',
      'evaluation',
      'model_tests',
      'scoring',
      'slices',
      'models',
      'strategy',
      'leads',
    ]);
    expect(dependentsOf('rating')).toEqual([]);
    expect(dependentsOf('source')).toEqual(CELLS.slice(1).map((cell) => cell.id));
  });
});

describe('statusAfter', () => {
  const failure = { code: 'x', message: 'X.', hint: 'Y.' };
  const running = statusAfter({ kind: 'idle', reason: '' }, { type: 'started', atMs: 100 });

  it('times a run from its start', () => {
    expect(statusAfter(running, { type: 'finished', atMs: 350 })).toEqual({ kind: 'done', elapsedMs: 250 });
    expect(statusAfter(running, { type: 'failed', atMs: 150, failure })).toEqual({
      kind: 'failed',
      failure,
      elapsedMs: 50,
    });
  });

  it('never shows a negative time, even when the clock was set back', () => {
    expect(statusAfter(running, { type: 'finished', atMs: 50 })).toEqual({ kind: 'done', elapsedMs: 0 });
  });

  it('takes progress only while running', () => {
    const progress = { label: 'Trials', done: 1, total: 2 };
    expect(statusAfter(running, { type: 'progressed', progress })).toEqual({ ...running, progress });
    const done = { kind: 'done', elapsedMs: 1 } as const;
    expect(statusAfter(done, { type: 'progressed', progress })).toBe(done);
  });

  it('leaves a cell that never ran idle when what it reads changes', () => {
    const idle = freshStatuses().leads;
    expect(statusAfter(idle, { type: 'outdated', reason: 'r' })).toBe(idle);
    expect(statusAfter({ kind: 'done', elapsedMs: 1 }, { type: 'outdated', reason: 'r' })).toEqual({
      kind: 'stale',
      reason: 'r',
    });
  });
});
