import { beforeAll, describe, expect, it } from 'vitest';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { crmBytes } from '@/lib/demo/generate-crm';
import { BROKEN_CRMS, NEWEST_DAY, rejoined } from '@/lib/testing/broken-crms';
import { loadSqlJs } from '@/lib/testing/sqlite';
import type { CrmTables } from './crm-batches';
import { failureSeverity } from './gate';
import { type CheckPlace, failingRowsOf, validate } from './run-suites';
import type { ValidationResults } from './suite-result';

const N_SOUND = 40;
/** Sound lists that are broken in turn. */
const N_BROKEN_SEEDS = 4;

const sqlJs = await loadSqlJs();

function generated(seed: number, nSubscribers: number): CrmTables {
  const opened = openCrm(sqlJs, crmBytes({ seed, nSubscribers }));
  if (!opened.ok) throw new Error(opened.error.message);
  const raw = readCrm(opened.value);
  closeCrm(opened.value);
  if (!raw.ok) throw new Error(raw.error.message);
  return rejoined(raw.value);
}

const judged = (tables: CrmTables) => ({ ...tables, newestDay: NEWEST_DAY });

function failures({ suites }: ValidationResults) {
  return suites.flatMap(({ suite_name: suite, results }) =>
    results.flatMap((result, index) => (result.success ? [] : [{ suite, index, result }])),
  );
}

function placeOf(
  { suites }: ValidationResults,
  [suite, type, column]: (typeof BROKEN_CRMS)[number]['check'],
): CheckPlace {
  const results = suites.find(({ suite_name }) => suite_name === suite)?.results ?? [];
  const index = results.findIndex(
    ({ expectation_config: config }) =>
      config.type === type && (column === undefined || config.kwargs.column === column),
  );
  if (index < 0) throw new Error(`There is no check ${type} of ${column} in ${suite}`);
  return { suite, index };
}

describe('lists that break one rule in one place', () => {
  const sound: { readonly tables: CrmTables; readonly results: ValidationResults }[] = [];
  beforeAll(() => {
    for (let i = 0; i < N_BROKEN_SEEDS; i++) {
      const tables = generated(100 + i, 1_000 + 150 * i);
      sound.push({ tables, results: validate(judged(tables)) });
    }
  }, 60_000);

  it('are forty or more', () => {
    expect(BROKEN_CRMS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(BROKEN_CRMS.map(({ what }) => what)).size).toBe(BROKEN_CRMS.length);
  });

  it.each(BROKEN_CRMS.map((broken, i) => [broken.what, broken, i] as const))('%s', (_, broken, i) => {
    const { tables, results: before } = sound[i % N_BROKEN_SEEDS]!;
    const changed = broken.breaks(tables);
    const after = validate(judged(changed));
    const place = placeOf(after, broken.check);
    const failed = failures(after);
    const isNamed = ({ suite, index }: CheckPlace) => suite === place.suite && index === place.index;

    expect(failed.filter(isNamed)).toHaveLength(1);
    const critical = failed.filter(({ result }) => failureSeverity(result) === 'critical');
    expect(critical.map(({ suite, index }) => ({ suite, index }))).toEqual(broken.isCritical ? [place] : []);
    expect(after.gate.open).toBe(!broken.isCritical);

    const foundBefore = new Set(
      failures(before).some(isNamed) ? failingRowsOf(judged(tables), place)?.rows : [],
    );
    const found = failingRowsOf(judged(changed), place);
    const added = found === null ? null : [...found.rows].filter((row) => !foundBefore.has(row));
    expect(added).toEqual(broken.planted?.(tables) ?? null);
  });
});

describe('sound lists', () => {
  it.each(Array.from({ length: N_SOUND }, (_, i) => [i + 1, 1_000 + 11 * i] as const))(
    'open the gate: seed %i, %i subscribers',
    (seed, nSubscribers) => {
      const { gate } = validate(judged(generated(seed, nSubscribers)));
      expect(gate).toMatchObject({ open: true, n_critical: 0 });
    },
  );
});
