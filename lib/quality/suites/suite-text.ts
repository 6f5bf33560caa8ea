import type { Suite } from './suite-file';

/** What fits into a line is written in one. */
const LINE_WIDTH = 96;

/** Write a suite as its file holds it: JSON that a person can read and edit. */
export function suiteText(suite: Suite): string {
  return `${written(JSON.parse(JSON.stringify(suite)), 0)}\n`;
}

function written(value: unknown, indent: number): string {
  const line = inLine(value);
  const isSuite = isRecord(value) && 'expectations' in value;
  if (line.length + indent <= LINE_WIDTH && !isSuite) return line;
  const inner = ' '.repeat(indent + 2);
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${written(item, indent + 2)}`)
    : isRecord(value)
      ? Object.entries(value).map(
          ([key, item]) => `${inner}${JSON.stringify(key)}: ${written(item, indent + 2)}`,
        )
      : null;
  if (lines === null) return line;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
