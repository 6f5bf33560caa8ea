import type { JoinedTable } from '@/lib/crm/joined-table';
import type { FeatureSpec } from '@/lib/features/spec';
import { groupOfKey, type LeadGroup, type ReasonGroups } from './reason-groups';
import { groupText, valueText } from './reason-text';
import { keyValue, type ReasonSubject, reasonSubjects } from './subjects';
import { createTreeShap, type ShapTrees } from './tree-shap';

/** Why a lead's score is as it is: one thing that is known of the lead, and its part in the score. */
export interface Reason {
  /** As `reasonSubjects` names it. */
  readonly subject: string;
  /** Part of the margin, log-odds: above 0 speaks for the lead, below against. */
  readonly contribution: number;
  /** What the lead has, how many share it and how many of them bought, in one sentence without a full stop. */
  readonly sentence: string;
}

/** Everything that makes up a lead's margin. */
export interface LeadExplanation {
  /** Margin of a lead of whom nothing is known. */
  readonly bias: number;
  /** `bias` and the parts of all subjects. */
  readonly margin: number;
  /** Strongest first, at most five. */
  readonly reasonsFor: readonly Reason[];
  readonly reasonsAgainst: readonly Reason[];
}

/** Leads of a table, and the matrix of their features. */
export interface ExplainedRows {
  readonly table: JoinedTable;
  /** Row-major, all rows of the table × the specification's features. */
  readonly values: Float32Array;
}

/** Gives the reasons for scores of one model. */
export interface LeadExplainer {
  readonly subjects: readonly ReasonSubject[];
  readonly bias: number;
  /** Give each subject's part in the margins of some rows: row-major, rows × subjects, log-odds. */
  parts(values: Float32Array, rows: ArrayLike<number>): Float64Array;
  /** Explain one row of a table. */
  explain(of: ExplainedRows, row: number): LeadExplanation;
  /** Give the strongest reasons of some rows, for or against, as texts; fewer where fewer had a part. */
  topReasons(of: ExplainedRows, rows: ArrayLike<number>, nReasons: number): string[][];
}

/** Reasons shown of each side. */
const N_REASONS = 5;
/** A part smaller than this is none: rounding, or a tree that says the same on both sides. */
const NO_PART = 1e-9;

/** Create the explainer of a model: its trees, the features they were trained on, and the groups that leads are compared with. */
export function createLeadExplainer(model: {
  readonly trees: ShapTrees;
  readonly spec: FeatureSpec;
  readonly groups: ReasonGroups;
}): LeadExplainer {
  const { trees, spec, groups } = model;
  const shap = createTreeShap(trees);
  const subjects = reasonSubjects(spec);
  const nFeatures = spec.features.length;
  const subjectOfFeature = new Uint32Array(nFeatures);
  for (const [place, { features }] of subjects.entries()) {
    for (const feature of features) subjectOfFeature[feature] = place;
  }
  const sentenceOf = sentenceWriter(spec, groups, subjects);

  const parts = (values: Float32Array, rows: ArrayLike<number>): Float64Array => {
    const taken = rowsOf(values, rows, nFeatures);
    const contributions = shap.contributions(taken, rows.length);
    const summed = new Float64Array(rows.length * subjects.length);
    for (let row = 0; row < rows.length; row++) {
      for (let feature = 0; feature < nFeatures; feature++) {
        summed[row * subjects.length + subjectOfFeature[feature]!]! +=
          contributions[row * nFeatures + feature]!;
      }
    }
    return summed;
  };

  return {
    subjects,
    bias: shap.bias,
    parts,
    explain(of, row) {
      const found = parts(of.values, [row]);
      const ranked = strongest(found, 0, subjects.length);
      const reason = (place: number): Reason => ({
        subject: subjects[place]!.id,
        contribution: found[place]!,
        sentence: sentenceOf(of, row, place),
      });
      const side = (isFor: boolean) => ranked.filter((place) => found[place]! > 0 === isFor);
      return {
        bias: shap.bias,
        margin: found.reduce((sum, part) => sum + part, shap.bias),
        reasonsFor: side(true).slice(0, N_REASONS).map(reason),
        reasonsAgainst: side(false).slice(0, N_REASONS).map(reason),
      };
    },
    topReasons(of, rows, nReasons) {
      const found = parts(of.values, rows);
      return Array.from({ length: rows.length }, (_, i) =>
        strongest(found, i * subjects.length, subjects.length, nReasons).map((place) => {
          const side = found[i * subjects.length + place]! > 0 ? 'For' : 'Against';
          return `${side}: ${sentenceOf(of, rows[i]!, place)}`;
        }),
      );
    },
  };
}

function rowsOf(values: Float32Array, rows: ArrayLike<number>, nFeatures: number): Float32Array {
  const taken = new Float32Array(rows.length * nFeatures);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * nFeatures;
    taken.set(values.subarray(from, from + nFeatures), i * nFeatures);
  }
  return taken;
}

/** Places of the strongest parts, first the strongest; of equal ones the earlier subject. */
function strongest(parts: Float64Array, from: number, nSubjects: number, nMost = nSubjects): number[] {
  const places: number[] = [];
  for (let place = 0; place < nSubjects; place++) {
    const size = Math.abs(parts[from + place]!);
    if (size < NO_PART) continue;
    let at = places.length;
    while (at > 0 && Math.abs(parts[from + places[at - 1]!]!) < size) at -= 1;
    if (at >= nMost) continue;
    places.splice(at, 0, place);
    if (places.length > nMost) places.pop();
  }
  return places;
}

function sentenceWriter(spec: FeatureSpec, groups: ReasonGroups, subjects: readonly ReasonSubject[]) {
  const nFeatures = spec.features.length;
  // A list has few groups and many leads.
  const written = subjects.map(() => new Map<number, string>());
  return ({ table, values }: ExplainedRows, row: number, place: number): string => {
    const subject = subjects[place]!;
    const key = keyValue(subject, values, row * nFeatures, spec.missingValue);
    const known = written[place]!.get(key);
    const group = known ?? groupText(subject, leadGroup(groups, place, key), groups);
    if (known === undefined) written[place]!.set(key, group);
    return `${valueText(subject, { spec, table, row }, key)}; ${group}`;
  };
}

function leadGroup(groups: ReasonGroups, place: number, key: number): LeadGroup {
  const grouped = groups.subjects[place];
  if (grouped === undefined) throw new Error(`Expected groups of subject ${place}`);
  return groupOfKey(grouped, key);
}
