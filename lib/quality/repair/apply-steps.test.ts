import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { joinSubscribers } from '@/lib/crm/join';
import type { RawCrm } from '@/lib/crm/raw-crm';
import { fileRow } from '@/lib/crm/raw-rows';
import { rawCrmOf, rowsOf } from '@/lib/testing/raw-crm-of';
import { validate } from '../run-suites';
import { leftOutInAll, repaired } from './apply-steps';
import { offeredSteps } from './offered-steps';
import { parseRepairSteps, type RepairStep, repairStepsJson, repairStepsSchema } from './repair-step';
import { outcomeText, stepText } from './step-sentence';

/** Ann stands three times under one address in several spellings; Bob's rating is impossible; row 5 has no address. */
const ROWS = {
  subscribers: [
    [1, 'Ann', ' ann@x.example ', 3, '2020-01-01', 'US'],
    [2, 'Bob', 'bob@x.example', 7, '2020-01-02', 'us'],
    [3, 'Ann', 'Ann@X.example', 5, '2020-03-01', 'de'],
    [4, 'Ann', 'ann@x.example', 5, null, 'de '],
    [5, 'Cem', null, 2, '2020-01-04', null],
    [6, 'Dee', 'dee@x.example', 4, '2020-01-05', 'fr'],
  ],
  tags: [
    [1, 'a'],
    [1, 'b'],
    [3, 'a'],
    [2, 'a'],
    [4, 'c'],
    [4, 'c'],
    [99, 'a'],
    [6, ' '],
  ],
  transactions: [
    [1, '2020-02-01', 'Ann', 'ANN@x.example', 'US', 1],
    [2, '2020-02-01', 'Bob', 'bob@x.example', 'US', 1],
    [2, '2020-02-01', 'Bob', 'Bob@x.example', 'US', 1],
    [2, '2020-02-02', 'Dee', 'dee@x.example', 'FR', 1],
  ],
} as const;

const assetSchema = z.object({ data_asset_name: z.string() });

const quarantineOf = (table: 'Subscribers' | 'Tags' | 'subscribers_joined', type: string, kwargs: object) =>
  ({ type: 'quarantine', table, expectation: { type, kwargs, severity: 'critical' } }) as RepairStep;

function stepped(raw: RawCrm, ...steps: readonly RepairStep[]) {
  const done = repaired(raw, steps);
  if (!done.ok) throw new Error(done.error.message);
  return done.value;
}

describe.each([{ coded: false }, { coded: true }])('repaired, columns coded: $coded', ({ coded }) => {
  const raw = rawCrmOf(ROWS, { coded });

  it('changes nothing without steps, and never the tables given', () => {
    const before = rowsOf(raw.subscribers);
    expect(stepped(raw).raw).toBe(raw);
    stepped(raw, { type: 'trim', table: 'Subscribers', column: 'user_email' });
    stepped(raw, { type: 'merge_subscribers', keep: 'first' });
    expect(rowsOf(raw.subscribers)).toEqual(before);
  });

  it('trims and folds texts, and counts the cells it wrote', () => {
    const { raw: trimmed, outcomes } = stepped(
      raw,
      { type: 'trim', table: 'Subscribers', column: 'user_email' },
      { type: 'trim', table: 'Subscribers', column: 'country_code' },
      { type: 'fold_case', table: 'Subscribers', column: 'country_code' },
    );
    expect(outcomes.map(({ nChanged }) => nChanged)).toEqual([1, 1, 1]);
    expect(rowsOf(trimmed.subscribers).map((row) => row[5])).toEqual(['us', 'us', 'de', 'de', null, 'fr']);
    expect(rowsOf(trimmed.subscribers)[0]![2]).toBe('ann@x.example');
    expect(trimmed.tags).toBe(raw.tags);
  });

  it('keeps one subscriber an address by the rule, with the tags of all', () => {
    const kept = (keep: 'newest_optin' | 'first' | 'highest_rating') => {
      const { raw: merged, outcomes } = stepped(raw, { type: 'merge_subscribers', keep });
      return {
        ids: rowsOf(merged.subscribers).map((row) => row[0]),
        tags: rowsOf(merged.tags).map((row) => row.join(' ')),
        outcome: outcomes[0],
      };
    };
    // Ids 1 and 4 go to 3, which has tag a already; c stands twice and stays once.
    expect(kept('newest_optin')).toMatchObject({
      ids: [2, 3, 5, 6],
      tags: ['3 b', '3 a', '2 a', '3 c', '99 a', '6  '],
      outcome: { nChanged: 2, leftOut: { Subscribers: 2, Tags: 2, Transactions: 0 } },
    });
    expect(kept('first').ids).toEqual([1, 2, 5, 6]);
    // Rows 3 and 4 are rated alike: the earlier stays.
    expect(kept('highest_rating').ids).toEqual([2, 3, 5, 6]);
  });

  it('remembers the rows of the file through several steps', () => {
    const { raw: left } = stepped(
      raw,
      { type: 'merge_subscribers', keep: 'newest_optin' },
      quarantineOf('Subscribers', 'expect_column_values_to_be_between', {
        column: 'member_rating',
        min_value: 1,
        max_value: 5,
      }),
    );
    const rows = rowsOf(left.subscribers).map((_, row) => fileRow(left.subscribers, row));
    expect(rows).toEqual([2, 4, 5]);
  });

  it('takes the tags and purchases of nobody else along with a subscriber', () => {
    const { raw: left, outcomes } = stepped(
      raw,
      quarantineOf('Subscribers', 'expect_column_values_to_be_between', {
        column: 'member_rating',
        min_value: 1,
        max_value: 5,
      }),
    );
    expect(outcomes[0]).toMatchObject({ leftOut: { Subscribers: 1, Tags: 1, Transactions: 2 } });
    expect(rowsOf(left.transactions).map((row) => row[3])).toEqual(['ANN@x.example', 'dee@x.example']);
  });

  it('keeps the purchases of an address that another row has too', () => {
    const { raw: left } = stepped(
      raw,
      quarantineOf('Subscribers', 'expect_column_values_to_be_in_set', {
        column: 'mailchimp_id',
        value_set: [2, 3, 4, 5, 6],
      }),
    );
    expect(rowsOf(left.transactions)).toHaveLength(4);
    expect(rowsOf(left.tags).map((row) => row[0])).toEqual([3, 2, 4, 4, 99, 6]);
  });

  it('leaves out rows by a check of the joined table', () => {
    const { raw: left } = stepped(
      raw,
      quarantineOf('subscribers_joined', 'expect_column_values_to_be_in_set', {
        column: 'country_code',
        value_set: ['us', 'de'],
      }),
    );
    expect(rowsOf(left.subscribers).map((row) => row[0])).toEqual([1, 2, 3, 4, 5]);
  });

  it('drops repeats of a tag and of a purchase, but no other buyer with the same transaction_id', () => {
    const { raw: left, outcomes } = stepped(
      raw,
      { type: 'drop_repeats', table: 'Tags' },
      { type: 'drop_repeats', table: 'Transactions' },
    );
    expect(rowsOf(left.tags)).toHaveLength(7);
    expect(rowsOf(left.transactions).map((row) => row[3])).toEqual([
      'ANN@x.example',
      'bob@x.example',
      'dee@x.example',
    ]);
    expect(leftOutInAll(outcomes)).toEqual({ Subscribers: 0, Tags: 1, Transactions: 1 });
  });

  it('loses no buyer by merging, whatever the rule', () => {
    for (const keep of ['newest_optin', 'first', 'highest_rating'] as const) {
      const joined = joinSubscribers(stepped(raw, { type: 'merge_subscribers', keep }).raw);
      if (!joined.ok) throw new Error(joined.error.message);
      expect(joined.value.report).toMatchObject({ nBuyers: 3, nRepeatedEmails: 0 });
      expect(joined.value.table.tagCount.reduce((a, b) => a + b)).toBe(4);
    }
  });

  it('offers what would change something, with counts, and nothing once it is done', () => {
    const offers = offeredSteps(raw);
    expect(offers.map(({ step, n }) => [step.type, n])).toEqual([
      ['trim', 1],
      ['trim', 1],
      ['trim', 1],
      ['fold_case', 1],
      ['merge_subscribers', 2],
      ['drop_repeats', 1],
      ['drop_repeats', 1],
    ]);
    const { raw: mended, outcomes } = stepped(raw, ...offers.map(({ step }) => step));
    expect(offeredSteps(mended)).toEqual([]);
    expect(outcomes.map(outcomeText)).toContain('2 subscribers and 2 tag rows left out; 2 tag rows moved');
  });
});

describe('repaired', () => {
  it('refuses a quarantine by a check that names no rows', () => {
    const step = quarantineOf('Subscribers', 'expect_column_mean_to_be_between', { column: 'member_rating' });
    expect(repaired(rawCrmOf(ROWS), [step])).toMatchObject({ error: { code: 'quarantine_not_judged' } });
    const gone = quarantineOf('Subscribers', 'expect_column_values_to_not_be_null', { column: 'nonesuch' });
    expect(repaired(rawCrmOf(ROWS), [gone])).toMatchObject({ error: { code: 'quarantine_not_judged' } });
  });

  it('leaves an empty table alone', () => {
    const empty = rawCrmOf({ subscribers: [], tags: [], transactions: [] });
    expect(offeredSteps(empty)).toEqual([]);
    expect(stepped(empty, { type: 'merge_subscribers', keep: 'first' }).raw).toBe(empty);
  });

  it('opens the gate once the failing rows of every critical check are out', () => {
    const raw = rawCrmOf(ROWS);
    const judged = (of: RawCrm) => {
      const joined = joinSubscribers(of);
      if (!joined.ok) throw new Error(joined.error.message);
      return validate({ raw: of, ...joined.value, newestDay: 20_000 });
    };
    const steps = judged(raw).suites.flatMap(({ results, meta }) =>
      results.flatMap(({ success, expectation_config: { type, kwargs, severity }, result }): RepairStep[] =>
        success || severity !== 'critical' || result.unexpected_count === undefined
          ? []
          : [
              quarantineOf(
                assetSchema.parse(meta.active_batch_definition).data_asset_name as 'Tags',
                type,
                kwargs,
              ),
            ],
      ),
    );
    expect(steps).toHaveLength(3);
    const failed = judged(stepped(raw, ...steps).raw).suites.flatMap(({ results }) =>
      results.filter(
        ({ success, expectation_config }) => !success && expectation_config.severity === 'critical',
      ),
    );
    // What is left is about the whole list: two of four have bought.
    expect(failed.map(({ expectation_config }) => expectation_config.type)).toEqual([
      'expect_column_mean_to_be_between',
    ]);
  });
});

describe('validate after steps', () => {
  it('names rows by their place in the file', () => {
    const raw = rawCrmOf({
      ...ROWS,
      subscribers: ROWS.subscribers.map((row, i) =>
        i === 5 ? [6, 'Dee', 'no address', 4, '2020-01-05', 'fr'] : row,
      ),
    });
    const left = stepped(
      raw,
      quarantineOf('Subscribers', 'expect_column_values_to_be_between', {
        column: 'member_rating',
        max_value: 5,
      }),
    ).raw;
    const joined = joinSubscribers(left);
    if (!joined.ok) throw new Error(joined.error.message);
    const { gate } = validate({ raw: left, ...joined.value, newestDay: 20_000 });
    expect(gate.reasons).toContain(
      'Subscribers.user_email: 1 of 5 values are not well-formed e-mail addresses, the first in row 6.',
    );
  });
});

describe('repair_steps.json', () => {
  it('reads back what it writes, and refuses what is no step', () => {
    const steps: RepairStep[] = [
      { type: 'trim', table: 'Tags', column: 'tag' },
      { type: 'merge_subscribers', keep: 'first' },
      quarantineOf('Tags', 'expect_column_values_to_not_be_null', { column: 'tag' }),
    ];
    expect(repairStepsSchema.parse(JSON.parse(repairStepsJson(steps)))).toEqual({ version: 1, steps });
    const wrong = { version: 1, steps: [{ type: 'trim', table: 'Tags', column: 'user_email' }] };
    expect(repairStepsSchema.safeParse(wrong).success).toBe(false);
    const unknown = quarantineOf('Tags', 'expect_the_unexpected', {});
    expect(parseRepairSteps('steps.json', repairStepsJson([unknown]))).toMatchObject({
      error: { code: 'steps_unreadable', message: expect.stringContaining('there is no such expectation') },
    });
    const misfit = quarantineOf('Tags', 'expect_column_values_to_be_between', { column: 'tag', most: 3 });
    expect(parseRepairSteps('steps.json', repairStepsJson([misfit])).ok).toBe(false);
  });

  it('says each step in words', () => {
    expect(stepText({ type: 'trim', table: 'Tags', column: 'tag' })).toBe('Trim white space around Tags.tag');
    const step = quarantineOf('Tags', 'expect_column_values_to_not_be_null', { column: 'tag' });
    expect(stepText(step)).toBe('Leave out rows of Tags that fail expect_column_values_to_not_be_null(tag)');
  });
});
