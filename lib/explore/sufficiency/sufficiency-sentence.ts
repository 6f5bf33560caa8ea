import { countText } from '../summary/plain-numbers';
import type { Sufficiency } from './sufficiency';

/** Say whether a list holds enough conversions, and how many more are needed. */
export function sufficiencySentence({ n, buyers, isEnough, nMore }: Sufficiency): string {
  const size = `${countText(buyers)} buyers among ${countText(n)} subscribers`;
  if (isEnough) return `Enough: ${size}.`;
  if (nMore === null) return 'Not enough: without both buyers and others nothing can be learnt.';
  return `Not enough: ${size}; about ${countText(nMore)} more subscribers of the same conversion are needed.`;
}
