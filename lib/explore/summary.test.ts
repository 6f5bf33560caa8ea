import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { edaSummary, edaSummarySchema } from './summary';
import { wilsonInterval } from './wilson-interval';

const TABLE = joinedTableOf([
  { country: 'us', rating: 5, optin: '2020-12-31', tags: ['tag_lab', 'tag_talk'], bought: true },
  { country: 'us', rating: 2, optin: '2018-06-08' },
  { country: 'in', rating: 2, tags: ['tag_lab'] },
  { rating: 2, optin: '2019-02-28' },
]);

const group = (buyers: number, n: number) => ({
  n,
  buyers,
  conversion: buyers / n,
  conversion_low: wilsonInterval(buyers, n)?.low,
  conversion_high: wilsonInterval(buyers, n)?.high,
});
const none = { n: 0, buyers: 0, conversion: null, conversion_low: null, conversion_high: null, share: 0 };

describe('edaSummary', () => {
  it('sums up a small table, whole', () => {
    expect(edaSummary(TABLE, { paretoShare: 0.8 })).toEqual({
      version: 1,
      totals: {
        n_subscribers: 4,
        n_buyers: 1,
        conversion: 0.25,
        n_countries: 2,
        n_country_missing: 1,
        n_tags: 2,
        first_optin: '2018-06-08',
        last_optin: '2020-12-31',
      },
      country: {
        sentence:
          '1 of 2 countries holds 80 % of the sales of known country; 25.0 % of the subscribers have none.',
        pareto_share: 0.8,
        levels_kept: ['us'],
        rows: [
          { country_code: 'us', ...group(1, 2), sales_share: 1, cumulative_sales_share: 1 },
          { country_code: 'in', ...group(0, 1), sales_share: 0, cumulative_sales_share: 1 },
          { country_code: null, ...group(0, 1), sales_share: null, cumulative_sales_share: null },
        ],
      },
      member_rating: {
        sentence:
          'Conversion runs from 0.0 % at rating 2 to 100.0 % at rating 5; rank correlation with purchase 1.00.',
        pearson: 1,
        spearman: 1,
        rows: [
          { member_rating: '1', ...none },
          { member_rating: '2', ...group(0, 3), share: 0.75 },
          { member_rating: '3', ...none },
          { member_rating: '4', ...none },
          { member_rating: '5', ...group(1, 1), share: 0.25 },
        ],
      },
      tag_count: {
        sentence:
          'Buyers hold 2.0 tags on average, others 0.3; their 10, 50 and 90 % quantiles are 2, 2 and 2 against 0, 0 and 0.8.',
        by_purchase: [
          { made_purchase: 0, n: 3, mean: 1 / 3, p10: 0, p50: 0, p90: 0.8 },
          { made_purchase: 1, n: 1, mean: 2, p10: 2, p50: 2, p90: 2 },
        ],
      },
      tags: {
        sentence: '2 tags; tag_lab is held most, by 2 subscribers.',
        rows: [
          { tag: 'tag_lab', holders: 2, buyers: 1, conversion: 0.5, lift: 2 },
          { tag: 'tag_talk', holders: 1, buyers: 1, conversion: 1, lift: 4 },
        ],
      },
    });
  });

  const everybody = (change: SubscriberRow): SubscriberRow[] => Array.from({ length: 40 }, () => change);

  it.each<[string, SubscriberRow[], string[]]>([
    [
      'no subscriber',
      [],
      [
        'No subscriber has a country.',
        'No subscriber has a rating from 1 to 5.',
        'No subscriber is counted.',
        'The file has no tags.',
      ],
    ],
    [
      'no buyer',
      everybody({ country: 'us', rating: 3, tags: ['tag_lab'] }),
      [
        'No subscriber of the 1 country has bought; every subscriber has one.',
        'All rated subscribers have rating 3; 0.0 % of them bought.',
        'No subscriber has bought.',
        '1 tag; tag_lab is held most, by 40 subscribers.',
      ],
    ],
    [
      'only buyers',
      everybody({ country: 'us', rating: 3, tags: ['tag_lab'], bought: true }),
      [
        '1 of 1 country holds 80 % of the sales of known country; every subscriber has one.',
        'All rated subscribers have rating 3; 100.0 % of them bought.',
        'Every subscriber has bought.',
        '1 tag; tag_lab is held most, by 40 subscribers; holders of tag_lab convert best, 100.0 % against 100.0 % of all.',
      ],
    ],
    [
      'the same conversion at every rating',
      [...everybody({ rating: 3, bought: true }), ...everybody({ rating: 4, bought: true })],
      [
        'No subscriber has a country.',
        'Conversion is 100.0 % at every rating.',
        'Every subscriber has bought.',
        'The file has no tags.',
      ],
    ],
  ])('words and parses %s', (_, rows, sentences) => {
    const summary = edaSummary(joinedTableOf(rows), { paretoShare: 0.8 });
    const { country, member_rating, tag_count, tags } = summary;
    expect([country.sentence, member_rating.sentence, tag_count.sentence, tags.sentence]).toEqual(sentences);
    expect(edaSummarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  });

  it('holds nothing of a subscriber', () => {
    const table = joinedTableOf([
      { id: 987654321, name: 'Canary Nameson', email: 'canary@secret.example', country: 'us', bought: true },
      { name: 'Second Canary', email: 'second.canary@secret.example', tags: ['tag_lab'] },
    ]);
    expect(JSON.stringify(edaSummary(table, { paretoShare: 0.8 }))).not.toMatch(/canary|secret|987654321/i);
  });
});
