import businessRules from './business_rules.json';
import subscribers from './subscribers.json';
import joined from './subscribers_joined.json';
import { parseSuite, type Suite, type SuiteTable } from './suite-file';
import tags from './tags.json';
import transactions from './transactions.json';

/** Names of the suites, in the order they are run. */
export const SUITE_NAMES = [
  'subscribers',
  'tags',
  'transactions',
  'subscribers_joined',
  'business_rules',
] as const;

export type SuiteName = (typeof SUITE_NAMES)[number];

const FILES: Readonly<Record<SuiteName, unknown>> = {
  subscribers,
  tags,
  transactions,
  subscribers_joined: joined,
  business_rules: businessRules,
};

/** The suites that are run where no others are given. */
export const DEFAULT_SUITES: readonly Suite[] = SUITE_NAMES.map((name) => {
  const suite = parseSuite(FILES[name], name);
  if (!suite.ok) throw new Error(suite.error.message);
  return suite.value;
});

/** The default suites, with those in the place of which another is given exchanged by name. */
export function suitesWith(others: readonly Suite[]): readonly Suite[] {
  return DEFAULT_SUITES.map((suite) => others.find(({ name }) => name === suite.name) ?? suite);
}

/** The default suite of a name. */
export function defaultSuite(name: SuiteName): Suite {
  const suite = DEFAULT_SUITES.find((known) => known.name === name);
  if (suite === undefined) throw new Error(`Expected a suite ${name}`);
  return suite;
}

/** Table that the suite of a name is about. */
export function suiteTable(name: SuiteName): SuiteTable {
  return defaultSuite(name).meta.table;
}
