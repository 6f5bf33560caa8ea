import { castText } from '@/lib/crm/casts';
import type { RawColumn, RawCrm, RawValue } from '@/lib/crm/raw-crm';
import { changedCells } from '@/lib/crm/raw-rows';
import { rowsInSeveralCases } from '../relations';
import { nMergeable } from './merge-subscribers';
import { repeatsOf } from './quarantine';
import type { RepairStep } from './repair-step';

/** A step that would mend something, and how much. */
export interface OfferedStep {
  readonly step: RepairStep;
  /** Cells it would write anew, or rows it would leave out. */
  readonly n: number;
}

/**
 * List the fixes that would change something in these tables: white space around texts, country codes in several cases,
 * subscribers who share an address, rows that repeat another. Merging keeps the newest opt-in unless another rule is chosen.
 */
export function offeredSteps(raw: RawCrm): readonly OfferedStep[] {
  const offers: OfferedStep[] = [];
  const offer = (step: RepairStep, n: number) => {
    if (n > 0) offers.push({ step, n });
  };
  for (const table of [raw.subscribers, raw.tags, raw.transactions]) {
    for (const [column, cells] of Object.entries<RawColumn>(table.columns))
      offer({ type: 'trim', table: table.name, column } as RepairStep, nTrimmable(cells));
  }
  const { country_code } = raw.subscribers.columns;
  if (rowsInSeveralCases(country_code, raw.subscribers.nRows).length > 0) {
    const { nChanged } = changedCells(country_code, (value) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    );
    offer({ type: 'fold_case', table: 'Subscribers', column: 'country_code' }, nChanged);
  }
  offer({ type: 'merge_subscribers', keep: 'newest_optin' }, nMergeable(raw.subscribers));
  for (const table of ['Tags', 'Transactions'] as const)
    offer({ type: 'drop_repeats', table }, repeatsOf(raw, table).length);
  return offers;
}

function nTrimmable(column: RawColumn): number {
  const isTrimmable = (value: RawValue | undefined) => typeof value === 'string' && castText(value) !== value;
  if (column.kind === 'plain') return column.values.reduce<number>((n, v) => n + (isTrimmable(v) ? 1 : 0), 0);
  const verdicts = column.levels.map(isTrimmable);
  if (!verdicts.includes(true)) return 0;
  return column.codes.reduce((n, code) => n + (verdicts[code] ? 1 : 0), 0);
}
