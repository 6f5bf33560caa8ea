/** One country code as the Subscribers table spells it in lower case. */
export interface CountryFigure {
  readonly code: string;
  /** Rows with the lower-case code. */
  readonly n: number;
  /** Rows with the same code in upper case; none of them bought. */
  readonly nUpperCase: number;
  /** Buyers among the lower-case rows, or null where the profile only says "five at most". */
  readonly buyers: number | null;
}

/** Rows without a country, and the buyers among them. */
export const MISSING_COUNTRY = { n: 6547, buyers: 88 } as const;

/** Most buyers a country outside the exactly known ones may have: no such country reaches the six that keep a level. */
export const MAX_BUYERS_ELSEWHERE = 5;

/** Countries with six buyers or more, in order of sales: the levels that the source pipeline kept. */
export const KEPT_COUNTRIES = [
  'us',
  'in',
  'au',
  'uk',
  'br',
  'ca',
  'de',
  'fr',
  'es',
  'mx',
  'nl',
  'sg',
  'dk',
  'pl',
  'my',
  'ae',
  'co',
  'id',
  'ng',
  'jp',
  'be',
] as const;

type CountryRow = readonly [code: string, n: number, nUpperCase: number, buyers: number | null];

/**
 * The sixty largest codes: size, upper-case rows and buyers. Sizes are exact; buyers are exact or, for
 * dk, pl, my, jp and be, derived from the sales table.
 */
const LARGEST: readonly CountryRow[] = [
  ['us', 3787, 14, 406],
  ['in', 2725, 12, 76],
  ['uk', 508, 3, 32],
  ['ca', 390, 4, 24],
  ['br', 366, 1, 25],
  ['au', 305, 0, 37],
  ['fr', 285, 0, 13],
  ['de', 280, 1, 22],
  ['es', 278, 0, 12],
  ['mx', 180, 0, 11],
  ['sg', 159, 0, 10],
  ['nl', 157, 0, 11],
  ['it', 156, 0, 5],
  ['ng', 151, 0, 6],
  ['co', 140, 0, 8],
  ['za', 139, 1, 5],
  ['id', 135, 1, 8],
  ['tr', 133, 1, null],
  ['ae', 109, 0, 9],
  ['ar', 108, 0, null],
  ['cl', 97, 0, null],
  ['my', 97, 0, 9],
  ['pe', 96, 1, null],
  ['ke', 93, 0, null],
  ['kr', 83, 0, null],
  ['ie', 76, 0, null],
  ['pl', 75, 1, 9],
  ['pk', 74, 0, null],
  ['sa', 73, 0, null],
  ['ch', 67, 0, null],
  ['jp', 63, 0, 6],
  ['pt', 62, 0, null],
  ['ph', 62, 0, null],
  ['nz', 61, 0, null],
  ['tw', 58, 0, null],
  ['dk', 57, 0, 10],
  ['se', 56, 4, null],
  ['ec', 56, 0, null],
  ['cn', 54, 0, null],
  ['be', 53, 0, 6],
  ['eg', 52, 0, null],
  ['ma', 51, 0, null],
  ['ru', 49, 3, null],
  ['gr', 49, 0, null],
  ['vn', 46, 0, null],
  ['tn', 44, 1, null],
  ['at', 42, 0, null],
  ['fi', 39, 0, null],
  ['hk', 37, 0, null],
  ['cr', 35, 0, null],
  ['no', 34, 0, null],
  ['ua', 34, 0, null],
  ['ir', 33, 0, null],
  ['bd', 31, 0, null],
  ['lk', 31, 0, null],
  ['th', 31, 0, null],
  ['ro', 29, 0, null],
  ['zw', 24, 0, null],
  ['cz', 24, 0, null],
  ['gh', 24, 1, null],
];

/**
 * The other 105 codes. The profile gives their number and their 677 rows together; which codes they are and how
 * the rows fall on them is invented (falling by one part in thirty a place). Three of them also occur in upper case.
 */
const SMALLEST: readonly (readonly [codes: string, n: number])[] = [
  ['hu', 23],
  ['il rs', 22],
  ['hr', 21],
  ['bg', 20],
  ['sk si', 19],
  ['lt ee', 18],
  ['lv', 17],
  ['do gt', 16],
  ['ve uy', 15],
  ['bo sv', 14],
  ['pa hn ni', 13],
  ['pr dz', 12],
  ['jo lb kw', 11],
  ['qa om bh', 10],
  ['iq np et', 9],
  ['ug tz cm ci', 8],
  ['sn rw zm bw', 7],
  ['na mu kz az am', 6],
  ['ge by md uz mn kh', 5],
  ['mm la cy mt is lu al mk', 4],
  ['ba me cu ht jm tt bb bs bz gy', 3],
  ['sr py af ye sy ps ly sd so mz mw mg ao cd ga', 2],
  ['bj tg bf ml ne td gm sl lr gn dj er bi ls sz cv sc mv bt fj pg bn tj', 1],
];

const UPPER_CASE_AMONG_SMALLEST: ReadonlySet<string> = new Set(['hu', 'il', 've']);

/** All 165 codes, the largest first: 13,372 rows with the upper-case ones. */
export const COUNTRIES: readonly CountryFigure[] = [
  ...LARGEST.map(([code, n, nUpperCase, buyers]) => ({ code, n, nUpperCase, buyers })),
  ...SMALLEST.flatMap(([codes, n]) =>
    codes.split(' ').map((code) => ({
      code,
      n,
      nUpperCase: UPPER_CASE_AMONG_SMALLEST.has(code) ? 1 : 0,
      buyers: null,
    })),
  ),
];
