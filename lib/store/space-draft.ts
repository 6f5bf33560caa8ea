import { PARAMETER_NAMES, type ParameterName, parameterKind } from '@/lib/tuning/space/parameter-catalogue';
import {
  type Distribution,
  type DistributionType,
  type ParamValue,
  type SearchSpace,
  searchSpaceSchema,
  WIDE_SEARCH_SPACE,
} from '@/lib/tuning/space/search-space';
import { parseSearchSpace, searchSpaceText } from '@/lib/tuning/space/search-space-json';

/** One parameter as it is being typed: every field is text, so that half a number is no error of the program. */
export interface ParameterDraft {
  readonly name: ParameterName;
  readonly type: DistributionType;
  readonly low: string;
  readonly high: string;
  readonly step: string;
  /** Separated by commas. */
  readonly values: string;
  /** Null where the parameter is always drawn; `isIn` is separated by commas. */
  readonly when: { readonly parameter: ParameterName; readonly isIn: string } | null;
}

/** A search space as it is being written: in a table, or as JSON. */
export type SpaceDraft =
  | { readonly view: 'table'; readonly parameters: readonly ParameterDraft[] }
  | { readonly view: 'json'; readonly text: string };

/** Something wrong with a space. */
export interface SpaceFault {
  /** Null where it concerns none, or several. */
  readonly parameter: ParameterName | null;
  /** Names the parameter. */
  readonly message: string;
}

/** What a draft comes to: a space, or what is wrong with it. */
export type DraftedSpace =
  | { readonly ok: true; readonly space: SearchSpace }
  | { readonly ok: false; readonly faults: readonly SpaceFault[] };

/** Write a space as a table, parameters in the order of the catalogue. */
export function tableDraft(space: SearchSpace): Extract<SpaceDraft, { view: 'table' }> {
  const parameters = PARAMETER_NAMES.flatMap((name) => {
    const distribution = space[name];
    return distribution === undefined ? [] : [parameterDraft(name, distribution)];
  });
  return { view: 'table', parameters };
}

/** Write a space as JSON. */
export function jsonDraft(space: SearchSpace): SpaceDraft {
  return { view: 'json', text: searchSpaceText(space) };
}

/** Drafts are asked about at every change of the page. */
const readDrafts = new WeakMap<SpaceDraft, DraftedSpace>();

/** Read a draft. One that was read before is not read again. */
export function draftedSpace(draft: SpaceDraft): DraftedSpace {
  const known = readDrafts.get(draft);
  if (known !== undefined) return known;
  const drafted = draft.view === 'json' ? spaceOfText(draft.text) : spaceOfTable(draft.parameters);
  readDrafts.set(draft, drafted);
  return drafted;
}

/** List the distributions that fit a parameter, the likeliest first. */
export function fittingTypes(name: ParameterName): readonly DistributionType[] {
  switch (parameterKind(name).kind) {
    case 'int':
      return ['randint', 'lograndint', 'quniform', 'choice'];
    case 'float':
      return ['uniform', 'loguniform', 'quniform', 'choice'];
    case 'category':
      return ['choice'];
  }
}

/** Give a parameter another distribution, with what it needs filled in from the bounds it has. */
export function withType(draft: ParameterDraft, type: DistributionType): ParameterDraft {
  const { name, low, high } = draft;
  if (type === 'choice') return { ...draft, type, values: draft.values || suggestedValues(name, low, high) };
  const isWhole = parameterKind(name).kind === 'int';
  const isStepMissing = type === 'quniform' && draft.step === '';
  return { ...draft, type, step: isStepMissing ? (isWhole ? '1' : '0.1') : draft.step };
}

/** Give the draft of a parameter that is added to a space. */
export function addedParameter(name: ParameterName): ParameterDraft {
  const distribution = WIDE_SEARCH_SPACE[name] ?? BEYOND_WIDE[name];
  if (distribution === undefined) throw new Error(`Nothing is suggested for ${name}`);
  return parameterDraft(name, distribution);
}

/** Suggestions for the parameters that not even the wide space has. */
const BEYOND_WIDE: Partial<Record<ParameterName, Distribution>> = {
  colsample_bylevel: { type: 'uniform', low: 0.5, high: 1 },
  max_delta_step: { type: 'uniform', low: 0, high: 10 },
};

function parameterDraft(name: ParameterName, d: Distribution): ParameterDraft {
  const isChoice = d.type === 'choice';
  return {
    name,
    type: d.type,
    low: isChoice ? '' : String(d.low),
    high: isChoice ? '' : String(d.high),
    step: d.type === 'quniform' ? String(d.step) : '',
    values: isChoice ? d.values.join(', ') : '',
    when: d.when === undefined ? null : { parameter: d.when.parameter, isIn: d.when.isIn.join(', ') },
  };
}

function suggestedValues(name: ParameterName, low: string, high: string): string {
  const { kind, values, standard } = parameterKind(name);
  if (kind === 'category') return values.join(', ');
  const given = [low, high].filter((text) => text !== '');
  return given.length === 0 ? String(standard) : given.join(', ');
}

function spaceOfText(text: string): DraftedSpace {
  const parsed = parseSearchSpace(text);
  if (parsed.ok) return { ok: true, space: parsed.value };
  const { message, hint } = parsed.error;
  return { ok: false, faults: [{ parameter: null, message: `${message} ${hint}` }] };
}

function spaceOfTable(parameters: readonly ParameterDraft[]): DraftedSpace {
  const typed = parameters.flatMap((draft) => {
    const message = typingFault(draft);
    return message === null ? [] : [{ parameter: draft.name, message: `${draft.name} ${message}` }];
  });
  if (typed.length > 0) return { ok: false, faults: typed };
  const entries = parameters.map((draft) => [draft.name, distributionOf(draft)]);
  const parsed = searchSpaceSchema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return { ok: true, space: parsed.data };
  const faults = parsed.error.issues.map(({ path: [at, ...within], message }): SpaceFault => {
    const parameter = PARAMETER_NAMES.find((name) => name === at) ?? null;
    const isNamed = parameter === null || message.startsWith(parameter);
    return { parameter, message: isNamed ? message : `${[parameter, ...within].join('.')}: ${message}` };
  });
  return { ok: false, faults };
}

/** Say which field does not hold what it should; null when all do. */
function typingFault({ type, low, high, step, values, when }: ParameterDraft): string | null {
  if (when !== null && listed(when.isIn).length === 0) return `waits for no value of ${when.parameter}`;
  if (type === 'choice') return listed(values).length === 0 ? 'has no values to choose among' : null;
  const fields = { low, high, ...(type === 'quniform' ? { step } : {}) };
  for (const [field, text] of Object.entries(fields)) {
    if (text.trim() === '') return `has no ${field}`;
    if (!Number.isFinite(Number(text))) return `has “${text}” for ${field}, which is no number`;
  }
  return null;
}

function distributionOf({ name, type, low, high, step, values, when }: ParameterDraft): Distribution {
  const condition =
    when === null ? {} : { when: { parameter: when.parameter, isIn: valuesOf(when.parameter, when.isIn) } };
  if (type === 'choice') return { type, values: valuesOf(name, values), ...condition };
  const bounds = { low: Number(low), high: Number(high), ...condition };
  return type === 'quniform' ? { type, ...bounds, step: Number(step) } : { type, ...bounds };
}

/** Numbers where the parameter takes numbers; a text that is none stays, for the schema to refuse by name. */
function valuesOf(name: ParameterName, text: string): ParamValue[] {
  const isCategory = parameterKind(name).kind === 'category';
  return listed(text).map((item) => (isCategory || Number.isNaN(Number(item)) ? item : Number(item)));
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
