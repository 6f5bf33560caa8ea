import { beforeAll, describe, expect, it } from 'vitest';
import { crmBytes, DEMO_SEED, DEMO_SUBSCRIBERS } from '@/lib/demo/generate-crm';
import { databaseBytes } from '@/lib/testing/sqlite';
import { rebuiltProfile } from './explored-demo';
import { isRebuilt, type ProfileFigure } from './group-figures';

describe('the profile, rebuilt by the exploration from the demo file', () => {
  const bytes = crmBytes({ seed: DEMO_SEED, nSubscribers: DEMO_SUBSCRIBERS });
  let figures: readonly ProfileFigure[] = [];
  beforeAll(async () => {
    figures = await rebuiltProfile(bytes);
  });

  it('has every figure as it was planted, and as the profile has it', () => {
    expect(figures.filter((figure) => !isRebuilt(figure))).toEqual([]);
    expect(figures.length).toBeGreaterThan(400);
  });

  it('tells when the list is not the one of the profile', async () => {
    const changed = await databaseBytes(
      'UPDATE Subscribers SET member_rating = 3 WHERE rowid % 5 = 0;',
      bytes,
    );
    const breached = (await rebuiltProfile(changed)).filter((figure) => !isRebuilt(figure));
    expect(breached.map(({ figure }) => figure)).toContain('rating 3: subscribers');
  });
});
