import { describe, expect, it } from 'vitest';
import { MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { leadListCsvChunks, leadOrder } from './lead-list';
import { percentiles } from './percentiles';

const table: JoinedTable = {
  nRows: 4,
  mailchimpId: new Float64Array([9007199254740991, 12, Number.NaN, 14]),
  userFullName: ['Ann Lee', '=cmd()', 'Bo "B", Cy', ''],
  userEmail: ['ann@example.com', '@x@example.com', 'bo@example.com', 'dee@example.com'],
  memberRating: new Float64Array([5, Number.NaN, 1, 2]),
  optinDay: new Int32Array([18627, MISSING_DAY, 0, -1]),
  countryCodes: ['ca', 'us'],
  countryIndex: new Int16Array([1, -1, 0, 1]),
  tagCount: new Uint16Array([3, 0, 1, 2]),
  madePurchase: new Uint8Array([1, 0, 0, 0]),
  tagColumns: [],
  tagIndicators: [],
};
const scores = new Float32Array([0.1, 0.75, 0.1, 1e-7]);
const margins = new Float32Array([-2, 1, -2, -16]);
const list = {
  table,
  scores,
  percentiles: percentiles(scores),
  cutoffs: { A: 0.5, B: 0.25, C: 0.1 },
  topReasons: (rows: ArrayLike<number>, nReasons: number) =>
    Array.from(rows, (row) =>
      (row === 3 ? [] : [`For: member rating ${row}; so, often`, '=1+1']).slice(0, nReasons),
    ),
};

describe('leadOrder', () => {
  it('puts the highest score first, ties by margin, and ties of that in table order', () => {
    expect(leadOrder(scores, margins)).toEqual(new Uint32Array([1, 0, 2, 3]));
    expect(leadOrder(scores, Float32Array.of(-3, 2, -2, -9))).toEqual(new Uint32Array([1, 2, 0, 3]));
    // Scores count first, whatever the margins.
    expect(leadOrder(Float32Array.of(0.25, 0.5), Float32Array.of(1, 0))).toEqual(new Uint32Array([1, 0]));
    expect(leadOrder(new Float32Array(0), new Float32Array(0))).toEqual(new Uint32Array(0));
    expect(() => leadOrder(new Float32Array([Number.NaN]), new Float32Array(1))).toThrow('NaN in row 0');
    expect(() => leadOrder(new Float32Array(1), new Float32Array(2))).toThrow('got 2 and 1');
  });
});

describe('leadListCsvChunks', () => {
  it('writes ids whole, scores short, formulas disarmed and the missing empty', () => {
    // The cut-off 0.1 as a double is below the float32 0.1, so both rows with that score are C.
    expect([...leadListCsvChunks(list, leadOrder(scores, margins))].join('')).toBe(
      [
        'mailchimp_id,user_full_name,user_email,score,percentile,tier,member_rating,country_code,optin_time,tag_count,made_purchase,reason_1,reason_2,reason_3',
        `12,"'=cmd()","'@x@example.com",0.75,87.50,A,,,,0,0,"For: member rating 1; so, often","'=1+1",`,
        `9007199254740991,Ann Lee,ann@example.com,0.1,50.00,C,5,us,2020-12-31,3,1,"For: member rating 0; so, often","'=1+1",`,
        `,"Bo ""B"", Cy",bo@example.com,0.1,50.00,C,1,ca,1970-01-01,1,0,"For: member rating 2; so, often","'=1+1",`,
        '14,,dee@example.com,1e-7,12.50,D,2,us,1969-12-31,2,0,,,',
        '',
      ].join('\r\n'),
    );
  });

  it('writes the rows it is given and no others', () => {
    const lines = [...leadListCsvChunks(list, new Uint32Array([3]))].join('').split('\r\n');
    expect(lines.slice(1)).toEqual(['14,,dee@example.com,1e-7,12.50,D,2,us,1969-12-31,2,0,,,', '']);
    expect([...leadListCsvChunks(list, new Uint32Array(0))]).toHaveLength(1);
  });
});
