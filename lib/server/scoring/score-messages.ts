import { z } from 'zod';

/** What a scoring process is asked: a batch as it came over the wire, and the model that lies in a folder. */
export const scoreRequestSchema = z.strictObject({
  id: z.int(),
  modelFolder: z.string(),
  modelId: z.string(),
  format: z.enum(['json', 'csv']),
  body: z.instanceof(Uint8Array),
  nReasons: z.int(),
});

/** What it answers: the text to send on, or why there is none. */
export const scoreReplySchema = z.strictObject({
  id: z.int(),
  result: z.union([
    z.strictObject({ ok: z.literal(true), value: z.string() }),
    z.strictObject({
      ok: z.literal(false),
      error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
    }),
  ]),
});

export type ScoreRequest = z.infer<typeof scoreRequestSchema>;
export type ScoreReply = z.infer<typeof scoreReplySchema>;
