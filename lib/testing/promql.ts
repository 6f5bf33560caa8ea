/** What a PromQL expression selects from a server. */
export interface Selector {
  /** Name of a metric, with `_bucket`, `_sum` or `_count` for a part of a histogram. */
  readonly name: string;
  /** Values that a label is compared with, those of `=~` apart at each bar. */
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
}

const WORDS = new Set(
  'and or unless bool offset by without on ignoring group_left group_right inf nan start end atan2'.split(
    ' ',
  ),
);

/**
 * List what an expression selects, by its spelling: every name that is no function, no keyword and no label of a grouping.
 * Enough for the rules and dashboards of this project; not a parser of the whole language.
 *
 * @example selectorsIn('sum by (a) (rate(x_total{b="c"}[5m])) > 1') // [{ name: 'x_total', matchers: [{ label: 'b', values: ['c'] }] }]
 */
export function selectorsIn(expression: string): readonly Selector[] {
  const ungrouped = expression.replace(
    /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g,
    ' ',
  );
  const token = /([a-zA-Z_:][\w:]*)\s*(\(|\{([^}]*)\})?|\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\d[\w.]*/g;
  return [...ungrouped.matchAll(token)].flatMap(([, name, after, matchers = '']) => {
    if (name === undefined || after === '(' || WORDS.has(name.toLowerCase())) return [];
    return [{ name, matchers: matchersIn(matchers) }];
  });
}

function matchersIn(text: string): Selector['matchers'] {
  return [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
    ([, label = '', operator = '', value = '']) => ({
      label,
      values: operator.endsWith('~') ? value.split('|') : [value],
    }),
  );
}
