import type { TrialColumn, TrialValue } from '@/lib/store/cockpit-columns';
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

/** How wide a column is: room for its numbers and for its name. */
export function columnWidthPx({ key, label, format }: TrialColumn): number {
  if (key === 'failure') return 320;
  if (key === 'state') return 84;
  const contentPx = format === 'duration' ? 76 : 60;
  return Math.max(contentPx, Math.ceil(label.length * 7.2) + 26);
}
