import type { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { parsedJson, type SourcedJson } from './json-source';
import { PARAMETER_NAMES } from './parameter-catalogue';
import { type SearchSpace, searchSpaceSchema } from './search-space';

type Issue = z.core.$ZodIssue;

/** What is wrong, as a sentence without its place and full stop, and what to do about it. */
interface Fault {
  readonly what: string;
  readonly hint: string;
}

/** What the distribution types take beside `type` and `when`. */
const TAKES: Readonly<Record<string, string>> = {
  uniform: 'low and high',
  loguniform: 'low and high, above 0',
  quniform: 'low, high and step',
  randint: 'low and high, both inclusive',
  lograndint: 'low and high, both inclusive and above 0',
  choice: 'values, a list',
};
const TYPES = Object.keys(TAKES).join(', ');

/** XGBoost's other names for parameters, and those of other tools. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  eta: 'learning_rate',
  alpha: 'reg_alpha',
  lambda: 'reg_lambda',
  min_split_loss: 'gamma',
  num_boost_round: 'n_estimators',
  num_round: 'n_estimators',
};

/** Most faults told at once. */
const MOST_TOLD = 3;

/**
 * Read a search space from a JSON text that a person wrote: an object with XGBoost's parameters as names and distributions
 * as values, as `searchSpaceText` writes it.
 *
 * @returns a failure `bad_json` where the text is no JSON, or `bad_search_space`, which names each parameter that is wrong
 * with the line it stands in, what is wrong with it, and what to do
 */
export function parseSearchSpace(text: string): Result<SearchSpace> {
  const source = parsedJson(text);
  if (!source.ok) return source;
  const space = searchSpaceSchema.safeParse(source.value.value);
  if (space.success) return succeed(space.data);
  const faults = space.error.issues.map((issue) => ({ ...faultOf(issue, source.value.value), issue }));
  const told = faults.slice(0, MOST_TOLD).map(({ what, issue }) => `${placed(what, issue, source.value)}.`);
  const nMore = faults.length - told.length;
  const rest = nMore > 0 ? [`There ${nMore === 1 ? 'is 1 more fault' : `are ${nMore} more faults`}.`] : [];
  return fail('bad_search_space', [...told, ...rest].join(' '), faults[0]?.hint ?? '');
}

/**
 * Write a search space as JSON that reads well: one parameter a line, in the order they are shown.
 *
 * @example searchSpaceText({ n_estimators: { type: 'randint', low: 50, high: 200 } })
 * // '{\n  "n_estimators": { "type": "randint", "low": 50, "high": 200 }\n}\n'
 */
export function searchSpaceText(space: SearchSpace): string {
  const lines = PARAMETER_NAMES.flatMap((name) => {
    const distribution = space[name];
    return distribution === undefined ? [] : [`  ${JSON.stringify(name)}: ${inOneLine(distribution)}`];
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{ ${parts.map(([key, part]) => `${JSON.stringify(key)}: ${inOneLine(part)}`).join(', ')} }`;
}

/** Say in which line it is, but of what is missing. */
function placed(what: string, issue: Issue, source: SourcedJson): string {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...keys];
  return path.length === 0 ? what : `Line ${source.placeOf(path).line}: ${what}`;
}

function faultOf(issue: Issue, value: unknown): Fault {
  const [name, key] = issue.path.map(String);
  if (name === undefined) return wholeFault(issue);
  const given = partAt(value, [name]);
  if (given === undefined) {
    return {
      what: `${name} is missing, and every trial needs it`,
      hint: `Add "${name}": { "type": "randint", "low": 50, "high": 200 }.`,
    };
  }
  if (issue.code === 'custom') return { what: issue.message, hint: `Change ${name}, or take it out.` };
  const type = String(partAt(given, ['type']));
  const takes = TAKES[type];
  if (key === undefined && issue.code !== 'unrecognized_keys') {
    const example = '{ "type": "uniform", "low": 0.5, "high": 1 }';
    return { what: `${name} is no distribution`, hint: `Write an object such as ${example}.` };
  }
  if (key === 'type') return typeFault(name, partAt(given, ['type']));
  const hint = takes === undefined ? `Types are ${TYPES}.` : `${type} takes ${takes}; any may have when.`;
  if (issue.code === 'unrecognized_keys') {
    return { what: `${name} has ${issue.keys.join(', ')}, which ${placeName(issue)} does not take`, hint };
  }
  return { what: partFault(issue, value), hint: key === 'when' ? WHEN_HINT : hint };
}

const WHEN_HINT =
  'Write "when": { "parameter": NAME, "isIn": [VALUES] }, for example { "parameter": "grow_policy", "isIn": ["lossguide"] }.';

/** Where an unknown key stands: the distribution itself, or its condition. */
function placeName({ path }: Issue): string {
  return path.length > 1 ? String(path.at(-1)) : 'it';
}

/** A fault of the whole: no object, or names that are no parameters. */
function wholeFault(issue: Issue): Fault {
  if (issue.code !== 'unrecognized_keys') {
    return {
      what: 'A search space is an object with parameters as names',
      hint: 'Begin with { and write "max_depth": { "type": "randint", "low": 3, "high": 8 }.',
    };
  }
  const [first = ''] = issue.keys;
  const meant = OTHER_NAMES[first] ?? nearest(first, PARAMETER_NAMES);
  const what = `${issue.keys.join(', ')} ${issue.keys.length === 1 ? 'is no parameter' : 'are no parameters'} that can be searched`;
  if (meant !== null) return { what, hint: `Write ${meant} if that is what ${first} means.` };
  return { what, hint: `Take it out, or choose among ${PARAMETER_NAMES.join(', ')}.` };
}

function typeFault(name: string, type: unknown): Fault {
  if (type === undefined) return { what: `${name} has no type`, hint: `Give it one of ${TYPES}.` };
  const text = JSON.stringify(type);
  const meant = typeof type === 'string' ? nearest(type, Object.keys(TAKES)) : null;
  return {
    what: `${name} has the type ${text}, which there is not`,
    hint: meant === null ? `Types are ${TYPES}.` : `Write ${meant} if that is what ${text} means.`,
  };
}

/** A fault of one part of a distribution, such as its bounds. */
function partFault(issue: Issue, value: unknown): string {
  const [name, ...inner] = issue.path.map(String);
  const where = `${name} ${inner.join(' ')}`;
  const given = partAt(value, issue.path);
  if (given === undefined) return `${name} has no ${inner.join(' ')}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${where} is ${JSON.stringify(given)}, not a ${issue.expected}`;
    case 'too_small':
      return issue.origin === 'array' ? `${where} is empty` : `${where} must be above ${issue.minimum}`;
    case 'too_big':
      return `${where} has more than ${issue.maximum}`;
    case 'invalid_value':
      return `${where} is ${JSON.stringify(given)}, which is no parameter`;
    default:
      return `${where} is ${JSON.stringify(given)}, neither a number nor a text`;
  }
}

function partAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => {
    const isHolder = typeof part === 'object' && part !== null && Object.hasOwn(part, key);
    return isHolder ? Reflect.get(part, key) : undefined;
  }, value);
}

/** Find the name that differs by at most two letters, or null. */
function nearest(given: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= 2 ? best.name : null;
}

/** Count the letters to change, add or drop (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= Math.min(a.length, 60); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
