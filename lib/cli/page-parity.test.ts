import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '@/lib/core/result';
import { crmBytes } from '@/lib/demo/generate-crm';
import { parseValidationScores } from '@/lib/evaluation/scorecard/validation-scores';
import { type FeatureChoices, featureChoicesSchema } from '@/lib/features/choices';
import { LEAD_LIST_COLUMNS } from '@/lib/scoring/export/lead-columns';
import { LEAD_FILES, LEAD_FORMATS } from '@/lib/scoring/export/lead-formats';
import { liveAnswerSchema } from '@/lib/scoring/live/live-answer';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { DEFAULT_STRATEGY_PLAN } from '@/lib/scoring/strategy/strategy-plan';
import { createModelMaker } from '@/lib/server/models/make-model';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { createScoreService } from '@/lib/server/scoring/score-service';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import { type EngineOpener, trainingEngineOpener } from '@/lib/server/studies/open-training-engine';
import { createStudyService } from '@/lib/server/studies/study-service';
import { bundleNode } from '@/lib/setup/bundle.mjs';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { projectRoot } from '@/lib/testing/engine';
import { loadSqlJs } from '@/lib/testing/sqlite';
import { createCrmReader } from '@/lib/workers/crm-reader';
import packageInfo from '@/package.json';

let cli: TestCli;
let openEngine: EngineOpener;
let scoreChildPath: string;
beforeAll(async () => {
  cli = await openTestCli();
  const outdir = dirname(cli.engineChildPath);
  await bundleNode({ root: projectRoot, names: ['score-child'], outdir });
  scoreChildPath = join(outdir, 'score-child.mjs');
  openEngine = trainingEngineOpener({
    root: projectRoot,
    childPath: cli.engineChildPath,
    env: process.env,
    onLog: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await openEngine.close();
  await cli.close();
});

const bytesOf = (folder: string, ...names: readonly string[]) => readFileSync([folder, ...names].join('/'));
const textOf = (folder: string, ...names: readonly string[]) => bytesOf(folder, ...names).toString('utf8');

function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Raw leads, sent to the process that scores live, must get the scores, tiers and reasons of the lead list. */
async function expectLiveScores(
  home: Home,
  modelId: string,
  texts: Readonly<Record<'joined' | 'leads', string>>,
) {
  const [joined, scored] = [texts.joined, texts.leads].map(
    (text) => Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data,
  );
  const scoredById = new Map(scored?.map((lead) => [lead.mailchimp_id, lead]));
  const sample = (joined ?? []).filter(({ mailchimp_id: id }, row) => id !== '' && row % 9 === 0);
  expect(sample.length).toBeGreaterThan(200);
  const leads = sample.map((row) => ({
    id: row.mailchimp_id,
    user_email: row.user_email,
    member_rating: row.member_rating === '' ? null : Number(row.member_rating),
    country_code: row.country_code === '' ? null : row.country_code,
    optin_time: row.optin_time === '' ? null : row.optin_time,
    tags: Object.keys(row).filter(
      (column) => column.startsWith('tag_') && column !== 'tag_count' && row[column] === '1',
    ),
  }));
  const header = ['id', 'user_email', 'member_rating', 'country_code', 'optin_time', 'tags'] as const;
  const cells = leads.map((lead) => [...header.slice(0, -1).map((name) => lead[name]), lead.tags.join(';')]);
  const csv = await cli.written(
    'leads.csv',
    Papa.unparse({ fields: [...header], data: cells }, { newline: '\n' }),
  );
  const words = ['--leads', csv, '--model', home.modelFolder(modelId), '--out', cli.path('live.csv')];
  expect(await cli.run('score', ...words)).toMatchObject({ exitCode: 0, stderr: '' });
  const written = Papa.parse(readFileSync(cli.path('live.csv'), 'utf8'), { skipEmptyLines: true }).data.slice(
    1,
  );
  const scoring = createScoreService({ childPath: scoreChildPath });
  try {
    const answered = unwrapped(
      await scoring.score({
        modelFolder: home.modelFolder(modelId),
        modelId,
        format: 'json',
        body: new TextEncoder().encode(JSON.stringify({ leads })),
        nReasons: 3,
      }),
    );
    const { leads: answers } = liveAnswerSchema.parse(JSON.parse(answered));
    expect(written).toEqual(
      answers.map(({ id, score, tier, reasons }) => [
        id,
        String(score),
        tier,
        ...[...reasons, '', '', ''].slice(0, 3),
      ]),
    );
    for (const { id, score, tier, reasons } of answers) {
      const lead = scoredById.get(id);
      expect([id, score, tier, ...reasons]).toEqual([
        id,
        Math.round(Number(lead?.score) * 1e6) / 1e4,
        lead?.tier,
        ...[lead?.reason_1, lead?.reason_2, lead?.reason_3].filter((reason) => reason !== ''),
      ]);
    }
  } finally {
    await scoring.close();
  }
}

describe('page and command line', () => {
  it.each([
    ['the design', ['--trials', '3'], {}],
    [
      'a plan of their own',
      [
        ...[
          '--trials',
          '6',
          '--space',
          'wide',
          '--sampler',
          'quasi_random',
          '--objective',
          'average_precision',
        ],
        ...['--scheduler', 'asha', '--early-stopping', '20', '--folds', '2', '--monotone', 'tag_count=1'],
      ],
      {},
    ],
    [
      'features of their own choice',
      ['--trials', '3'],
      {
        countryEncoding: 'target',
        ratingEncoding: 'one_hot',
        missingValue: null,
        switchedOff: ['optin_quarter', 'is_free_email'],
        ownFeatures: [
          { name: 'tags_a_day', expression: 'tag_count / (optin_days + 1)' },
          { name: 'keen_in_the_us', expression: "country_code = 'us' and member_rating > 3" },
        ],
      } satisfies Partial<FeatureChoices>,
    ],
  ])('come to the same model and leads, byte for byte, by %s', async (what, words, choices) => {
    const db = await cli.written('crm.sqlite', crmBytes({ nSubscribers: 2_000, seed: 5 }));
    const out = cli.path(`out by ${what}`);
    const features = await cli.written('choices.json', Buffer.from(JSON.stringify(choices)));
    expect(
      await cli.run(
        ...[
          'pipeline',
          '--db',
          db,
          '--out',
          out,
          '--workers',
          '2',
          '--features',
          features,
          '--format',
          'csv,csv-machine,xlsx,parquet,json',
          ...words,
        ],
      ),
    ).toMatchObject({ exitCode: 0, stderr: '' });

    const reader = createCrmReader(loadSqlJs);
    const call = { onProgress: () => undefined, transfer: () => undefined };
    const bytes = new Uint8Array(bytesOf(db)).buffer;
    await reader.open({ fileName: 'crm.sqlite', bytes, wasmUrl: '' }, call);
    await reader.ingest({ steps: [] }, call);
    const prepared = await reader.prepare(
      { paretoShare: 0.85, seed: 42, featureChoices: featureChoicesSchema.parse(choices) },
      call,
    );
    const dataset = new Uint8Array(await reader.dataset(null, call));

    const home = homeAt(cli.path(`server by ${what}`));
    await prepareHome(home);
    unwrapped(await putDataset(home, Readable.from([dataset]), { capBytes: 1e8 }));
    const service = createStudyService({
      home,
      engine: openEngine,
      makeModel: createModelMaker(home, packageInfo.version),
      now: () => 0,
    });
    const { study } = unwrapped(parseModelMetadata(textOf(out, 'model', 'metadata.json')));
    const config = {
      ...study,
      datasetDigest: prepared.datasetDigest,
      featureSpecDigest: prepared.specDigest,
    };
    const { state } = unwrapped(
      await service.launch({
        config,
        spec: prepared.spec,
        gateOverrideReason: null,
        idempotencyKey: 'one launch',
      }),
    );
    const modelId = await new Promise<string>((resolve) => {
      void service.subscribe(state.studyId, 0, {
        onEvent: (event) => event.type === 'evaluation_completed' && resolve(event.modelId),
        onActivity: () => undefined,
      });
    });
    await service.close();
    const modelFolder = home.modelFolder(modelId);
    for (const name of readdirSync(modelFolder)) {
      expect([name, bytesOf(modelFolder, name).equals(bytesOf(out, 'model', name))]).toEqual([name, true]);
    }
    expect(bytesOf(home.dataFolder, 'X_test.csv').equals(bytesOf(out, 'X_test.csv'))).toBe(true);

    const matrix = await reader.matrix(null, call);
    const session = await openNodeScoringSession(bytesOf(modelFolder, 'model.onnx'), matrix.featureNames);
    const scores = await session.score(matrix);
    await session.close();
    const margins = new Uint8Array(bytesOf(modelFolder, 'test_margins.f32')).buffer;
    const { tier_cutoffs: cutoffs } = unwrapped(parseModelMetadata(textOf(modelFolder, 'metadata.json')));
    const explainer = {
      modelUbj: new Uint8Array(bytesOf(modelFolder, 'model.ubj')),
      reasonGroups: textOf(modelFolder, 'reason_groups.json'),
    };
    const nativeTestMargins = new Float32Array(margins);
    await reader.takeScores({ ...scores, nativeTestMargins, cutoffs, explainer }, call);
    const validation = unwrapped(parseValidationScores(textOf(modelFolder, 'validation_scores.csv')));
    await reader.strategy({ validation, plan: DEFAULT_STRATEGY_PLAN, seed: 1, suppressed: [] }, call);
    const { model_id: exported, feature_spec_sha256: specSha256 } = unwrapped(
      parseModelMetadata(textOf(modelFolder, 'metadata.json')),
    );
    for (const format of LEAD_FORMATS) {
      const fileName = `scored_leads${LEAD_FILES[format].ending}`;
      const origin = { modelId: exported, specSha256, leadbenchVersion: packageInfo.version };
      const asked = { which: 'all', format, columns: LEAD_LIST_COLUMNS, origin, fileName } as const;
      const { file, manifest } = await reader.exportLeads(asked, call);
      expect([format, bytesOf(out, fileName).equals(Buffer.from(await file.arrayBuffer()))]).toEqual([
        format,
        true,
      ]);
      expect(await manifest.text()).toBe(textOf(out, `${fileName}.manifest.json`));
    }
    // A later run on the same list scores each subscriber as this one did, those it was trained on too.
    const later = cli.path(`later by ${what}.csv`);
    const model = [out, 'model'].join('/');
    expect(await cli.run('score', '--db', db, '--model', model, '--out', later)).toMatchObject({
      exitCode: 0,
    });
    const read = (path: string) => readFileSync(path, 'utf8');
    expect(read(later)).toBe(textOf(out, 'scored_leads.csv'));
    expect(await (await reader.joinedCsv(null, call)).text()).toBe(textOf(out, 'subscribers_joined.csv'));
    await expectLiveScores(home, modelId, {
      joined: textOf(out, 'subscribers_joined.csv'),
      leads: read(later),
    });
  });
});
