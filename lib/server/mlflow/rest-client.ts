import { z } from 'zod';
import type { MlflowAnswer, MlflowRequest, Transport } from './http-transport';
import { type AwayCode, MlflowAway, MlflowRefused } from './mlflow-failures';

/** Calls to a REST API whose answers are JSON. Every call throws `MlflowAway`, `MlflowRefused` or the signal's reason. */
export interface RestClient {
  /** `path` below the API's root. */
  get<S extends z.ZodType>(
    path: string,
    query: Readonly<Record<string, string>>,
    schema: S,
  ): Promise<z.output<S>>;
  send<S extends z.ZodType>(
    path: string,
    json: unknown,
    schema: S,
    method?: 'POST' | 'DELETE',
  ): Promise<z.output<S>>;
  /** Store bytes at a path below the server's address. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** The text at a path below the server's address, at most 100 bytes; empty where there is none. */
  text(path: string): Promise<string>;
}

const ROOT = '/api/2.0/mlflow';
const MAX_TEXT_BYTES = 100;
/** Bounds the pages of a list, should a server give a page token for ever. */
const MAX_PAGES = 1000;

/**
 * For answers that say no more than that it was done. Anything else with status 200, such as a proxy's page for logging
 * in, is no word of MLflow's.
 */
export const DONE = z.strictObject({});

/**
 * Describe an answer that is a page of a list. MLflow leaves an empty list out; an answer with something else in its
 * place is not MLflow's, and must not be taken for an empty list.
 */
export function pageOf<K extends string, S extends z.ZodType>(key: K, item: S) {
  return z
    .looseObject({ next_page_token: z.string().optional() })
    .refine((answer) => key in answer || Object.keys(answer).length === 0)
    .transform((answer, context) => {
      const items = z.array(item).safeParse(answer[key] ?? []);
      if (items.success) return { items: items.data, nextPageToken: answer.next_page_token || null };
      context.addIssue({ code: 'custom', message: `${key} is not as documented` });
      return z.NEVER;
    });
}

const errorSchema = z.object({ error_code: z.string(), message: z.string().default('') });

/** Put calls over a transport. An answer that is not as documented counts as no answer. `signal` ends every call. */
export function createRestClient(transport: Transport, signal: AbortSignal): RestClient {
  const answered = async (request: MlflowRequest): Promise<MlflowAnswer> => {
    const answer = await transport.send(request, signal);
    if (answer.status === 200) return answer;
    throw failureOf(answer);
  };
  const call = async <S extends z.ZodType>(request: MlflowRequest, schema: S): Promise<z.output<S>> => {
    const parsed = schema.safeParse(jsonOf((await answered(request)).body));
    if (parsed.success) return parsed.data;
    throw unreadable();
  };
  return {
    get: (path, query, schema) =>
      call({ method: 'GET', path: `${ROOT}${path}?${new URLSearchParams(query)}` }, schema),
    send(path, json, schema, method = 'POST') {
      const body = { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(json), 'utf8') };
      return call({ method, path: `${ROOT}${path}`, body }, schema);
    },
    async put(path, bytes) {
      const body = { contentType: 'application/octet-stream', bytes };
      const said = (await answered({ method: 'PUT', path, body })).body.toString('utf8').trim();
      if (said !== '' && said !== '{}') throw unreadable();
    },
    async text(path) {
      const answer = await transport.send({ method: 'GET', path }, signal);
      if (answer.status === 200) return answer.body.toString('utf8', 0, MAX_TEXT_BYTES);
      if (answer.status === 404) return '';
      throw failureOf(answer);
    },
  };
}

/** Gather a list that comes in pages. `page` is given the token of the next, none for the first. */
export async function allPages<T>(
  page: (
    token: Readonly<Record<string, string>>,
  ) => Promise<{ readonly items: readonly T[]; readonly nextPageToken: string | null }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: Readonly<Record<string, string>> = {};
  for (let nPages = 0; nPages < MAX_PAGES; nPages++) {
    const { items, nextPageToken } = await page(token);
    all.push(...items);
    if (nextPageToken === null) return all;
    token = { page_token: nextPageToken };
  }
  throw unreadable();
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Tell a server that cannot answer now from one that refuses this request. */
function failureOf(answer: MlflowAnswer): MlflowAway | MlflowRefused {
  const { status, body, retryAfterMs } = answer;
  // Whatever it says, it may have done it all the same; to look costs little.
  const away = (code: AwayCode, message: string) => new MlflowAway(code, message, { retryAfterMs });
  if (status === 401 || status === 403) {
    return away('mlflow_login_refused', `The MLflow server refuses the login (${status}).`);
  }
  if (status === 408 || status === 425 || status === 429) {
    return away('mlflow_busy', `The MLflow server is busy (${status}).`);
  }
  if (status >= 500) return away('mlflow_broken', `The MLflow server has an error of its own (${status}).`);
  const error = errorSchema.safeParse(jsonOf(body));
  if (error.success) return new MlflowRefused(status, error.data.error_code, error.data.message);
  // A proxy words it in its own way.
  if (status === 413) return new MlflowRefused(status, '', 'The request is too large.');
  return unreadable();
}

/** Say that an answer is not MLflow's. */
export function unreadable(): MlflowAway {
  return new MlflowAway('mlflow_answer_unreadable', 'The server does not answer as MLflow does.');
}
