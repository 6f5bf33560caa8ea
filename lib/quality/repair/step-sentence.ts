import type { StepOutcome } from './apply-steps';
import type { LeftOutCounts } from './quarantine';
import type { KeepRule, RepairStep } from './repair-step';

const RULES: Readonly<Record<KeepRule, string>> = {
  newest_optin: 'the one with the newest opt-in',
  first: 'the first one in the file',
  highest_rating: 'the one with the highest rating',
};

/** Say in words which row a rule keeps. */
export function keepRuleText(keep: KeepRule): string {
  return RULES[keep];
}

/** Say what a step does, as an order: “Trim white space around Subscribers.user_email”. */
export function stepText(step: RepairStep): string {
  switch (step.type) {
    case 'trim':
      return `Trim white space around ${step.table}.${step.column}`;
    case 'fold_case':
      return `Write ${step.table}.${step.column} in lower case`;
    case 'merge_subscribers':
      return `Keep one subscriber an e-mail address: ${RULES[step.keep]}; tags of the others go to it`;
    case 'drop_repeats':
      return step.table === 'Tags'
        ? 'Keep the first of the rows that give a subscriber the same tag'
        : 'Keep the first of the purchases with the same transaction_id and e-mail address';
    case 'quarantine':
      return `Leave out rows of ${step.table} that fail ${checkText(step.expectation)}`;
    default:
      return step satisfies never;
  }
}

/** Say what a step came to: “3 subscribers, 12 tag rows and 1 purchase left out”. */
export function outcomeText({ step, nChanged, leftOut }: StepOutcome): string {
  const left = leftOutText(leftOut);
  const moved = step.type === 'merge_subscribers' ? 'tag rows moved' : 'cells written anew';
  const sentences = [
    ...(left === null ? [] : [`${left} left out`]),
    ...(nChanged > 0 ? [`${nChanged.toLocaleString('en')} ${moved}`] : []),
  ];
  return sentences.length === 0 ? 'nothing to do in this file' : sentences.join('; ');
}

/** Name what was left out, “3 subscribers and 1 purchase”; null where nothing was. */
export function leftOutText({ Subscribers, Tags, Transactions }: LeftOutCounts): string | null {
  const parts = [
    plural(Subscribers, 'subscriber', 'subscribers'),
    plural(Tags, 'tag row', 'tag rows'),
    plural(Transactions, 'purchase', 'purchases'),
  ].filter((text) => text !== null);
  return parts.length === 0 ? null : listed(parts);
}

function checkText({ type, kwargs }: { readonly type: string; readonly kwargs: object }): string {
  const column = 'column' in kwargs ? `(${String(kwargs.column)})` : '';
  return `${type}${column}`;
}

function plural(n: number, one: string, many: string): string | null {
  return n === 0 ? null : `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
