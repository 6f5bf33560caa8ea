import { afterEach, describe, expect, it } from 'vitest';
import { formatDay } from '@/lib/core/day';
import { sha256Hex } from '@/lib/core/digest';
import { randomSource } from '@/lib/core/random';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { type PreparedDataset, prepareDataset } from './prepare-dataset';
import { specDigest, specJson } from './spec-json';

/** An invented list with every kind of row; names, addresses and ids carry a mark that must not come through. */
function inventedRows(nRows: number): SubscriberRow[] {
  const random = randomSource(7);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: nRows }, (_, i) => ({
    id: 870_000_001 + i,
    name: `Canary Person ${i}`,
    email: `canary.${i % (nRows - 20)}@${one(['gmail.com', 'hotmail.com', 'canary.example'])}`,
    rating: one([1, 2, 2, 2, 3, 4, 5, Number.NaN]),
    optin: random() < 0.05 ? undefined : formatDay(17_690 + Math.floor(random() * 937)),
    country: one(['us', 'us', 'in', 'uk', 'au', 'zw', undefined]),
    tags: ['tag_lab', 'tag_lab_01', 'tag_talk'].filter(() => random() < 0.3),
    bought: random() < 0.1,
  }));
}

function prepared(rows: readonly SubscriberRow[], seed = 42): PreparedDataset {
  const result = prepareDataset({ table: joinedTableOf(rows), paretoShare: 0.8, seed });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const digestOf = ({ spec, dataset }: PreparedDataset): string =>
  [
    specDigest(spec),
    sha256Hex(new Uint8Array(dataset.matrix.values.buffer)),
    sha256Hex(dataset.labels),
    sha256Hex(dataset.split),
  ].join(' ');

describe('prepareDataset', () => {
  it('splits, fits and encodes', () => {
    const { spec, dataset, summary } = prepared(inventedRows(1000));
    expect(dataset.matrix.featureNames).toEqual(spec.features.map((feature) => feature.name));
    expect(dataset.matrix.values).toHaveLength(1000 * 14);
    expect(summary.parts.map(({ part, n }) => [part, n])).toEqual([
      ['train', 600],
      ['validation', 200],
      ['test', 200],
    ]);
    expect(summary.parts.reduce((sum, { buyers }) => sum + buyers, 0)).toBe(
      dataset.labels.reduce((sum, label) => sum + label, 0),
    );
    expect(summary.features).toHaveLength(14);
    expect(summary.features[0]).toMatchObject({ name: 'optin_days', min: 0 });
    expect(summary.notes.map((note) => note.code)).toContain('countries_as_other');
  });

  it('gives the same bytes for the same file and seed, and other ones for another seed', () => {
    const rows = inventedRows(400);
    expect(digestOf(prepared(rows))).toBe(digestOf(prepared(rows)));
    expect(digestOf(prepared(rows, 43))).not.toBe(digestOf(prepared(rows)));
  });

  it('holds nothing of a subscriber', () => {
    const { spec, dataset, summary } = prepared(inventedRows(400));
    const text = specJson(spec) + JSON.stringify(summary) + JSON.stringify(dataset);
    expect(text).not.toMatch(/canary|person|@|870000/i);
  });

  it.each(['gmail.com', 'hotmail.com'])('knows the published provider %s as free', (domain) => {
    expect(prepared(inventedRows(400)).spec.freeEmailDomains).toContain(domain);
  });

  it('passes on what cannot be split or fitted', () => {
    const few = prepareDataset({ table: joinedTableOf(inventedRows(21)), paretoShare: 0.8, seed: 1 });
    expect(few).toMatchObject({ ok: false, error: { code: 'class_too_small' } });
    const undated = inventedRows(400).map((row) => ({ ...row, optin: undefined }));
    const unfit = prepareDataset({ table: joinedTableOf(undated), paretoShare: 0.8, seed: 1 });
    expect(unfit).toMatchObject({ ok: false, error: { code: 'optin_all_missing' } });
  });

  it('does not share the labels with the table, so that handing them over leaves the table whole', () => {
    const table = joinedTableOf(inventedRows(400));
    const result = prepareDataset({ table, paretoShare: 0.8, seed: 1 });
    expect(result.ok && result.value.dataset.labels).toEqual(table.madePurchase);
    expect(result.ok && result.value.dataset.labels.buffer).not.toBe(table.madePurchase.buffer);
  });
});

describe('prepareDataset in any time zone', () => {
  const before = process.env.TZ;
  afterEach(() => {
    process.env.TZ = before ?? 'UTC';
  });

  it('gives the same bytes', () => {
    const rows = inventedRows(300);
    const zones = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu'];
    const seen = zones.map((zone) => {
      process.env.TZ = zone;
      return { offset: new Date(1_600_000_000_000).getTimezoneOffset(), digest: digestOf(prepared(rows)) };
    });
    expect(seen.map(({ offset }) => offset)).toEqual([0, -840, 420, -345]);
    expect(new Set(seen.map(({ digest }) => digest)).size).toBe(1);
  });
});
