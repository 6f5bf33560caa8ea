/** Write a document as JSON, with the bare numbers `NaN`, `Infinity` and `-Infinity` that XGBoost writes and reads. */
export function writeJson(document: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(textOf(document));
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`);
  return `{${members.join(',')}}`;
}
