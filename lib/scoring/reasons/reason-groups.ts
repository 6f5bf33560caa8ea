import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { keyValue, type ReasonSubject, reasonSubjects } from './subjects';

/** Of a group smaller than this nobody is told how many bought: it could tell of a person. */
export const MIN_GROUP_ROWS = 5;

const countsShape = {
  n: z.int().min(0),
  /** Null where the group is too small to tell. */
  buyers: z.int().min(0).nullable(),
};
const groupSchema = z.strictObject({
  /** The value that all of the group have, or where its range begins. */
  from: z.number(),
  ...countsShape,
});
const groupedSubjectSchema = z.strictObject({
  /** As `reasonSubjects` names it. */
  subject: z.string(),
  by: z.enum(['value', 'range']),
  /** Ascending. A range ends where the next begins; the last has no end. */
  groups: z.array(groupSchema),
  missing: z.strictObject(countsShape),
});

/**
 * `reason_groups.json`: how many of those whom a model was trained on share a value, and how many of them bought. Counts
 * only, of training and validation rows; travels with the model.
 */
export const reasonGroupsSchema = z.strictObject({
  version: z.literal(1),
  n_rows: z.int().min(1),
  n_buyers: z.int().min(0),
  subjects: z.array(groupedSubjectSchema),
});

export type ReasonGroups = z.infer<typeof reasonGroupsSchema>;
export type GroupedSubject = z.infer<typeof groupedSubjectSchema>;
type Counts = GroupedSubject['missing'];

/** More different values than this are counted by ranges. */
const MAX_VALUES = 24;
const N_RANGES = 10;

/**
 * Count the groups that leads are compared with, over training and validation rows. A subject of few values has a group a
 * value; one of many has ten ranges of about as many rows each. Target-encoded countries are counted on validation rows
 * alone, since those of training rows have a value a fold.
 */
export function fitReasonGroups(spec: FeatureSpec, dataset: TrainingDataset): ReasonGroups {
  const rows = rowsWhere(dataset, (part) => part !== SplitPart.test);
  const validation = rowsWhere(dataset, (part) => part === SplitPart.validation);
  const isTarget = ({ features }: ReasonSubject) =>
    features.some((place) => spec.features[place]!.source.type === 'country_target');
  return {
    version: 1,
    n_rows: rows.length,
    n_buyers: rows.reduce((n, row) => n + dataset.labels[row]!, 0),
    subjects: reasonSubjects(spec).map((subject) =>
      groupedSubject(spec, dataset, { subject, rows: isTarget(subject) ? validation : rows }),
    ),
  };
}

function rowsWhere({ split }: TrainingDataset, isCounted: (part: number) => boolean): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < split.length; row++) if (isCounted(split[row]!)) rows.push(row);
  return Uint32Array.from(rows);
}

function groupedSubject(
  { missingValue }: FeatureSpec,
  { matrix, labels }: TrainingDataset,
  { subject, rows }: { readonly subject: ReasonSubject; readonly rows: Uint32Array },
): GroupedSubject {
  const stride = matrix.featureNames.length;
  const keys = Float32Array.from(rows, (row) => keyValue(subject, matrix.values, row * stride, missingValue));
  const sorted = keys.filter((key) => !Number.isNaN(key)).sort();
  const distinct = [...new Set(sorted)];
  const isByValue = distinct.length <= MAX_VALUES || subject.kind === 'country_code';
  const from = isByValue ? distinct : rangeStarts(sorted);
  const grouped = { by: isByValue ? ('value' as const) : ('range' as const), from };
  const n = new Uint32Array(from.length + 1);
  const buyers = new Uint32Array(from.length + 1);
  for (const [i, key] of keys.entries()) {
    // What is missing is counted last.
    const group = Number.isNaN(key) ? from.length : placeOf(grouped.from, key);
    n[group]! += 1;
    buyers[group]! += labels[rows[i]!]!;
  }
  const counts = (group: number): Counts => ({
    n: n[group]!,
    buyers: n[group]! < MIN_GROUP_ROWS ? null : buyers[group]!,
  });
  return {
    subject: subject.id,
    by: grouped.by,
    groups: from.map((start, group) => ({ from: start, ...counts(group) })),
    missing: counts(from.length),
  };
}

/** Where ranges begin. A value that many share is a range of its own, and the rest is shared out among the ranges left. */
function rangeStarts(sorted: Float32Array): number[] {
  const starts: number[] = [];
  let [first, nRanges] = [0, N_RANGES];
  while (first < sorted.length) {
    starts.push(sorted[first]!);
    const wanted = first + Math.max(1, Math.round((sorted.length - first) / nRanges));
    let next = Math.min(wanted, sorted.length);
    while (next < sorted.length && sorted[next] === sorted[next - 1]) next++;
    first = next;
    nRanges = Math.max(1, nRanges - 1);
  }
  return starts;
}

/** The last group that begins at a key or below it; the first where the key is below all. */
function placeOf(from: readonly number[], key: number): number {
  let [low, high] = [0, from.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from[middle]! <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A group that a lead belongs to. */
export interface LeadGroup extends Counts {
  /** Where it is a range: its begin and its end, which is infinite for the last. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

const NOBODY: LeadGroup = { n: 0, buyers: null, range: null };

/** Find the group of a key, as `keyValue` gives it; an empty one where nobody whom the model was trained on had the value. */
export function groupOfKey(grouped: GroupedSubject, key: number): LeadGroup {
  const { by, groups, missing } = grouped;
  if (Number.isNaN(key)) return { ...missing, range: null };
  if (groups.length === 0) return NOBODY;
  const place = placeOf(
    groups.map(({ from }) => from),
    key,
  );
  const { from, n, buyers } = groups[place]!;
  if (by === 'value') return from === key ? { n, buyers, range: null } : NOBODY;
  return { n, buyers, range: { from, to: groups[place + 1]?.from ?? Number.POSITIVE_INFINITY } };
}

/**
 * Parse the text of `reason_groups.json` that belongs to a specification.
 *
 * @returns or `reason_groups_unreadable`, where it is not JSON of this form or of other features
 */
export function parseReasonGroups(text: string, spec: FeatureSpec): Result<ReasonGroups> {
  const hint = 'Take reason_groups.json again from where the model was made, or evaluate its study again.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('reason_groups_unreadable', 'The groups behind reasons are not JSON.', hint);
  }
  const parsed = reasonGroupsSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'its top';
    return fail(
      'reason_groups_unreadable',
      `The groups behind reasons are wrong at ${where}: ${issue?.message}.`,
      hint,
    );
  }
  const expected = reasonSubjects(spec).map(({ id }) => id);
  const found = parsed.data.subjects.map(({ subject }) => subject);
  const isOurs = expected.length === found.length && expected.every((id, i) => id === found[i]);
  return isOurs
    ? succeed(parsed.data)
    : fail('reason_groups_unreadable', 'The groups behind reasons belong to other features.', hint);
}
