import { describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { anomaliesOf } from '@/lib/explore/anomalies/anomalies';
import { segmenterOfTable } from '@/lib/explore/drift/drift-columns';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { anomalyLevels, createAnomalyReader } from './anomaly-reader';

const CONTEXT = { onProgress: () => undefined, transfer: () => undefined };
/** Ten weeks of three opt-ins a day; rows 7 and 150 have ratings that cannot be, row 30 a name like a formula. */
const ROWS: readonly SubscriberRow[] = Array.from({ length: 210 }, (_, i) => ({
  optin: new Date(Date.UTC(2020, 0, 1 + Math.floor(i / 3))).toISOString().slice(0, 10),
  rating: i === 7 || i === 150 ? 9 : 2 + (i % 3),
  tags: i % 4 === 0 ? ['tag_a'] : [],
  ...(i === 7 ? { name: '=1+1' } : {}),
}));
const TABLE = joinedTableOf(ROWS);

let nMade = 0;
const anomalies = anomaliesOf(
  { table: TABLE, segmenter: segmenterOfTable(TABLE) },
  { newestDay: parseDay('2021-01-01'), seed: 1 },
);
const reader = createAnomalyReader(() => ({ table: TABLE, anomalies }));

describe('createAnomalyReader', () => {
  it('gives a group’s rows as texts, without the tags’ indicators', async () => {
    const found = await reader.anomalyRows({ level: 'impossible member_rating' }, CONTEXT);
    expect(found).toMatchObject({ level: 'impossible member_rating', nRows: 2 });
    expect(found?.columns.slice(0, 2)).toEqual(['joined row', 'mailchimp_id']);
    expect(found?.columns).not.toContain('tag_a');
    expect(found?.rows.map(([row]) => row)).toEqual(['8', '151']);
    expect(found?.rows.every((texts) => texts.length === found.columns.length)).toBe(true);
  });

  it('writes all of them as CSV that a spreadsheet takes for text', async () => {
    const blob = await reader.anomalyRowsCsv({ level: 'impossible member_rating' }, CONTEXT);
    const lines = (await blob.text()).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).not.toContain(',=1+1');
    expect(lines[1]).toContain('=1+1');
  });

  it('knows no other group', async () => {
    expect(await reader.anomalyRows({ level: 'import 1999-01-01' }, CONTEXT)).toBeNull();
    expect(() => reader.anomalyRowsCsv({ level: 'nonsense' }, CONTEXT)).toThrow('nonsense');
  });
});

describe('anomalyLevels', () => {
  it('works out nothing until a level is asked for', () => {
    const levels = anomalyLevels(() => {
      nMade += 1;
      return anomalies;
    });
    expect(nMade).toBe(0);
    expect(levels.names).toContain('impossible member_rating');
    expect([...levels.rowsOf(levels.names.indexOf('impossible member_rating'))]).toEqual([7, 150]);
    expect([...levels.rowsOf(99)]).toEqual([]);
  });
});
