import { fail, type Result, succeed } from '@/lib/core/result';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import type { TrialColumn, TrialValue } from './cockpit-columns';

/** Whether a trial is shown. */
export type TrialFilter = (trial: TrialRecord) => boolean;

const OPERATORS = ['<=', '>=', '!=', '=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

const EXAMPLE = 'Write a comparison, as in roc_auc > 0.8.';

/** A comparison such as `roc_auc > 0.8`, or a word by itself; either may stand in double quotes. */
const TERM =
  /(?<key>[A-Za-z_][A-Za-z0-9_]*)\s*(?<operator><=|>=|!=|={1,2}|<|>)\s*(?<value>"[^"]*"|[^\s,]+)|(?<word>"[^"]*"|[^\s,]+)/g;

/**
 * Read a filter: comparisons such as `roc_auc > 0.8 max_depth<=5 state = failed`, and words that a trial must have in one
 * of its texts. All must hold; `and` and commas between them change nothing. Letters match in either case. A trial without
 * a value meets no comparison but `!=`.
 *
 * @param columns whose keys and labels the filter may name
 * @returns fails with `bad_filter` where a column is unknown or stands without a comparison, or a number is wanted and
 * something else given
 */
export function trialFilter(text: string, columns: readonly TrialColumn[]): Result<TrialFilter> {
  const filters: TrialFilter[] = [];
  for (const { groups = {} } of text.matchAll(TERM)) {
    const { key, operator = '=', value = '', word } = groups;
    if (word !== undefined) {
      if (isUnfinished(word, columns)) return fail('bad_filter', `“${word}” compares nothing yet.`, EXAMPLE);
      if (word.toLowerCase() !== 'and') filters.push(wordFilter(unquoted(word), columns));
      continue;
    }
    const filter = comparison({ key: key ?? '', operator: operatorOf(operator), value }, columns);
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  return succeed((trial) => filters.every((matches) => matches(trial)));
}

function operatorOf(text: string): Operator {
  return OPERATORS.find((operator) => operator === text) ?? '=';
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

/** Whether a word is a part of a comparison that is still being typed. */
function isUnfinished(word: string, columns: readonly TrialColumn[]): boolean {
  return /^[<>=!]+$/.test(word) || columns.some(({ key }) => key === word.toLowerCase());
}

function wordFilter(word: string, columns: readonly TrialColumn[]): TrialFilter {
  const wanted = word.toLowerCase();
  return (trial) =>
    columns.some(({ valueIn }) => {
      const value = valueIn(trial);
      return typeof value === 'string' && value.toLowerCase().includes(wanted);
    });
}

function comparison(
  { key, operator, value }: { readonly key: string; readonly operator: Operator; readonly value: string },
  columns: readonly TrialColumn[],
): Result<TrialFilter> {
  const wantedKey = key.toLowerCase();
  const column = columns.find((one) => one.key === wantedKey || one.label.toLowerCase() === wantedKey);
  if (column === undefined) {
    const known = columns.map((one) => one.key).join(', ');
    return fail('bad_filter', `No column is called “${key}”.`, `There are ${known}.`);
  }
  const text = unquoted(value);
  if (operator === '=') return succeed((trial) => isEqual(column.valueIn(trial), text));
  if (operator === '!=') return succeed((trial) => !isEqual(column.valueIn(trial), text));
  const bound = numberOf(text);
  if (bound === null) {
    const hint = `Write a number, as in ${column.key} ${operator} 0.8, or compare with = or !=.`;
    return fail('bad_filter', `“${text}” is no number that ${column.key} could be ${operator} of.`, hint);
  }
  return succeed((trial) => isOrdered(column.valueIn(trial), operator, bound));
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? null : number;
}

function isEqual(value: TrialValue, text: string): boolean {
  if (typeof value === 'number') return value === numberOf(text);
  return value !== null && value.toLowerCase() === text.toLowerCase();
}

function isOrdered(value: TrialValue, operator: '<' | '<=' | '>' | '>=', bound: number): boolean {
  if (typeof value !== 'number') return false;
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
  }
}
