import { PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import type { ParamValue, TrialParams } from '@/lib/tuning/space/search-space';

/**
 * Write a parameter's value with four significant digits at most; whole numbers whole.
 *
 * @example parameterText(0.0512345) // '0.05123'
 */
export function parameterText(value: ParamValue): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

const N_A_LINE = 3;

/** List a trial's parameters for a hover text, three a line, in the order of the catalogue. */
export function paramsText(params: TrialParams): string {
  const texts = PARAMETER_NAMES.flatMap((name) => {
    const value = params[name];
    return value === undefined ? [] : [`${name} ${parameterText(value)}`];
  });
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += N_A_LINE) lines.push(texts.slice(i, i + N_A_LINE).join(', '));
  return lines.join('<br>');
}
