import { z } from 'zod';
import { type Failure, fail, type Result, succeed } from '@/lib/core/result';
import type { BoundSuite, Expectation, ExpectationType } from '../expectations/expectation';
import { KWARGS_SCHEMAS } from '../expectations/expectation-kwargs';
import { severitySchema } from '../suite-result';
import {
  parametersIn,
  SAMPLE_PARAMETERS,
  SUITE_PARAMETER_NAMES,
  type SuiteParameters,
  UnknownParameter,
  withParameters,
} from './suite-parameters';

/** Tables that a suite can be about. */
export const SUITE_TABLES = ['Subscribers', 'Tags', 'Transactions', 'subscribers_joined'] as const;

export type SuiteTable = (typeof SUITE_TABLES)[number];

const meta = z.record(z.string(), z.json());
const optionalId = z.string().nullish();
const notes = z.union([z.string(), z.array(z.string())]).nullish();

const entrySchema = z.strictObject({
  type: z.string(),
  kwargs: z.record(z.string(), z.json()),
  severity: severitySchema.default('critical'),
  meta: meta.nullish(),
  description: z.string().nullish(),
  notes,
  id: optionalId,
});

const suiteSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, 'must be lower-case letters, digits and _'),
  /** `table` says which table the suite judges. */
  meta: z.looseObject({ table: z.enum(SUITE_TABLES) }),
  /** As many as the results that may go to the server with a study. */
  expectations: z.array(entrySchema).max(1_000, 'holds more than 1,000 checks'),
  notes,
  id: optionalId,
});

/** A suite as its file holds it: parameters are still names. */
export type Suite = z.output<typeof suiteSchema>;

/** One expectation of it. */
export type SuiteEntry = Suite['expectations'][number];

/** Parse the text of a suite file. @returns a failure `suite_unreadable`, as `parseSuite` */
export function parseSuiteText(text: string, name: string): Result<Suite> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unreadable(
      `Suite ${name} is no JSON: ${error.message.replace(/\.$/, '')}.`,
      'Look at the place that is named: a comma, a quote or a bracket is missing or too much.',
    );
  }
  return parseSuite(value, name);
}

/**
 * Parse a suite, as Great Expectations 1.x writes one: name, meta, expectations. Null arguments count as left out. Every
 * argument is checked, with made-up values in the place of parameters.
 *
 * @param name what the suite is to be called; another name in the file is a fault
 * @returns a failure `suite_unreadable` that names suite, position (from 1), type and key
 */
export function parseSuite(value: unknown, name: string): Result<Suite> {
  const parsed = suiteSchema.safeParse(value);
  if (!parsed.success) return shapeFault(parsed.error, value, name);
  const suite = parsed.data;
  if (suite.name !== name) {
    return unreadable(
      `Suite ${name} calls itself ${suite.name}.`,
      `Write "name": "${name}", or give it to the suite ${suite.name}.`,
    );
  }
  for (const [index, entry] of suite.expectations.entries()) {
    const fault = entryFault(entry, SAMPLE_PARAMETERS);
    if (fault !== null) {
      const place = `Suite ${name}, check ${index + 1} (${entry.type})`;
      return unreadable(`${place}: ${fault.message}`, fault.hint);
    }
  }
  return succeed(suite);
}

/**
 * Fill in a suite's parameters.
 *
 * @throws Error where an argument does not fit; `parseSuite` has seen to it that none does for any data
 */
export function boundSuite(suite: Suite, parameters: SuiteParameters): BoundSuite {
  return {
    name: suite.name,
    table: suite.meta.table,
    expectations: suite.expectations.map((entry) => boundEntry(entry, parameters)),
    parameters: referredParameters(suite, parameters),
  };
}

/** The parameters that a suite refers to, with their values. */
function referredParameters(suite: Suite, parameters: SuiteParameters): BoundSuite['parameters'] {
  const names = parametersIn(suite.expectations.map(({ kwargs }) => kwargs));
  const entries = names.map((name) => [name, withParameters({ $PARAMETER: name }, parameters)]);
  return z.record(z.string(), z.json()).parse(Object.fromEntries(entries));
}

function boundEntry(entry: SuiteEntry, parameters: SuiteParameters): Expectation {
  if (!isExpectationType(entry.type)) throw new Error(`Expected a known expectation, got ${entry.type}`);
  const kwargs = KWARGS_SCHEMAS[entry.type].parse(filledKwargs(entry, parameters));
  const { type, severity } = entry;
  const description = entry.description ?? undefined;
  // The type and its own schema's output belong together, which an index into the schemas cannot say.
  return { type, kwargs, severity, ...(description === undefined ? {} : { description }) } as Expectation;
}

function filledKwargs({ kwargs }: SuiteEntry, parameters: SuiteParameters): unknown {
  const given = Object.entries(kwargs).filter(([, value]) => value !== null);
  return withParameters(Object.fromEntries(given), parameters);
}

/** Say whether a name is one of an expectation. */
export function isExpectationType(name: string): name is ExpectationType {
  return Object.hasOwn(KWARGS_SCHEMAS, name);
}

/** Say what is wrong with a check that stands by itself, without parameters; null where it is sound. */
export function checkFault(entry: Pick<SuiteEntry, 'type' | 'kwargs' | 'severity'>): string | null {
  return entryFault(entry, SAMPLE_PARAMETERS)?.message ?? null;
}

type Fault = Pick<Failure, 'message' | 'hint'>;

function entryFault(entry: SuiteEntry, parameters: SuiteParameters): Fault | null {
  const { type } = entry;
  if (!isExpectationType(type)) {
    return {
      message: 'there is no such expectation.',
      hint: `Did you mean ${nearest(type, Object.keys(KWARGS_SCHEMAS))}?`,
    };
  }
  try {
    const checked = KWARGS_SCHEMAS[type].safeParse(filledKwargs(entry, parameters));
    return checked.success ? null : kwargsFault(type, checked.error);
  } catch (error) {
    if (!(error instanceof UnknownParameter)) throw error;
    return {
      message: `there is no parameter ${error.parameter}.`,
      hint: `Parameters are: ${SUITE_PARAMETER_NAMES.join(', ')}.`,
    };
  }
}

function kwargsFault(type: ExpectationType, { issues }: z.ZodError): Fault {
  const known = Object.keys(KWARGS_SCHEMAS[type].shape);
  const hint = `Its arguments are: ${known.join(', ')}.`;
  const [issue] = issues;
  if (issue === undefined) return { message: 'its arguments do not fit.', hint };
  if (issue.code === 'unrecognized_keys') {
    return { message: `it takes no argument ${issue.keys.join(', ')}.`, hint };
  }
  return { message: `${issue.path.length === 0 ? 'it' : issue.path.join('.')} ${fits(issue)}.`, hint };
}

function shapeFault({ issues }: z.ZodError, value: unknown, name: string): Result<never> {
  const [issue] = issues;
  const path = issue?.path ?? [];
  const [first, position, ...rest] = path;
  const isInCheck = first === 'expectations' && typeof position === 'number';
  const type = isInCheck ? typeAt(value, position) : '';
  const place = isInCheck ? `Suite ${name}, check ${position + 1}${type}` : `Suite ${name}`;
  const key = (isInCheck ? rest : path).join('.');
  const hint = isInCheck
    ? 'A check has: type, kwargs, severity (critical, warning or info), and maybe meta, description, notes.'
    : `A suite has: name, meta with table (${SUITE_TABLES.join(', ')}), and expectations.`;
  if (issue === undefined) return unreadable(`${place} does not fit.`, hint);
  const what =
    issue.code === 'unrecognized_keys'
      ? `${key === '' ? 'it' : key} has no key ${issue.keys.join(', ')}`
      : `${key === '' ? 'it' : key} ${fits(issue)}`;
  return unreadable(`${place}: ${what}.`, hint);
}

function fits({ message }: { readonly message: string }): string {
  const expected = /^Invalid (?:input|option): expected (.*)$/.exec(message)?.[1];
  if (expected === undefined) return message.charAt(0).toLowerCase() + message.slice(1);
  if (expected.endsWith(', received undefined')) return 'is missing';
  return `does not fit: expected ${expected}`;
}

function typeAt(value: unknown, position: number): string {
  const named = z
    .object({ expectations: z.array(z.unknown()) })
    .transform(({ expectations }) => expectations[position])
    .pipe(z.object({ type: z.string() }))
    .safeParse(value);
  return named.success ? ` (${named.data.type})` : '';
}

/** The name that shares most pairs of letters with a wrong one. */
function nearest(wrong: string, names: readonly string[]): string {
  const pairs = (text: string) =>
    new Set(Array.from({ length: text.length }, (_, i) => text.slice(i, i + 2)));
  const own = pairs(wrong);
  const shared = (name: string) => {
    const theirs = pairs(name);
    const n = [...theirs].filter((pair) => own.has(pair)).length;
    return n / (own.size + theirs.size - n);
  };
  return names.reduce((best, name) => (shared(name) > shared(best) ? name : best));
}

function unreadable(message: string, hint: string): ReturnType<typeof fail> {
  return fail('suite_unreadable', message, hint);
}
