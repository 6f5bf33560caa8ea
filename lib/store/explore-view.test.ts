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
};

describe('addressOf', () => {
  it('is empty for what the page opens with, and reads back whole', () => {
    expect(addressOf(WHOLE_VIEW)).toBe('');
    expect(exploreViewOf('')).toEqual(WHOLE_VIEW);
    expect(exploreViewOf(addressOf(VIEW))).toEqual(VIEW);
    expect(addressOf({ ...WHOLE_VIEW, filters: VIEW.filters.slice(0, 1) })).toBe('country=us&country=de');
  });

  it('passes over what makes no sense', () => {
    expect(
      exploreViewOf('country=&by=nothing&along=product&nonsense=1&country=us&country=us&%E0%A4%A=1'),
    ).toEqual({
      ...WHOLE_VIEW,
      filters: [{ dimension: 'country', levels: ['us'] }],
    });
  });
});
