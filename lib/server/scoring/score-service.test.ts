import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeAt } from '@/lib/server/storage/home';
import { bundleNode } from '@/lib/setup/bundle.mjs';
import { projectRoot } from '@/lib/testing/engine';
import { liveBatchSchema, openApiDocument } from './openapi';
import { parsedScoreRequest } from './score-request';
import { createScoreService } from './score-service';

let folder: string;
let childPath: string;
beforeAll(async () => {
  await mkdir(join(projectRoot, '.build'), { recursive: true });
  folder = await mkdtemp(join(projectRoot, '.build', 'test-scoring-'));
  await bundleNode({ root: projectRoot, names: ['score-child'], outdir: folder });
  childPath = join(folder, 'score-child.mjs');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const modelId = `model-${'0'.repeat(20)}`;
const batch = () => ({
  modelFolder: join(folder, modelId),
  modelId,
  format: 'json' as const,
  body: new TextEncoder().encode('{"leads":[]}'),
  nReasons: 3,
});
const codeOf = async (
  result: Promise<Awaited<ReturnType<ReturnType<typeof createScoreService>['score']>>>,
) => {
  const { ok, ...rest } = await result;
  return ok ? 'scored' : (rest as { error: { code: string } }).error.code;
};

describe('createScoreService', () => {
  it('asks one process, which is begun anew after it was lost', async () => {
    const service = createScoreService({ childPath });
    expect(service.pid()).toBeNull();
    expect(await codeOf(service.score(batch()))).toBe('model_unknown');
    const first = service.pid();
    expect(await codeOf(service.score(batch()))).toBe('model_unknown');
    expect(service.pid()).toBe(first);
    // Stopped, so that it cannot answer before it is killed.
    process.kill(first ?? 0, 'SIGSTOP');
    const lost = service.score(batch());
    process.kill(first ?? 0, 'SIGKILL');
    expect(await codeOf(lost)).toBe('scoring_failed');
    expect(await codeOf(service.score(batch()))).toBe('model_unknown');
    expect(service.pid()).not.toBe(first);
    await service.close();
    expect(service.pid()).toBeNull();
  });

  it('ends a process that gives no answer in time', async () => {
    const service = createScoreService({ childPath, timeoutMs: 1 });
    expect(await codeOf(service.score(batch()))).toBe('scoring_failed');
    expect(service.pid()).toBeNull();
  });

  it('lets no more wait than it can bear', async () => {
    const service = createScoreService({ childPath });
    const codes = await Promise.all(Array.from({ length: 300 }, () => codeOf(service.score(batch()))));
    expect(codes.filter((code) => code === 'model_unknown')).toHaveLength(256);
    expect(codes.filter((code) => code === 'scoring_busy')).toHaveLength(44);
    await service.close();
  });
});

describe('parsedScoreRequest', () => {
  const home = () => homeAt(folder);
  const asked = async (query: string, type: string | null, body = '{}') => {
    const headers = type === null ? undefined : { 'content-type': type };
    const request = new Request(`http://localhost/api/score${query}`, { method: 'POST', body, headers });
    const parsed = await parsedScoreRequest(request, home());
    return parsed.ok ? parsed.value : parsed.error.code;
  };

  it('reads model, reasons and format', async () => {
    expect(await asked(`?model=${modelId}&reasons=0`, 'text/csv; charset=utf-8', 'tags')).toEqual({
      modelFolder: home().modelFolder(modelId),
      modelId,
      format: 'csv',
      body: Buffer.from('tags'),
      nReasons: 0,
    });
    expect(await asked(`?model=${modelId}`, 'application/json')).toMatchObject({
      format: 'json',
      nReasons: 3,
    });
  });

  it.each([
    ['', 'application/json', 'model_unknown'],
    [`?model=${modelId}`, 'application/xml', 'unsupported_format'],
    [`?model=${modelId}&reasons=9`, 'application/json', 'bad_input'],
    [`?model=${modelId}&resons=1`, 'application/json', 'bad_input'],
    ['?model=../etc', 'application/json', 'bad_id'],
  ])('refuses %s as %s: %s', async (query, type, code) => {
    expect(await asked(query, type)).toBe(code);
  });

  it('refuses a body beyond its limit', async () => {
    expect(await asked(`?model=${modelId}`, 'application/json', 'x'.repeat(33 * 1024 * 1024))).toBe(
      'payload_too_large',
    );
  });
});

describe('openApiDocument', () => {
  const document = openApiDocument('1.2.3') as unknown as {
    components: { schemas: Record<string, { properties: Record<string, Schema>; required: string[] }> };
    paths: Record<string, { post: { parameters: { name: string }[]; responses: object } }>;
  };
  interface Schema {
    readonly items?: Schema & {
      readonly properties: Record<string, Schema>;
      readonly additionalProperties: boolean;
    };
    readonly maxItems?: number;
  }

  it('describes what the schemas take, column by column', () => {
    const leads = document.components.schemas.Batch?.properties.leads;
    expect(leads?.maxItems).toBe(10_000);
    const columns = liveBatchSchema.shape.leads.element.shape;
    expect(Object.keys(leads?.items?.properties ?? {})).toEqual(Object.keys(columns));
    expect(leads?.items?.additionalProperties).toBe(false);
    expect(document.paths['/api/score']?.post.parameters.map(({ name }) => name)).toEqual([
      'model',
      'reasons',
    ]);
    expect(document.components.schemas.Answer?.required).toEqual(['model_id', 'leads']);
    expect(document.components.schemas.Failure?.required).toEqual(['code', 'message', 'hint']);
    expect(Object.keys(document.paths['/api/score']?.post.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '404', '413', '415', '429', '503']),
    );
  });
});
