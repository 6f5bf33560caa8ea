/** 0.975 quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/** Write a text as an SQL literal, whatever it holds. @example quotedText("it's") // "'it''s'" */
export function quotedText(text: string): string {
  // A NUL ends an SQL text.
  return text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || char(0) || ');
}

/** Write texts as the inside of an IN list or of one column of VALUES. */
export function quotedTexts(texts: readonly string[]): string {
  return texts.map(quotedText).join(', ');
}

/** White space as JavaScript's `trim` takes it off, as SQL; SQLite's own takes off spaces alone. */
export const BLANK_TABLE = 'blank AS (SELECT char(9, 10, 11, 12, 13, 32, 160, 65279) AS marks)';

/** Indent every line of a text. */
export function indented(text: string, by = '  '): string {
  return text.replaceAll(/^/gm, by);
}

/** Put named tables before a statement. */
export function withTables(tables: readonly string[], statement: string): string {
  return `WITH\n${tables.map((table) => indented(table)).join(',\n')}\n${statement};`;
}

/** `conversion` and the ends of its 95 % Wilson interval, of columns `n` and `buyers`; null where n is 0. */
export const CONVERSION_COLUMNS = conversionColumns('n');

/** The same of another count. @param n the column with the subscribers */
export function conversionColumns(n: string): string {
  const share = `(buyers * 1.0 / ${n})`;
  const z2 = Z_95 * Z_95;
  const centre = `(${share} + ${z2} / (2 * ${n})) / (1 + ${z2} / ${n})`;
  const half = `${Z_95} / (1 + ${z2} / ${n}) * sqrt(${share} * (1 - ${share}) / ${n} + ${z2} / (4.0 * ${n} * ${n}))`;
  return [
    `buyers * 1.0 / ${n} AS conversion`,
    `CASE WHEN ${n} = 0 THEN NULL WHEN buyers = 0 THEN 0.0 ELSE max(0.0, ${centre} - ${half}) END AS conversion_low`,
    `CASE WHEN ${n} = 0 THEN NULL WHEN buyers = ${n} THEN 1.0 ELSE min(1.0, ${centre} + ${half}) END AS conversion_high`,
  ].join(',\n  ');
}
