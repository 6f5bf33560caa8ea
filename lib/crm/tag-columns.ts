/** Marks that a name keeps as words, as janitor's `make_clean_names` does. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/['"’]/g, ''],
  [/%/g, '_percent_'],
  [/#/g, '_number_'],
];

/**
 * Clean a tag into snake case, after `make_clean_names` of the R package janitor: accents dropped, words split at capitals
 * and at everything that is neither letter nor digit, lower case. Letters of other scripts are kept, not transliterated.
 *
 * @returns `x` when nothing is left
 * @example cleanTagName('Learning Lab 05') // 'learning_lab_05'
 * @example cleanTagName('Webinar (no degree) #2') // 'webinar_no_degree_number_2'
 */
export function cleanTagName(tag: string): string {
  const plain = tag.normalize('NFKD').replace(/\p{M}/gu, '');
  const worded = WORDS.reduce((text, [mark, word]) => text.replace(mark, word), plain);
  const snake = worded
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return snake === '' ? 'x' : snake;
}

/** An indicator column and the tag it stands for. */
export interface TagColumn {
  /** `tag_…` */
  readonly name: string;
  readonly tag: string;
}

/**
 * Name the indicator columns of distinct tags. Tags whose clean names collide are told apart by `_2`, `_3`, … in the order of
 * the tags' code units, so that the same tags always get the same names.
 *
 * @returns one column a tag, in the order of the names' code units
 * @example tagColumns(['Webinar', 'webinar']) // [{ name: 'tag_webinar', tag: 'Webinar' }, { name: 'tag_webinar_2', tag: 'webinar' }]
 */
export function tagColumns(tags: readonly string[]): TagColumn[] {
  const taken = new Set<string>();
  const columns = [...tags].sort(byCodeUnits).map((tag) => {
    const base = `tag_${cleanTagName(tag)}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return { name, tag };
  });
  return columns.sort((a, b) => byCodeUnits(a.name, b.name));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
