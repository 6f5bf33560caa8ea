import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { featureSpecSchema } from '@/lib/features/spec';
import { homeAt } from '@/lib/server/storage/home';
import { trainingEngineOpener } from '@/lib/server/studies/open-training-engine';
import { createStudyService } from '@/lib/server/studies/study-service';
import { studyConfigSchema } from '@/lib/tuning/study/study-config';
import { unwrapped } from './prepared-demo';

/** One study from a cold start of the program, for the benchmark that times it beside its peers. */

const orderSchema = z.strictObject({
  home: z.string(),
  childPath: z.string(),
  root: z.string(),
  idempotencyKey: z.string(),
  config: studyConfigSchema,
  spec: featureSpecSchema,
});

const order = orderSchema.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const engine = trainingEngineOpener({
  root: order.root,
  childPath: order.childPath,
  env: process.env,
  onLog: (line) => process.stderr.write(`${line}\n`),
});
const service = createStudyService({
  home: homeAt(order.home),
  engine,
  // The peers make no final model either: the time ends with the last trial.
  makeModel: async () => ({
    ok: false,
    error: { code: 'not_wanted', message: 'The benchmark makes no model.', hint: 'None is needed.' },
  }),
  now: () => Date.now(),
  elapsed: () => performance.now(),
});
const { idempotencyKey, config, spec } = order;
const launched = await service.launch({ idempotencyKey, config, spec, gateOverrideReason: null });
const { studyId } = unwrapped(launched).state;
await new Promise<void>((resolve, reject) => {
  service
    .subscribe(studyId, 0, {
      onEvent: ({ type }) => type === 'tuning_ended' && resolve(),
      onActivity: ({ problem }) => problem && reject(new Error(problem.message)),
    })
    .then((subscribed) => unwrapped(subscribed), reject);
});
const { state } = unwrapped(await service.get(studyId));
// Seconds since this program was asked for, the start of Node itself included.
process.stdout.write(`${JSON.stringify({ wallS: performance.now() / 1000, state })}\n`);
await service.close();
await engine.close();
