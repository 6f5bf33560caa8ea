import { describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { newestDayAt } from './newest-day';

describe('newestDayAt', () => {
  it('is the day of the zone where it is latest', () => {
    expect(newestDayAt(Date.UTC(2024, 0, 1, 9, 59))).toBe(parseDay('2024-01-01'));
    expect(newestDayAt(Date.UTC(2024, 0, 1, 10))).toBe(parseDay('2024-01-02'));
    expect(newestDayAt(0)).toBe(0);
  });
});
