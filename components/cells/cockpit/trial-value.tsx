import type { TrialColumn, TrialValue } from '@/lib/store/cockpit-columns';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { durationText, metricText } from '../../format';

/** Write a trial's value for reading: metrics with four decimals, parameters with four significant digits, '' for none. */
export function trialValueText(value: TrialValue, format: TrialColumn['format']): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  switch (format) {
    case 'metric':
      return metricText(value);
    case 'duration':
      return durationText(value);
    case 'parameter':
      return parameterText(value);
    case 'count':
    case 'text':
      return String(value);
    default:
      return format satisfies never;
  }
}

/** 0.08274913 → "0.08275"; 0.7 → "0.7000"; 7 → "7". */
function parameterText(value: number): string {
  return Number.isInteger(value) ? String(value) : SIGNIFICANT.format(value);
}

const SIGNIFICANT = new Intl.NumberFormat('en-US', {
  minimumSignificantDigits: 4,
  maximumSignificantDigits: 4,
  useGrouping: false,
});

/** Write where a trial stands, with the reason where it failed or is tried again. */
export function stateText({ state, failure }: Pick<TrialRecord, 'state' | 'failure'>): string {
  if (failure === null) return state;
  return state === 'failed' ? `failed: ${failure}` : `${state} again: ${failure}`;
}

/** How wide a column is: room for its numbers and for its name, and in the states for a part of a reason. */
export function columnWidthPx({ key, label, format }: TrialColumn, hasFailures: boolean): number {
  if (key === 'state') return hasFailures ? 200 : 84;
  const contentPx = format === 'duration' ? 76 : 60;
  return Math.max(contentPx, Math.ceil(label.length * 7.2) + 26);
}
