/** An expected failure, worded for the user: what is wrong and where, and what to do about it. */
export interface Failure {
  /** Stable snake_case name, for tests and for code that reacts to it. */
  readonly code: string;
  /** One sentence that says what is wrong and where. */
  readonly message: string;
  /** One sentence that says what to do. */
  readonly hint: string;
}

/** What crosses a boundary (worker, wire, file, command line): a value, or an expected failure. Bugs throw instead. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

/** Wrap a value as a success. */
export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Build an expected failure. */
export function fail(
  code: string,
  message: string,
  hint: string,
): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { code, message, hint } };
}

/**
 * Carries an expected failure out of deep code to the boundary that turns it into a `Result`.
 * Throw it only where a `Result` would have to be handed through many frames.
 */
export class ExpectedFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'ExpectedFailure';
    this.failure = failure;
  }
}

/** Make the compiler prove that a union is handled whole. @throws Always, naming the unhandled value. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
