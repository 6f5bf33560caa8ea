import type { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';

/** Parse what came over the wire. Fails with `bad_input`, naming the field, never repeating its value. */
export function parsedInput<T>(schema: z.ZodType<T>, input: unknown): Result<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return succeed(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : 'the input';
  return fail(
    'bad_input',
    `The request’s ${field} does not fit: ${issue?.message ?? 'unknown reason'}.`,
    'Reload the page and try again.',
  );
}
