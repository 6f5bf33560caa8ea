import { describe, expect, it } from 'vitest';
import type { TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { BOUGHT_SQL, preparedCrm } from '@/lib/testing/prepared-crm';
import { suspectsSentence } from './sentences';
import { certainLeaks, leakageSuspects, type SuspectReport } from './suspects';

const suspectsOf = async (options: Parameters<typeof preparedCrm>[0]) => {
  const { spec, dataset } = await preparedCrm(options);
  return leakageSuspects(spec, dataset);
};
const gradedByData = ({ suspects }: SuspectReport) =>
  suspects.filter(({ reasons }) => reasons.some(({ basis }) => basis === 'data')).map(({ id }) => id);
/** Give a tag to so many of a hundred buyers, and of a thousand others. */
const tagSql = (tag: string, ofHundredBuyers: number, ofThousandOthers: number) =>
  `INSERT INTO Tags SELECT mailchimp_id, '${tag}' FROM Subscribers WHERE
    (${BOUGHT_SQL} AND (rowid * 7919) % 100 < ${ofHundredBuyers}) OR
    (NOT ${BOUGHT_SQL} AND (rowid * 104729) % 1000 < ${ofThousandOthers})`;

describe('leakageSuspects, with a leak planted in an invented list', () => {
  it('names a tag given by the purchase to 95 % of the buyers and 1 % of the others, for certain', async () => {
    const report = await suspectsOf({ nSubscribers: 3_000, seed: 3, sql: tagSql('welcome pack', 95, 10) });
    expect(report.suspects[0]).toMatchObject({ id: 'tag_welcome_pack', grade: 'certain' });
    expect(gradedByData(report)).toEqual(['tag_welcome_pack']);
    expect(certainLeaks(report)).toEqual([
      { feature: 'tag_welcome_pack', reason: report.suspects[0]?.reasons[0]?.text },
    ]);
    expect(report.suspects[0]?.features).toEqual(['tag_welcome_pack', 'tag_count', 'tag_count_by_optin_day']);
    expect(suspectsSentence(report)).toBe(
      'tag_welcome_pack: knows of the purchase, as good as certain; 3 are possible by what they are.',
    );
  });

  it('names a rating that the purchase bumps to 5, as likely', async () => {
    const sql = `UPDATE Subscribers SET member_rating = 5 WHERE ${BOUGHT_SQL}`;
    const report = await suspectsOf({ nSubscribers: 3_000, seed: 3, sql });
    expect(report.suspects[0]).toMatchObject({ id: 'member_rating', grade: 'likely' });
    expect(gradedByData(report)).toEqual(['member_rating']);
  });

  it('names a tag that is the target but for 1 %, for certain, before a likely rating', async () => {
    const sql = `${tagSql('segment b', 99, 1)}; UPDATE Subscribers SET member_rating = 5 WHERE ${BOUGHT_SQL};`;
    const report = await suspectsOf({ nSubscribers: 3_000, seed: 3, sql });
    expect(report.suspects.slice(0, 3)).toMatchObject([
      { id: 'tag_segment_b', grade: 'certain' },
      { id: 'group:all that are certain or likely', grade: 'certain' },
      { id: 'member_rating', grade: 'likely' },
    ]);
    expect(suspectsSentence(report)).toMatch(/^tag_segment_b, member_rating: these know of the purchase/);
  });

  it('names a rare tag that buyers alone hold', async () => {
    const report = await suspectsOf({ nSubscribers: 6_000, seed: 3, sql: tagSql('vip lounge', 30, 0) });
    expect(report.suspects[0]).toMatchObject({ id: 'tag_vip_lounge', grade: 'certain' });
    expect(report.suspects[0]?.reasons.map(({ basis }) => basis)).toEqual(['data', 'nature', 'nature']);
  });

  it('grades nothing by data in clean lists', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const report = await suspectsOf({ nSubscribers: seed % 2 === 0 ? 2_000 : 5_000, seed });
      expect(gradedByData(report), `seed ${seed}`).toEqual([]);
      expect(
        report.suspects.map(({ id, grade }) => [id, grade]),
        `seed ${seed}`,
      ).toEqual([
        ['member_rating', 'possible'],
        ['group:all tags and their counts', 'possible'],
        ['group:counts of tags', 'possible'],
      ]);
    }
  });
});

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: [],
  features: [{ name: 'tag_a', kind: 'numeric', source: { type: 'tag', tag: 'tag_a' } }],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};
/** One feature; every fifth row is a test row. */
const datasetOf = (values: readonly number[], labels: readonly number[]): TrainingDataset => ({
  matrix: { values: Float32Array.from(values), nRows: values.length, featureNames: ['tag_a'] },
  labels: Uint8Array.from(labels),
  split: Uint8Array.from(values, (_, row) => (row % 5 === 4 ? 2 : row % 5 === 3 ? 1 : 0)),
});

describe('leakageSuspects, in the small', () => {
  it('grades nothing by data with few buyers, with none, or with no rows', () => {
    const few = datasetOf([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    const one = datasetOf([1, 0, 1, 0], [0, 0, 0, 0]);
    for (const dataset of [few, one, datasetOf([], [])]) {
      expect(gradedByData(leakageSuspects(SPEC, dataset))).toEqual([]);
    }
  });

  it('does not look at test rows', () => {
    const rows = Array.from({ length: 500 }, (_, row) => row);
    const labels = rows.map((row) => Number(row % 4 === 0));
    // The tag is the target on the test rows alone.
    const values = rows.map((row) => (row % 5 === 4 ? labels[row]! : row % 3 === 0 ? 1 : 0));
    const { suspects, nRows } = leakageSuspects(SPEC, datasetOf(values, labels));
    expect(nRows).toBe(400);
    expect(suspects.map(({ grade }) => grade)).toEqual(['possible']);
  });

  it('takes a target that is missing from the others for a leak too', () => {
    const rows = Array.from({ length: 500 }, (_, row) => row);
    const labels = rows.map((row) => Number(row % 4 === 0));
    const spec: FeatureSpec = {
      ...SPEC,
      features: [{ name: 'tag_a', kind: 'ordinal', source: { type: 'member_rating' } }],
    };
    const values = rows.map((row) => (labels[row] === 1 ? (row % 5) + 1 : -999));
    const [rating] = leakageSuspects(spec, datasetOf(values, labels)).suspects;
    expect(rating?.grade).toBe('certain');
  });
});
