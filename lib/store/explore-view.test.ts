import { describe, expect, it } from 'vitest';
import { addressOf, type ExploreView, exploreViewOf, WHOLE_VIEW } from './explore-view';

const VIEW: ExploreView = {
  filters: [
    { dimension: 'country', levels: ['us', 'de'] },
    { dimension: 'email_domain', levels: ['a&b=c.example', 'ü.example'] },
    { dimension: 'product', levels: ['(missing)'] },
    { dimension: 'tag_webinar', levels: ['with'] },
  ],
  dimension: 'tag',
  pair: { along: 'optin_month', up: 'tag_webinar' },
  driftRanges: { reference: { from: 17_000, to: 18_000 }, current: { from: 18_100, to: 18_100 } },
  driftColumn: 'country_code',
};

describe('addressOf', () => {
  it('is empty for what the page opens with, and reads back whole', () => {
    expect(addressOf(WHOLE_VIEW)).toBe('');
    expect(exploreViewOf('')).toEqual(WHOLE_VIEW);
    expect(exploreViewOf(addressOf(VIEW))).toEqual(VIEW);
    expect(addressOf({ ...WHOLE_VIEW, driftRanges: VIEW.driftRanges })).toBe(
      'reference=2016-07-18..2019-04-14&current=2019-07-23..2019-07-23',
    );
    expect(addressOf({ ...WHOLE_VIEW, filters: VIEW.filters.slice(0, 1) })).toBe('country=us&country=de');
  });

  it('passes over what makes no sense', () => {
    expect(
      exploreViewOf('country=&by=nothing&along=product&nonsense=1&country=us&country=us&%E0%A4%A=1'),
    ).toEqual({
      ...WHOLE_VIEW,
      filters: [{ dimension: 'country', levels: ['us'] }],
    });
    for (const ranges of [
      'reference=2020-01-01..2020-02-01',
      'reference=2020-01-01..2020-02-30&current=2020-03-01..2020-03-02',
      'reference=2020-01-01..2020-02-01&current=2020-02-01..2020-03-02',
      'reference=2020-02-01..2020-01-01&current=2020-03-01..2020-03-02',
    ]) {
      expect(exploreViewOf(ranges)).toEqual(WHOLE_VIEW);
    }
  });
});
