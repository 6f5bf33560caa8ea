import type { JoinedTable } from '@/lib/crm/joined-table';
import { type Dimension, type Segmenter, TAG_LEVELS, type TagDimension } from '../segments/dimensions';
import { MISSING_LEVEL, type RowFilter } from '../segments/row-filter';

/** Single-valued dimensions that an interaction can be between. */
export const AXIS_DIMENSIONS = [
  'country',
  'member_rating',
  'tag_count',
  'optin_month',
  'optin_day_of_week',
  'email_kind',
] as const satisfies readonly Dimension[];

/** What one side of an interaction is: a dimension, or one tag, held or not. */
export type AxisName = (typeof AXIS_DIMENSIONS)[number] | TagDimension;

/** One side of an interaction, without who is where on it. */
export interface AxisLevels {
  readonly name: AxisName;
  readonly levels: readonly string[];
  /** Whether the levels stand in an order of their own, so that "monotone" means something. */
  readonly isOrdered: boolean;
  /** Levels of the dimension that "other" stands for; none where there is no such level. */
  readonly rest: readonly string[];
}

/** One side of an interaction. */
export interface InteractionAxis extends AxisLevels {
  /** Index into `levels`, one a row. */
  readonly codes: Uint8Array;
}

/** More countries than these are too many for a grid: the rest is one level. */
const MOST_LEVELS = 12;
export const REST = 'other';

/** Give a side of an interaction. @throws where the table lacks the tag */
export function interactionAxis(segmenter: Segmenter, table: JoinedTable, name: AxisName): InteractionAxis {
  const dimension = AXIS_DIMENSIONS.find((known) => known === name);
  if (dimension === undefined) return tagAxis(table, name);
  const segments = segmenter(dimension);
  if (segments.kind !== 'single') throw new Error(`Expected one level a row, got a dimension like ${name}`);
  const { levels, codes } = segments;
  const isOrdered = dimension !== 'country' && dimension !== 'email_kind';
  const shown = isOrdered ? levels.map((_, code) => code) : mostHeld(levels, codes);
  const places = new Int32Array(levels.length).fill(shown.length);
  for (const [place, code] of shown.entries()) places[code] = place;
  const hasRest = shown.length < levels.length;
  const missing = shown.length + Number(hasRest);
  const placed = Uint8Array.from(codes, (code) => (code < 0 ? missing : places[code]!));
  const hasMissing = codes.some((code) => code < 0);
  return {
    name,
    codes: placed,
    isOrdered,
    rest: hasRest ? levels.filter((_, code) => places[code] === shown.length) : [],
    levels: [
      ...shown.map((code) => levels[code] ?? ''),
      ...(hasRest ? [REST] : []),
      ...(hasMissing ? [MISSING_LEVEL] : []),
    ],
  };
}

function tagAxis(table: JoinedTable, name: AxisName): InteractionAxis {
  const column = table.tagColumns.indexOf(name);
  const codes = table.tagIndicators[column];
  if (codes === undefined) throw new Error(`The table has no tag ${name}`);
  return { name, levels: TAG_LEVELS, codes, isOrdered: true, rest: [] };
}

/** Give the filter that levels of a side mean, with what "other" stands for spelled out. */
export function filterOfAxis({ name, rest }: AxisLevels, levels: readonly string[]): RowFilter {
  return {
    dimension: name,
    levels: levels.flatMap((level) => (level === REST && rest.length > 0 ? rest : [level])),
  };
}

/** Codes of the levels that most rows hold, most first. */
function mostHeld(levels: readonly string[], codes: Int32Array): readonly number[] {
  const counts = new Uint32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]! += 1;
  const falling = levels.map((_, code) => code).sort((a, b) => counts[b]! - counts[a]! || a - b);
  return falling.length <= MOST_LEVELS ? falling : falling.slice(0, MOST_LEVELS - 1);
}
