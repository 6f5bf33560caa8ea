/** Keys whose numbers libxgboost reads as floats; it refuses a whole number among them. */
const FLOAT_KEYS: ReadonlySet<string> = new Set([
  'base_weights',
  'loss_changes',
  'split_conditions',
  'sum_hessian',
]);

/**
 * Write a document as libxgboost writes JSON, byte for byte for its own models, with the bare numbers `NaN`, `Infinity` and
 * `-Infinity` that it writes and reads.
 */
export function writeJson(document: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(textOf(document, ''));
}

function textOf(value: unknown, key: string): string {
  if (typeof value === 'number') return FLOAT_KEYS.has(key) ? floatText(value) : String(value);
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each, key)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${textOf(member, name)}`,
  );
  return `{${members.join(',')}}`;
}

/** @example floatText(0.25) // '2.5E-1' */
function floatText(value: number): string {
  return Number.isFinite(value) ? value.toExponential().toUpperCase().replace('E+', 'E') : String(value);
}
