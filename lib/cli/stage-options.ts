import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { FeatureChoices } from '@/lib/features/choices';
import { DEFAULT_PIPELINE_PARAMS, pipelineParamsSchema } from '@/lib/tuning/study/pipeline-params';
import type { TuningPlan } from '@/lib/tuning/study/study-config';
import { addLeadOptions, givenLeadOptions, type LeadListOptions } from './lead-files';
import { decimalParser, numberOption, parseReason, pathOption, wholeNumberParser } from './option-values';
import { readFeaturesFile } from './plan-files';
import { addPlanOptions, givenPlan } from './plan-options';
import type { RunOptions } from './stage';
import { suiteOptions } from './suite-files';

/** Add the options of a stage: the same for all, so that one line of words serves them one after the other. */
export function addStageOptions(command: Command, { needsDb }: { readonly needsDb: boolean }): void {
  const { shape } = pipelineParamsSchema;
  const { nTrials, workers, sampler, seed, paretoShare } = DEFAULT_PIPELINE_PARAMS;
  const options = [
    pathOption('--db <file>', 'the CRM, a SQLite file', needsDb),
    pathOption('--out <dir>', 'the folder of the run', true),
    pathOption('--compare <file>', 'a second CRM that explore compares the list with', false),
    pathOption(
      '--steps <file>',
      'what is mended and left out before the join, a repair_steps.json; later stages take what ingest took',
      false,
    ),
    numberOption('--trials <n>', 'trials of the study', wholeNumberParser(shape.nTrials), nTrials),
    numberOption(
      '--workers <n>',
      'trials at once, as far as the machine bears',
      wholeNumberParser(shape.workers),
      workers,
    ),
    new Option('--sampler <name>', 'how the space is searched')
      .choices(shape.sampler.options)
      .default(sampler),
    numberOption('--seed <n>', 'seed of split, search and training', wholeNumberParser(shape.seed), seed),
    numberOption(
      '--pareto-share <share>',
      'share of the sales that the kept countries hold',
      decimalParser(shape.paretoShare),
      paretoShare,
    ),
    pathOption('--features <file>', 'encodings, features switched off and own ones, as JSON', false),
    new Option(
      '--override-gate <reason>',
      'go on behind a shut gate; the reason travels with the model',
    ).argParser(parseReason),
    pathOption(
      '--strategy <file>',
      'what writing and calling cost and earn, as JSON; report reads it',
      false,
    ),
    ...suiteOptions(),
    pathOption('--tests <file>', 'tests of your own for model-tests, as JSON', false),
    pathOption('--champion <dir>', 'the folder of the model in use, which model-tests compares with', false),
    new Option('--learning-curves', 'write learning_curves.csv beside trials.csv'),
    new Option('--report', 'write what explore finds as a page to print too, eda_report.html'),
  ];
  for (const option of options) command.addOption(option);
  addLeadOptions(command, { hasMany: true });
  addPlanOptions(command);
}

const stageWordsSchema = z.object({
  db: z.string().optional(),
  out: z.string(),
  compare: z.string().optional(),
  steps: z.string().optional(),
  trials: z.number(),
  workers: z.number(),
  sampler: z.string(),
  seed: z.number(),
  paretoShare: z.number(),
  features: z.string().optional(),
  overrideGate: z.string().optional(),
  learningCurves: z.boolean().default(false),
  report: z.boolean().default(false),
  suites: z.string().optional(),
  tests: z.string().optional(),
  champion: z.string().optional(),
  newestDay: z.number().optional(),
});

/** Make what a stage is told from the words of its command. @throws as `givenPlan` */
export async function givenRun(command: Command): Promise<RunOptions> {
  const isSeedGiven = command.getOptionValueSource('seed') === 'cli';
  const plan = await givenPlan(command.opts());
  const words = stageWordsSchema.parse(command.opts());
  const featureChoices =
    words.features === undefined
      ? DEFAULT_PIPELINE_PARAMS.featureChoices
      : await readFeaturesFile(words.features);
  return runOptions(words, { plan, isSeedGiven, featureChoices, leads: givenLeadOptions(command) });
}

function runOptions(
  given: z.infer<typeof stageWordsSchema>,
  {
    plan,
    isSeedGiven,
    featureChoices,
    leads,
  }: {
    readonly plan: TuningPlan;
    readonly isSeedGiven: boolean;
    readonly featureChoices: FeatureChoices;
    readonly leads: LeadListOptions;
  },
): RunOptions {
  const { trials: nTrials, workers, sampler, seed, paretoShare } = given;
  return {
    dbPath: given.db ?? null,
    outPath: given.out,
    comparePath: given.compare ?? null,
    stepsPath: given.steps ?? null,
    overrideReason: given.overrideGate ?? null,
    params: pipelineParamsSchema.parse({
      nTrials,
      workers,
      sampler,
      seed,
      paretoShare,
      featureChoices,
      plan,
    }),
    isSeedGiven,
    leads,
    writesCurves: given.learningCurves,
    writesReport: given.report,
    suitesPath: given.suites ?? null,
    testsPath: given.tests ?? null,
    championPath: given.champion ?? null,
    newestDay: given.newestDay ?? null,
  };
}
