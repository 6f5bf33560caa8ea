import { calendarParts, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { createSegmenter, type Segments } from '@/lib/explore/segments/dimensions';

/** What test rows are sliced by, in the order that a page shows it. */
export const SLICE_DIMENSIONS = [
  'country',
  'member_rating',
  'optin_cohort',
  'tag_family',
  'email_kind',
] as const;

export type SliceDimension = (typeof SLICE_DIMENSIONS)[number];

/** Level of rows that lack what a dimension tells them apart by. */
export const MISSING_LEVEL = '(missing)';
/** Level of rows without any tag. */
export const NO_TAGS_LEVEL = '(no tags)';

/** Rows of one level of a dimension, or of two levels of two. */
export interface SliceGroup {
  readonly parts: readonly { readonly dimension: SliceDimension; readonly level: string }[];
  /** Places among the judged rows, rising. */
  readonly members: Uint32Array;
}

/** Name a group. @example groupLabel(group) // 'country = us' */
export function groupLabel({ parts }: Pick<SliceGroup, 'parts'>): string {
  return parts.map(({ dimension, level }) => `${DIMENSION_LABELS[dimension]} ${level}`).join(', ');
}

const DIMENSION_LABELS: Readonly<Record<SliceDimension, string>> = {
  country: 'country',
  member_rating: 'rating',
  optin_cohort: 'opted in',
  tag_family: 'tags',
  email_kind: 'e-mail',
};

/**
 * Group judged rows by each dimension. Single-valued dimensions have a level for what is missing; a subscriber may hold
 * tags of several families. Levels without rows are left out.
 *
 * Opt-in cohorts are calendar quarters; a tag's family is its name without a number at its end.
 *
 * @param rows of the table, those that are judged
 */
export function sliceGroups(table: JoinedTable, rows: Uint32Array): readonly SliceGroup[] {
  const segmenter = createSegmenter({
    table,
    purchases: { products: [], rowsOf: () => new Uint32Array(0) },
    checks: { names: [], rowsOf: () => new Uint32Array(0) },
  });
  return [
    ...codedGroups('country', segmenter('country'), rows),
    ...codedGroups('member_rating', segmenter('member_rating'), rows),
    ...cohortGroups(table, rows),
    ...familyGroups(table, rows),
    ...codedGroups('email_kind', segmenter('email_kind'), rows),
  ];
}

/** Name the family of a tag's column. @example tagFamily('tag_learning_lab_05') // 'learning_lab' */
export function tagFamily(column: string): string {
  return column.replace(/^tag_/, '').replace(/_?\d+$/, '') || column;
}

function codedGroups(
  dimension: SliceDimension,
  segments: Segments,
  rows: Uint32Array,
): readonly SliceGroup[] {
  if (segments.kind !== 'single') throw new Error(`Expected ${dimension} to have one level a row`);
  return groupsOf(
    dimension,
    Array.from(rows, (row) => segments.levels[segments.codes[row]!] ?? MISSING_LEVEL),
  );
}

function cohortGroups({ optinDay }: JoinedTable, rows: Uint32Array): readonly SliceGroup[] {
  const named = new Map<number, string>([[MISSING_DAY, MISSING_LEVEL]]);
  const levelOf = (day: number): string => {
    const known = named.get(day);
    if (known !== undefined) return known;
    const { year, quarter } = calendarParts(day);
    const level = `${year} Q${quarter}`;
    named.set(day, level);
    return level;
  };
  return groupsOf(
    'optin_cohort',
    Array.from(rows, (row) => levelOf(optinDay[row]!)),
  );
}

function familyGroups(table: JoinedTable, rows: Uint32Array): readonly SliceGroup[] {
  const families = new Map<string, Uint8Array[]>();
  for (const [column, name] of table.tagColumns.entries()) {
    const family = tagFamily(name);
    const indicators = families.get(family) ?? [];
    indicators.push(table.tagIndicators[column]!);
    families.set(family, indicators);
  }
  const untagged = membersWhere(rows, (row) => table.tagCount[row] === 0);
  const groups = [...families.keys()].sort().map((family) => {
    const indicators = families.get(family)!;
    return groupAt(
      'tag_family',
      family,
      membersWhere(rows, (row) => indicators.some((held) => held[row] === 1)),
    );
  });
  return [groupAt('tag_family', NO_TAGS_LEVEL, untagged), ...groups].filter(
    ({ members }) => members.length > 0,
  );
}

function groupsOf(dimension: SliceDimension, levels: readonly string[]): readonly SliceGroup[] {
  const byLevel = new Map<string, number[]>();
  for (const [place, level] of levels.entries()) {
    const members = byLevel.get(level);
    if (members === undefined) byLevel.set(level, [place]);
    else members.push(place);
  }
  return [...byLevel.keys()]
    .sort()
    .map((level) => groupAt(dimension, level, Uint32Array.from(byLevel.get(level)!)));
}

function groupAt(dimension: SliceDimension, level: string, members: Uint32Array): SliceGroup {
  return { parts: [{ dimension, level }], members };
}

function membersWhere(rows: Uint32Array, isIn: (row: number) => boolean): Uint32Array {
  const members: number[] = [];
  for (const [place, row] of rows.entries()) if (isIn(row)) members.push(place);
  return Uint32Array.from(members);
}

/**
 * Pair groups of different dimensions and keep the rows in both.
 *
 * @param minRows pairs with fewer are left out
 */
export function pairedGroups(
  groups: readonly SliceGroup[],
  nRows: number,
  minRows: number,
): readonly SliceGroup[] {
  const mask = new Uint8Array(nRows);
  const large = groups.filter(({ members }) => members.length >= minRows);
  return large.flatMap((first, place) => {
    mask.fill(0);
    for (const member of first.members) mask[member] = 1;
    return large.slice(place + 1).flatMap((second): SliceGroup[] => {
      if (second.parts[0]!.dimension === first.parts[0]!.dimension) return [];
      const members = second.members.filter((member) => mask[member] === 1);
      return members.length < minRows ? [] : [{ parts: [...first.parts, ...second.parts], members }];
    });
  });
}
