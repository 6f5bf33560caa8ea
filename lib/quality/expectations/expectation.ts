import type { z } from 'zod';
import type { Severity } from '../suite-result';
import type { KWARGS_SCHEMAS } from './expectation-kwargs';

/** Arguments of each type of expectation, as they come out of their schema. */
export type ExpectationTypes = {
  readonly [T in keyof typeof KWARGS_SCHEMAS]: Readonly<z.output<(typeof KWARGS_SCHEMAS)[T]>>;
};

/** Name of an expectation. */
export type ExpectationType = keyof ExpectationTypes;

/** One expectation of a suite: what is expected, with which arguments, and how much a failure matters. */
export type Expectation<T extends ExpectationType = ExpectationType> = {
  readonly [P in T]: {
    readonly type: P;
    readonly kwargs: ExpectationTypes[P];
    readonly severity: Severity;
    /** What the check is for, in words; told where it fails. */
    readonly description?: string | undefined;
  };
}[T];

/** A suite whose parameters have been filled in: a named list of expectations on one table. */
export interface BoundSuite {
  readonly name: string;
  /** Table the suite is about, as sentences name it. */
  readonly table: string;
  readonly expectations: readonly Expectation[];
  /** The parameters that the suite refers to, with their values. */
  readonly parameters: Readonly<Record<string, z.core.util.JSONType>>;
}
