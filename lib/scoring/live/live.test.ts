import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { FeatureSpec } from '@/lib/features/spec';
import { liveAnswer, liveAnswerSchema } from './live-answer';
import { liveLeadSchemaFor, MAX_LIVE_LEADS, neededColumns } from './live-lead';
import { liveTable, tagColumnsOf } from './live-table';
import { leadBatchesOfCsv, leadsOfCsv, leadsOfJson } from './parse-leads';

const features: FeatureSpec['features'] = [
  { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
  { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
  { name: 'tag_webinar_1', kind: 'categorical', source: { type: 'tag', tag: 'tag_webinar_1' } },
  { name: 'own', kind: 'numeric', source: { type: 'expression', text: 'tag_lab + 1' } },
];
const schema = liveLeadSchemaFor({ features });
const whole = { member_rating: 5, optin_time: '2020-12-31', tags: [] };

const ofJson = (leads: unknown) => leadsOfJson(JSON.stringify({ leads }), schema);
const faultOf = (result: ReturnType<typeof leadsOfJson>) =>
  result.ok ? 'read' : `${result.error.code}: ${result.error.message}`;

describe('neededColumns', () => {
  it('lists the raw columns that features are made of', () => {
    expect(neededColumns({ features })).toEqual(['member_rating', 'optin_time', 'tags']);
    const own = (text: string) =>
      neededColumns({ features: [{ name: 'own', kind: 'numeric', source: { type: 'expression', text } }] });
    expect(own("country_code = 'us' and is_free_email")).toEqual(['user_email', 'country_code']);
    expect(own('tag_count_by_optin_day')).toEqual(['optin_time', 'tags']);
  });
});

describe('leadsOfJson', () => {
  it('takes leads with what the model needs, and more', () => {
    const lead = { ...whole, id: '7', country_code: 'US', user_email: 'ann@example.com', optin_time: null };
    expect(ofJson([lead])).toEqual({ ok: true, value: [lead] });
  });

  it.each([
    [[whole, { ...whole, member_rating: 7 }], 'Row 2, column member_rating: it must be 1 to 5.'],
    [[{ ...whole, member_rating: 2.5 }], 'Row 1, column member_rating: it must be a whole number'],
    [[{ ...whole, member_rating: '5' }], 'Row 1, column member_rating: it must be a whole number'],
    [
      [{ ...whole, optin_time: '31.12.2020' }],
      'Row 1, column optin_time: it must be a date such as 2020-12-31',
    ],
    [[{ ...whole, optin_time: '2023-02-29' }], 'Row 1, column optin_time: it must be a date'],
    [
      [{ ...whole, country_code: 'USA' }],
      'Row 1, column country_code: it must be a country code of two letters',
    ],
    [[{ ...whole, tags: ['a', ''] }], 'Row 1, column tags: it must not be empty'],
    [[{ ...whole, tags: 'a' }], 'Row 1, column tags: it must be of type array'],
    [[{ member_rating: 5, tags: [] }], 'Row 1, column optin_time: it is missing, and the model needs it'],
    [[{ ...whole, contry: 'us' }], 'Row 1 has a column that no lead has'],
    [['ann@example.com'], 'Row 1 is not an object'],
    [[], 'There is no lead to score'],
  ])('names row and column of what is wrong: %j', (leads, sentence) => {
    const fault = faultOf(ofJson(leads));
    expect(fault).toContain(`bad_input: ${sentence}`);
    // Nothing of a lead comes back, so nothing of one can end in a log of the caller.
    expect(fault).not.toMatch(/ann@|31\.12|USA|contry/);
  });

  it('refuses what is no batch, and more than one may hold', () => {
    expect(faultOf(leadsOfJson('{', schema))).toBe('bad_input: The body is not JSON.');
    expect(faultOf(leadsOfJson('[]', schema))).toBe('bad_input: The body is not {"leads": [ … ]}.');
    const many = Array.from({ length: MAX_LIVE_LEADS + 1 }, () => whole);
    expect(faultOf(ofJson(many))).toContain('too_many_leads: There are more than 10000 leads');
    expect(ofJson(many.slice(1)).ok).toBe(true);
  });
});

describe('leadsOfCsv', () => {
  it('reads as JSON does, whichever way lines end', () => {
    const rows = ['id,member_rating,optin_time,tags', '7,5,2020-12-31,"Webinar 1; Lab"', '8,,,'];
    const expected = [
      { id: '7', member_rating: 5, optin_time: '2020-12-31', tags: ['Webinar 1', 'Lab'] },
      { id: '8', member_rating: null, optin_time: null, tags: [] },
    ];
    for (const text of [rows.join('\n'), `${rows.join('\r\n')}\r\n`]) {
      expect(leadsOfCsv(text, schema)).toEqual({ ok: true, value: expected });
    }
  });

  it.each([
    ['', 'The body is empty'],
    ['member_rating,ann@example.com\n5,1', 'The header has a column that no lead has'],
    ['tags,tags\n,', 'The header has a column twice'],
    ['member_rating,optin_time,tags\n5,2020-12-31', 'Row 1 has 2 cells, and the header 3'],
    ['member_rating,optin_time,tags\nfive,,', 'Row 1, column member_rating'],
    ['member_rating,tags\n5,', 'Row 1, column optin_time: it is missing'],
    ['member_rating,optin_time,tags\n5,,"broken', 'Row 1 has 0 cells'],
  ])('names what is wrong: %j', (text, sentence) => {
    expect(faultOf(leadsOfCsv(text, schema))).toContain(sentence);
  });
});

describe('leadBatchesOfCsv', () => {
  const text = `member_rating,optin_time,tags\r\n${Array.from({ length: 5 }, (_, i) => `${i + 1},,Lab\r\n`).join('')}`;
  const ratingsOf = (pieces: readonly string[]) =>
    [...leadBatchesOfCsv(pieces, schema, 2)].map((batch) =>
      batch.ok ? batch.value.map((lead) => lead.member_rating) : batch.error.message,
    );

  it('gives batches, wherever the text is cut', () => {
    for (let at = 0; at <= text.length; at++) {
      expect(ratingsOf([text.slice(0, at), text.slice(at)])).toEqual([[1, 2], [3, 4], [5]]);
    }
    expect(ratingsOf([...text.replaceAll('\r', '').trimEnd()])).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('ends at the first fault, with its row', () => {
    expect(ratingsOf([text, '9,,\r\n', '1,,\r\n'])).toEqual([
      [1, 2],
      [3, 4],
      'Row 6, column member_rating: it must be 1 to 5.',
    ]);
    expect(ratingsOf([])).toEqual(['The body is empty; a header is expected first.']);
  });
});

describe('liveTable', () => {
  it('builds the table that joining would have built', () => {
    const tagColumns = tagColumnsOf({ features });
    expect(tagColumns).toEqual(['tag_lab', 'tag_webinar_1']);
    const table = liveTable(
      [
        {
          member_rating: 5,
          country_code: 'US',
          optin_time: '2020-12-31',
          tags: ['Webinar #1'.replace('#', ''), 'tag_lab', 'Other'],
        },
        { user_email: ' ann@example.com ', tags: ['Lab', 'lab', 'tag_lab'] },
        {},
      ],
      tagColumns,
    );
    expect([...table.tagCount]).toEqual([3, 1, 0]);
    expect(table.tagIndicators.map((holds) => [...holds])).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ]);
    expect([...table.memberRating]).toEqual([5, Number.NaN, Number.NaN]);
    expect([...table.optinDay]).toEqual([parseDay('2020-12-31'), MISSING_DAY, MISSING_DAY]);
    expect([table.countryCodes, [...table.countryIndex]]).toEqual([['us'], [0, -1, -1]]);
    expect(table.userEmail).toEqual(['', 'ann@example.com', '']);
  });
});

describe('liveAnswer', () => {
  it('gives per cent, tiers and reasons in the order sent', () => {
    const answer = liveAnswer([{ id: 'x' }, {}], {
      modelId: 'model-1',
      probabilities: Float32Array.of(0.5, 0.1234567),
      cutoffs: { A: 0.5, B: 0.3, C: 0.1 },
      reasons: [['For: a']],
    });
    expect(answer).toEqual({
      model_id: 'model-1',
      leads: [
        { id: 'x', score: 50, tier: 'A', reasons: ['For: a'] },
        { score: 12.3457, tier: 'C', reasons: [] },
      ],
    });
    expect(liveAnswerSchema.parse(answer)).toEqual(answer);
  });
});
