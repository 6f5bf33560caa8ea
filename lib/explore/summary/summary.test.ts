import { describe, expect, it } from 'vitest';
import { productPurchases } from '@/lib/crm/product-purchases';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { rawCrmOf } from '@/lib/testing/raw-crm-of';
import { SEGMENT_DIMENSIONS } from '../segments/dimensions';
import { wilsonInterval } from '../statistics/wilson-interval';
import { explorationOf } from './exploration';
import { edaSummary } from './summary';
import { edaSummarySchema } from './summary-schema';

const TABLE = joinedTableOf([
  {
    email: 'a@x.example',
    country: 'us',
    rating: 5,
    optin: '2020-12-31',
    tags: ['tag_lab', 'tag_talk'],
    bought: true,
  },
  { email: 'b@x.example', country: 'us', rating: 2, optin: '2018-06-08' },
  { email: 'c@x.example', country: 'in', rating: 2, tags: ['tag_lab'] },
  { email: 'd@x.example', rating: 2, optin: '2019-02-28' },
]);
const SHARE = { paretoShare: 0.8 };
const summaryOf = (table: ReturnType<typeof joinedTableOf>) =>
  edaSummary(explorationOf(table, { purchases: null, ...SHARE }), table, SHARE);

const group = (buyers: number, n: number) => ({
  n,
  buyers,
  conversion: buyers / n,
  conversion_low: wilsonInterval(buyers, n)?.low,
  conversion_high: wilsonInterval(buyers, n)?.high,
});
const none = { n: 0, buyers: 0, conversion: null, conversion_low: null, conversion_high: null };

describe('edaSummary', () => {
  const summary = summaryOf(TABLE);

  it('counts the list, and segments it by every dimension that the table knows', () => {
    expect(summary.totals).toEqual({
      n_subscribers: 4,
      n_buyers: 1,
      conversion: 0.25,
      n_countries: 2,
      n_country_missing: 1,
      n_tags: 2,
      first_optin: '2018-06-08',
      last_optin: '2020-12-31',
    });
    expect(summary.segments.map(({ dimension }) => dimension)).toEqual(
      SEGMENT_DIMENSIONS.filter((dimension) => dimension !== 'product'),
    );
    expect(summary.segments[0]).toEqual({
      dimension: 'country',
      sentence:
        '1 of 2 countries reaches 80 % of the sales with a known country; us leads with 1 sale (50.0 % bought); 25.0 % of the subscribers have none.',
      pareto_share: 0.8,
      levels_kept: ['us'],
      n_levels_left_out: 0,
      missing: group(0, 1),
      rows: [
        { level: 'us', ...group(1, 2), sales_share: 1, cumulative_sales_share: 1 },
        { level: 'in', ...group(0, 1), sales_share: 0, cumulative_sales_share: 1 },
      ],
    });
  });

  it('writes ratings with their trend at every age, tag counts and tags', () => {
    expect(summary.member_rating).toMatchObject({
      sentence:
        'Conversion runs from 0.0 % at rating 2 to 100.0 % at rating 5; rank correlation with purchase 1.00.',
      pearson: 1,
      spearman: 1,
      rows: [
        { member_rating: '1', ...none, share: 0 },
        { member_rating: '2', ...group(0, 3), share: 0.75 },
        { member_rating: '3', ...none, share: 0 },
        { member_rating: '4', ...none, share: 0 },
        { member_rating: '5', ...group(1, 1), share: 0.25 },
      ],
      trend: { n: 3, pearson: 1, p_value: expect.closeTo(0.157, 3) },
      by_age: { strata: [{ age: 'newest third' }, { age: 'middle third' }, { age: 'oldest third' }] },
    });
    expect(summary.tag_count).toMatchObject({
      sentence:
        'Buyers hold 2.0 tags on average, others 0.3; their 10, 50 and 90 % quantiles are 2, 2 and 2 against 0, 0 and 0.8.',
      by_purchase: [
        { made_purchase: 0, n: 3, mean: 1 / 3, p10: 0, p50: 0, p90: 0.8 },
        { made_purchase: 1, n: 1, mean: 2, p10: 2, p50: 2, p90: 2 },
      ],
    });
    expect(summary.tag_count.rows[2]).toEqual({
      tag_count: '2',
      ...group(1, 1),
      share_of_buyers: 1,
      share_of_others: 0,
    });
    expect(summary.tags).toMatchObject({
      rows: [
        { tag: 'tag_lab', ...group(1, 2), lift: 2, ratio: null },
        { tag: 'tag_talk', ...group(1, 1), lift: 4 },
      ],
      pairs: [],
    });
  });

  it('describes the first pair, and says whether the list is enough', () => {
    expect(summary.interactions.described[0]).toEqual({
      along: 'tag_count',
      up: 'member_rating',
      sentence: expect.stringContaining('number of tags and member rating'),
    });
    expect(summary.sufficiency).toMatchObject({
      is_enough: false,
      sentence: expect.stringMatching(/^Not enough: 1 buyers among 4 subscribers; about [\d,]+ more/),
    });
  });

  it('segments by product where purchases are at hand', () => {
    const { transactions } = rawCrmOf({
      subscribers: [],
      tags: [],
      transactions: [[1, '2020-01-01', 'A', 'A@x.example', 'US', 7]],
    });
    const purchases = productPurchases(TABLE, transactions);
    const exploration = explorationOf(TABLE, { purchases, ...SHARE });
    const product = edaSummary(exploration, TABLE, SHARE).segments.find(
      ({ dimension }) => dimension === 'product',
    );
    expect(product).toMatchObject({ levels_kept: ['7'], rows: [{ level: '7', n: 1 }], missing: { n: 3 } });
  });

  const everybody = (change: SubscriberRow): SubscriberRow[] => Array.from({ length: 40 }, () => change);

  it.each<[string, SubscriberRow[], string[]]>([
    [
      'no subscriber',
      [],
      [
        'No subscriber passes the filters.',
        'No subscriber has a rating from 1 to 5.',
        'No subscriber is counted.',
        'The file has no tags.',
      ],
    ],
    [
      'no buyer',
      everybody({ country: 'us', rating: 3, tags: ['tag_lab'] }),
      [
        'Nobody of the 1 country has bought; every subscriber has one.',
        'All rated subscribers have rating 3; 0.0 % of them bought.',
        'No subscriber has bought.',
        'Of 1 tag, tag_lab goes with buying most: 0.0 % of its 40 holders, against 0.0 % of all; no pair sells better than its better tag beyond chance.',
      ],
    ],
    [
      'only buyers',
      everybody({ country: 'us', rating: 3, tags: ['tag_lab'], bought: true }),
      [
        '1 of 1 country reaches 80 % of the sales with a known country; us leads with 40 sales (100.0 % bought); every subscriber has one.',
        'All rated subscribers have rating 3; 100.0 % of them bought.',
        'Every subscriber has bought.',
        'Of 1 tag, tag_lab goes with buying most: 100.0 % of its 40 holders, against 100.0 % of all; no pair sells better than its better tag beyond chance.',
      ],
    ],
    [
      'the same conversion at every rating',
      [...everybody({ rating: 3, bought: true }), ...everybody({ rating: 4, bought: true })],
      [
        'None of the 80 subscribers has a country.',
        'Conversion is 100.0 % at every rating.',
        'Every subscriber has bought.',
        'The file has no tags.',
      ],
    ],
  ])('words and parses %s', (_, rows, sentences) => {
    const found = summaryOf(joinedTableOf(rows));
    const { segments, member_rating, tag_count, tags } = found;
    expect([segments[0]?.sentence, member_rating.sentence, tag_count.sentence, tags.sentence]).toEqual(
      sentences,
    );
    expect(edaSummarySchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  it('holds nothing of a subscriber, nor a domain that fewer than ten people share', () => {
    const table = joinedTableOf([
      { id: 987654321, name: 'Canary Nameson', email: 'canary@secret.example', country: 'us', bought: true },
      { name: 'Second Canary', email: 'second.canary@secret.example', tags: ['tag_lab'] },
      ...Array.from({ length: 10 }, (_, i) => ({ email: `p${i}@shared.example` })),
    ]);
    const summary = summaryOf(table);
    expect(JSON.stringify(summary)).not.toMatch(/canary|secret|987654321/i);
    const domains = summary.segments.find(({ dimension }) => dimension === 'email_domain');
    expect(domains).toMatchObject({
      levels_kept: [],
      n_levels_left_out: 1,
      rows: [{ level: 'shared.example', n: 10 }],
      sentence:
        '1 of 2 e-mail domains reaches 80 % of the sales with a known e-mail domain; a rare one leads with 1 sale (50.0 % bought); every subscriber has one.',
    });
  });
});
