import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/**
 * Make a parser of an option's text for commander: what it does not take, it refuses with the words given.
 *
 * @param expected what a value must be, such as "a whole number from 1 to 1000"
 */
export function optionParser<T>(schema: z.ZodType<T>, expected: string): (text: string) => T {
  return (text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

const MAX_PATH_LENGTH = 4096;
const MAX_REASON_LENGTH = 500;

/** A path of a file or folder. Whether it can be used shows when it is. */
export const parsePath = optionParser(
  z
    .string()
    .min(1)
    .max(MAX_PATH_LENGTH)
    .regex(/^[^\0]+$/),
  'a path',
);

/** Why the gate is overridden; travels with the model. */
export const parseReason = optionParser(
  z.string().trim().min(1).max(MAX_REASON_LENGTH),
  `a reason of 1 to ${MAX_REASON_LENGTH} characters`,
);

/** A whole number within a schema's bounds, in plain digits: no sign but a minus, no exponent, no blanks. */
export function wholeNumberParser(schema: z.ZodNumber): (text: string) => number {
  const digits = z
    .string()
    .regex(/^-?\d{1,10}$/)
    .transform(Number);
  return optionParser(digits.pipe(schema), `a whole number from ${boundsText(schema)}`);
}

/** A number within a schema's bounds, in plain decimals such as 0.85. */
export function decimalParser(schema: z.ZodNumber): (text: string) => number {
  const decimals = z
    .string()
    .regex(/^\d{0,9}\.?\d{1,17}$/)
    .transform(Number);
  return optionParser(decimals.pipe(schema), `a number from ${boundsText(schema)}`);
}

function boundsText({ minValue, maxValue }: z.ZodNumber): string {
  return `${minValue?.toLocaleString('en')} to ${maxValue?.toLocaleString('en')}`;
}

/** An option that takes a path. */
export function pathOption(flags: string, description: string, isNeeded: boolean): Option {
  return new Option(flags, description).argParser(parsePath).makeOptionMandatory(isNeeded);
}

/** An option that takes a number and has one where it is left out. */
export function numberOption(
  flags: string,
  description: string,
  parse: (text: string) => number,
  value: number,
): Option {
  return new Option(flags, description).argParser(parse).default(value);
}
