import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import {
  DEFAULT_TUNING_PLAN,
  pipelineParamsSchema,
  STANDARD_SCHEDULERS,
} from '@/lib/tuning/study/pipeline-params';
import {
  OBJECTIVES,
  type Scheduler,
  schedulerSchema,
  type TuningPlan,
  type ValidationPlan,
  validationPlanSchema,
} from '@/lib/tuning/study/study-config';
import { wholeNumberParser } from './option-values';
import { readPlanFile, readSpace } from './plan-files';

const { shape: planShape } = pipelineParamsSchema.shape.plan;
const [, asha] = schedulerSchema.options;
const [, kfold] = validationPlanSchema.options;

/** The options that make a plan, as they were given; the others are absent. */
const planWordsSchema = z.object({
  objective: z.enum(OBJECTIVES).optional(),
  scheduler: z.enum(['none', 'asha', 'median']).optional(),
  minRounds: z.number().optional(),
  reductionFactor: z.number().optional(),
  earlyStopping: z.number().optional(),
  folds: z.number().optional(),
  repeats: z.number().optional(),
  reportEvery: z.number().optional(),
  maxFailures: z.number().optional(),
  space: z.string().optional(),
  monotone: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).optional(),
  plan: z.string().optional(),
});
type PlanWords = z.infer<typeof planWordsSchema>;

/** Add the options that say how trials are drawn, measured and ended. */
export function addPlanOptions(command: Command): void {
  const plan = DEFAULT_TUNING_PLAN;
  const whole = (flags: string, description: string, schema: z.ZodNumber) =>
    new Option(flags, description).argParser(wholeNumberParser(schema));
  const options = [
    new Option('--objective <name>', `what a trial is judged by (default: "${plan.objective}")`).choices(
      OBJECTIVES,
    ),
    new Option(
      '--scheduler <name>',
      `how trials that do badly are ended early (default: "${plan.scheduler.type}")`,
    ).choices(Object.keys(STANDARD_SCHEDULERS)),
    whole('--min-rounds <n>', 'rounds before asha or median ends a trial', asha.shape.minRounds),
    whole('--reduction-factor <n>', 'asha lets one trial in so many go on', asha.shape.reductionFactor),
    whole(
      '--early-stopping <n>',
      'end a trial after so many rounds without a better report',
      planShape.earlyStoppingRounds.unwrap(),
    ),
    whole('--folds <n>', 'measure by stratified k-fold, not by one split', kfold.shape.nSplits),
    whole('--repeats <n>', 'draw the folds so many times', kfold.shape.nRepeats),
    whole(
      '--report-every <n>',
      `rounds between reports (default: ${plan.reportEveryRounds})`,
      planShape.reportEveryRounds,
    ),
    whole(
      '--max-failures <n>',
      `attempts before a trial is given up (default: ${plan.maxFailures})`,
      planShape.maxFailures,
    ),
    new Option('--space <which>', 'the search space: "design", "wide" or a JSON file (default: "design")'),
    new Option(
      '--monotone <feature=1,…>',
      'the score never falls (1) or never rises (-1) with a feature',
    ).argParser(parseMonotone),
    new Option('--plan <file>', 'all of the above from a JSON file'),
  ];
  for (const option of options) command.addOption(option);
}

/**
 * Make the plan that a command's words ask for; what they do not name is the design's.
 *
 * @throws CommanderError where options do not go together; ExpectedFailure for a file that is not usable
 */
export async function givenPlan(options: unknown): Promise<TuningPlan> {
  const words = planWordsSchema.parse(options);
  if (words.plan !== undefined) {
    refuseBesidePlan(words);
    return readPlanFile(words.plan);
  }
  const standard = DEFAULT_TUNING_PLAN;
  return {
    ...standard,
    objective: words.objective ?? standard.objective,
    scheduler: givenScheduler(words),
    validation: givenValidation(words),
    earlyStoppingRounds: words.earlyStopping ?? standard.earlyStoppingRounds,
    reportEveryRounds: words.reportEvery ?? standard.reportEveryRounds,
    maxFailures: words.maxFailures ?? standard.maxFailures,
    monotoneConstraints: words.monotone ?? standard.monotoneConstraints,
    searchSpace: words.space === undefined ? standard.searchSpace : await readSpace(words.space),
  };
}

const FLAGS: Readonly<Record<keyof PlanWords, string>> = {
  objective: '--objective',
  scheduler: '--scheduler',
  minRounds: '--min-rounds',
  reductionFactor: '--reduction-factor',
  earlyStopping: '--early-stopping',
  folds: '--folds',
  repeats: '--repeats',
  reportEvery: '--report-every',
  maxFailures: '--max-failures',
  space: '--space',
  monotone: '--monotone',
  plan: '--plan',
};

function refuseBesidePlan(words: PlanWords): void {
  const other = planWordsSchema.keyof().options.find((name) => name !== 'plan' && words[name] !== undefined);
  if (other !== undefined) {
    throw wrongTogether(`--plan holds the whole plan, so ${FLAGS[other]} has no place beside it.`);
  }
}

function givenScheduler({ scheduler: type = 'none', minRounds, reductionFactor }: PlanWords): Scheduler {
  if (minRounds !== undefined && type === 'none') {
    throw wrongTogether('--min-rounds goes with --scheduler asha or --scheduler median.');
  }
  if (reductionFactor !== undefined && type !== 'asha') {
    throw wrongTogether('--reduction-factor goes with --scheduler asha.');
  }
  const standard = STANDARD_SCHEDULERS[type];
  if (standard.type === 'none') return standard;
  const atLeast = minRounds ?? standard.minRounds;
  return standard.type === 'median'
    ? { ...standard, minRounds: atLeast }
    : { ...standard, minRounds: atLeast, reductionFactor: reductionFactor ?? standard.reductionFactor };
}

function givenValidation({ folds, repeats }: PlanWords): ValidationPlan {
  if (folds !== undefined) return { type: 'kfold', nSplits: folds, nRepeats: repeats ?? 1 };
  if (repeats !== undefined) throw wrongTogether('--repeats goes with --folds.');
  return DEFAULT_TUNING_PLAN.validation;
}

type Monotone = TuningPlan['monotoneConstraints'];

/** Parse `feature=1,other=-1`; the option may be repeated. Whether there are such features shows when the study begins. */
export function parseMonotone(text: string, before: Monotone = {}): Monotone {
  const constraints = { ...before };
  for (const part of text.split(',')) {
    const [, feature, direction] = /^(?!__proto__=)(.+)=(-?1)$/.exec(part) ?? [];
    if (feature === undefined) {
      throw new InvalidArgumentError('Expected feature=1 or feature=-1, several with commas between.');
    }
    if (Object.hasOwn(constraints, feature)) throw new InvalidArgumentError(`It names ${feature} twice.`);
    constraints[feature] = direction === '1' ? 1 : -1;
  }
  return constraints;
}

function wrongTogether(message: string): CommanderError {
  return new CommanderError(2, 'leadbench.wrongTogether', message);
}
