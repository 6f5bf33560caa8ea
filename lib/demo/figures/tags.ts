import { LIST } from './list';

/** One tag: its holders, the buyers among them, and how it goes with time and with the number of tags. */
export interface TagFigure {
  readonly tag: string;
  readonly holders: number;
  /** Holders as a share of the 19,919. */
  readonly prevalence: number;
  readonly buyers: number;
  /**
   * Correlation of holding the tag with the days since opt-in; positive where holders joined early. The profile
   * gives the size (a correlation ratio, two decimals); the sign is ours: early labs went to early subscribers.
   */
  readonly withOptinDays: number;
  /** Correlation of holding the tag with the tag count; exact to two decimals. */
  readonly withTagCount: number;
}

type TagRow = readonly [
  tag: string,
  holders: number,
  buyers: number,
  withOptinDays: number,
  withTagCount: number,
];

const ROWS: readonly TagRow[] = [
  ['aws_webinar', 221, 48, 0.08, 0.36],
  ['learning_lab', 7529, 610, 0.01, 0.57],
  ['learning_lab_05', 248, 53, 0.12, 0.24],
  ['learning_lab_09', 344, 67, 0.13, 0.27],
  ['learning_lab_11', 158, 39, 0.09, 0.28],
  ['learning_lab_12', 172, 48, 0.09, 0.32],
  ['learning_lab_13', 377, 73, 0.11, 0.32],
  ['learning_lab_14', 301, 74, 0.11, 0.36],
  ['learning_lab_15', 307, 70, 0.1, 0.38],
  ['learning_lab_16', 259, 55, 0.08, 0.34],
  ['learning_lab_17', 466, 86, 0.11, 0.4],
  ['learning_lab_18', 457, 74, 0.1, 0.37],
  ['learning_lab_19', 73, 4, 0.01, 0.04],
  ['learning_lab_20', 460, 95, 0.1, 0.42],
  ['learning_lab_21', 462, 78, 0.08, 0.39],
  ['learning_lab_22', 338, 60, 0.06, 0.36],
  ['learning_lab_23', 329, 67, 0.07, 0.4],
  ['learning_lab_24', 298, 74, 0.07, 0.44],
  ['learning_lab_25', 314, 80, 0.07, 0.41],
  ['learning_lab_26', 354, 76, 0.06, 0.4],
  ['learning_lab_27', 382, 82, 0.06, 0.42],
  ['learning_lab_28', 348, 87, 0.05, 0.42],
  ['learning_lab_29', 538, 111, 0.06, 0.45],
  ['learning_lab_30', 566, 100, 0.01, 0.4],
  ['learning_lab_31', 396, 89, 0.02, 0.41],
  ['learning_lab_32', 559, 130, 0.02, 0.45],
  ['learning_lab_33', 555, 127, 0.01, 0.46],
  ['learning_lab_34', 623, 116, 0.01, 0.45],
  ['learning_lab_35', 722, 139, 0, 0.44],
  ['learning_lab_36', 605, 111, -0.03, 0.43],
  ['learning_lab_37', 792, 119, -0.06, 0.4],
  ['learning_lab_38', 593, 127, -0.04, 0.44],
  ['learning_lab_39', 513, 121, -0.03, 0.45],
  ['learning_lab_40', 542, 128, -0.03, 0.46],
  ['learning_lab_41', 299, 94, -0.03, 0.43],
  ['learning_lab_42', 308, 85, -0.03, 0.42],
  ['learning_lab_43', 267, 79, -0.04, 0.35],
  ['learning_lab_44', 301, 75, -0.04, 0.38],
  ['learning_lab_45', 261, 85, -0.03, 0.41],
  ['learning_lab_46', 427, 120, -0.05, 0.41],
  ['learning_lab_47', 292, 86, -0.06, 0.34],
  ['time_series_webinar', 398, 124, -0.03, 0.43],
  ['webinar', 1222, 214, -0.1, 0.47],
  ['webinar_01', 52, 3, -0.03, 0.04],
  ['webinar_no_degree', 725, 109, -0.15, 0.34],
  ['webinar_no_degree_02', 362, 44, -0.13, 0.23],
];

/** The 46 tags in alphabetical order; a tag's place here is its bit in a tag set. Holders add up to 26,115. */
export const TAGS: readonly TagFigure[] = ROWS.map(([tag, holders, buyers, withOptinDays, withTagCount]) => ({
  tag,
  holders,
  prevalence: holders / LIST.nSubscribers,
  buyers,
  withOptinDays,
  withTagCount,
}));

/** Place of a tag in `TAGS`. @throws Where there is no such tag. */
export function tagIndex(tag: string): number {
  const index = TAGS.findIndex((figure) => figure.tag === tag);
  if (index < 0) throw new Error(`no tag called ${tag}`);
  return index;
}

/** Every holder of the first tag also holds the second. Each learning_lab_NN likewise holds learning_lab. */
export const WEBINAR_NESTING: readonly (readonly [inner: string, outer: string])[] = [
  ['time_series_webinar', 'webinar'],
  ['webinar_01', 'webinar'],
  ['webinar_no_degree', 'webinar'],
  ['webinar_no_degree_02', 'webinar_no_degree'],
];

/** Subscribers that hold some tag but not learning_lab. */
export const N_TAGGED_WITHOUT_LAB = 563;

/** How many of the 398 holders of time_series_webinar hold learning_lab (derived, about 81 %). */
export const TIME_SERIES_WITHIN_LAB = { least: 316, most: 326 } as const;

/**
 * Holders that two labs share, as a share of the smaller lab's holders, by the distance of their numbers (index 0:
 * distance 1). The profile prints the strongest pairs; this is their level.
 */
export const LAB_OVERLAP_BY_LAG: readonly number[] = [0.34, 0.3, 0.28, 0.26, 0.26, 0.25, 0.25, 0.24];

/** Numbers of the labs that occur: 5, 9 and 11 to 47. */
export const LAB_NUMBERS: readonly number[] = TAGS.flatMap(({ tag }) => {
  const match = /^learning_lab_(\d+)$/.exec(tag);
  return match ? [Number(match[1])] : [];
});

/** Name of a lab's tag. @example labTag(5) // 'learning_lab_05' */
export function labTag(number: number): string {
  return `learning_lab_${String(number).padStart(2, '0')}`;
}
