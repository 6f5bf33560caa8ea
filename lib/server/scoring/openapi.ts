import { z } from 'zod';
import { liveAnswerSchema } from '@/lib/scoring/live/live-answer';
import { LIVE_COLUMNS, liveLeadSchema, MAX_LIVE_LEADS } from '@/lib/scoring/live/live-lead';
import { SCORE_STATUS, scoreQuerySchema } from './score-request';

/** What a failure is answered with, whatever it is. */
export const failureSchema = z.strictObject({ code: z.string(), message: z.string(), hint: z.string() });

/** The body of a request in JSON. */
export const liveBatchSchema = z.strictObject({ leads: z.array(liveLeadSchema).min(1).max(MAX_LIVE_LEADS) });

const jsonSchema = (schema: z.ZodType) => {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input' });
  return body;
};

const WORDS: Readonly<Record<number, string>> = {
  400: 'A lead does not fit; the message names row and column.',
  404: 'There is no such model.',
  409: 'The model cannot be used.',
  413: 'Too many leads, or too many bytes.',
  415: 'Neither JSON nor CSV.',
  429: 'Too much waits already.',
  503: 'The process that scores was lost; the next request finds a new one.',
  507: 'The folder of models cannot be used.',
};

/** Describe live scoring as OpenAPI 3.1, made from the very schemas that requests and answers are checked against. */
export function openApiDocument(version: string): Readonly<Record<string, unknown>> {
  const query = jsonSchema(scoreQuerySchema);
  const parameters = Object.entries(query.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    description:
      name === 'model' ? 'Id of a model; the one in use where left out.' : 'Reasons a lead is given, 0 to 5.',
    schema,
  }));
  const failures = [...new Set(Object.values(SCORE_STATUS))].sort((a, b) => a - b);
  return {
    openapi: '3.1.0',
    info: { title: 'Leadbench live scoring', version, license: { name: 'MIT' } },
    paths: {
      '/api/score': {
        post: {
          operationId: 'scoreLeads',
          summary: 'Score leads: calibrated probability of a purchase, tier and reasons.',
          description: `Up to ${MAX_LIVE_LEADS} leads of raw columns. Columns that the model is made of must be there, if only as null. Nothing of a lead is logged or stored.`,
          security: [{ token: [] }],
          parameters,
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Batch' } },
              'text/csv': {
                schema: {
                  type: 'string',
                  description: `A header of ${LIVE_COLUMNS.join(', ')}, as many of them as the model needs; tags with semicolons between; an empty cell is null.`,
                },
              },
            },
          },
          responses: {
            200: {
              description: 'One answer a lead, in their order.',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
            },
            ...Object.fromEntries(
              failures.map((status) => [
                status,
                {
                  description: WORDS[status] ?? 'It could not be done.',
                  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
                },
              ]),
            ),
          },
        },
      },
    },
    components: {
      schemas: {
        Batch: jsonSchema(liveBatchSchema),
        Answer: jsonSchema(liveAnswerSchema),
        Failure: jsonSchema(failureSchema),
      },
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Leadbench-Token',
          description:
            'The token in .leadbench/control.json of the folder that the server works on. Requests name their own address as Origin too.',
        },
      },
    },
  };
}
