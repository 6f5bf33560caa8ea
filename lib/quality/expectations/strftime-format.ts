/** Days of the week and months as the C locale names them, the longest first, as Python tries them. */
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));
const longestFirst = (names: readonly string[]) => [...names].sort((a, b) => b.length - a.length).join('|');

/** Patterns of the directives, as Python 3.11 `strptime` has them. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  a: longestFirst(short(WEEKDAYS)),
  A: longestFirst(WEEKDAYS),
  b: longestFirst(short(MONTHS)),
  B: longestFirst(MONTHS),
  d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,6}',
  H: '2[0-3]|[0-1]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  p: 'am|pm',
  S: '6[0-1]|[0-5]\\d|\\d',
  u: '[1-7]',
  w: '[0-6]',
  y: '\\d\\d',
  Y: '\\d\\d\\d\\d',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z',
};

/** Directives that a format may hold. */
export const STRFTIME_DIRECTIVES: readonly string[] = [...Object.keys(DIRECTIVES), '%'].map(
  (name) => `%${name}`,
);

/**
 * Make a test of texts against a format, which says what Python 3.11 `datetime.strptime` says in the C locale: a text passes when it
 * can be read by the format as a whole and names a day and time that exist. Letters match in either case, blanks any blanks.
 *
 * @returns null where the format holds a directive that is not known, or one twice
 * @example strftimeTest('%Y-%m-%d')?.('2023-02-29') // false
 */
export function strftimeTest(format: string): ((text: string) => boolean) | null {
  const pattern = patternOf(format);
  if (pattern === null) return null;
  return (text) => {
    pattern.lastIndex = 0;
    const found = pattern.exec(text);
    return found !== null && pattern.lastIndex === text.length && isMoment(found.groups ?? {});
  };
}

function patternOf(format: string): RegExp | null {
  const used = new Set<string>();
  let source = '';
  for (let i = 0; i < format.length; i++) {
    const character = format.charAt(i);
    if (character !== '%') {
      source += literal(character);
      continue;
    }
    const name = format.charAt(++i);
    const directive = DIRECTIVES[name];
    if (name === '%') source += '%';
    else if (directive === undefined || used.has(name)) return null;
    else {
      used.add(name);
      source += `(?<${name}>${directive})`;
    }
  }
  return new RegExp(source.replaceAll(/(?:\\s\+)+/g, '\\s+'), 'iy');
}

function literal(character: string): string {
  if (/\s/.test(character)) return '\\s+';
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}

type Parts = Readonly<Record<string, string | undefined>>;

function isMoment(parts: Parts): boolean {
  return isDay(parts) && Number(parts.S ?? 0) < 60 && isOffset(parts.z);
}

/** A year without a month is one of its own; without a year it is 1900, which has no 29 February. */
function isDay({ Y, y, m, b, B, d, j }: Parts): boolean {
  const year =
    Y !== undefined ? Number(Y) : y === undefined ? 1900 : Number(y) + (Number(y) <= 68 ? 2000 : 1900);
  if (year === 0) return false;
  // Python takes a day of the year for accurate, whatever else is said.
  if (j !== undefined) return true;
  const named = (names: readonly string[], name: string) => names.indexOf(name.toLowerCase()) + 1;
  const month =
    b !== undefined ? named(short(MONTHS), b) : B !== undefined ? named(MONTHS, B) : Number(m ?? 1);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const nDays = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return Number(d ?? 1) <= nDays;
}

/** An offset from UTC is less than a day, and has its colons everywhere or nowhere; only a large Z stands for none. */
function isOffset(offset: string | undefined): boolean {
  if (offset === undefined || offset === 'Z') return true;
  if (offset === 'z' || Number(offset.slice(1, 3)) > 23) return false;
  const hasColon = offset.charAt(3) === ':';
  return !hasColon || offset.length <= 6 || offset.charAt(6) === ':';
}
