import { Command } from 'commander';
import { z } from 'zod';
import { DEMO_SEED, DEMO_SUBSCRIBERS, MAX_SUBSCRIBERS, MIN_SUBSCRIBERS } from '@/lib/demo/generate-crm';
import packageInfo from '@/package.json';
import type { GenerateOptions } from './generate-file';
import { addLeadOptions, givenLeadOptions } from './lead-files';
import { addModels, type ModelsWords } from './model-commands';
import { numberOption, parsePath, pathOption, wholeNumberParser } from './option-values';
import type { ReproduceOptions } from './reproduce-model';
import { MEASURE_NAMES, STAGE_NAMES, type WorkName } from './run-folder';
import type { ScoreOptions } from './score-file';
import type { ScoreLeadsOptions } from './score-leads-file';
import type { RunOptions } from './stage';
import { addStageOptions, givenRun } from './stage-options';
import { addStudies, addStudy, type StudiesWords, type StudyWords } from './study-options';

/** How a command is to speak. */
export interface OutputOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What the words of the command line lead to. */
export interface CliCommands {
  readonly stages: (
    command: WorkName | 'pipeline',
    options: RunOptions,
    output: OutputOptions,
  ) => Promise<void>;
  readonly studies: (words: StudiesWords) => Promise<void>;
  readonly study: (words: StudyWords) => Promise<void>;
  readonly models: (words: ModelsWords) => Promise<void>;
  readonly score: (options: ScoreOptions, output: OutputOptions) => Promise<void>;
  readonly scoreLeads: (options: ScoreLeadsOptions, output: OutputOptions) => Promise<void>;
  readonly reproduce: (options: ReproduceOptions, output: OutputOptions) => Promise<void>;
  readonly generate: (options: GenerateOptions, output: OutputOptions) => Promise<void>;
}

const DESCRIPTIONS: Readonly<Record<WorkName | 'pipeline', string>> = {
  pipeline: 'all stages below in order, then the lead list; prints the time of each and the test ROC AUC',
  ingest:
    'open the CRM file, mend it by steps and join its tables (subscribers_joined.csv, repair_steps.json)',
  validate: 'run the quality checks and judge the gate (validation_results.json)',
  explore:
    'sum up countries, ratings and tags, what of the list has changed, and what looks wrong (eda_summary.json, drift.json, anomalies.json)',
  prepare: 'fit the features, split 60/20/20 (feature_spec.json, dataset.arrow, X_*.csv, y_*.csv)',
  leakage:
    'name the features that may know of the purchase, and measure ROC AUC without each (leakage.json); no part of pipeline',
  'learning-curve':
    'measure ROC AUC by the number of training rows, and how many more conversions would pay (learning_curve.json); no part of pipeline',
  'model-tests':
    'see whether the model behaves: hand-written leads, changes that must not or must matter, slices, a baseline, the model in use (model_tests.json); no part of pipeline',
  report:
    'choose whom to write to and write it up on one page (strategy.json, lead_report.html, lead_report.pdf); after evaluate, no part of pipeline',
  tune: 'search the best parameters (trials.csv); goes on with a study that was cut short, extends one when asked for more trials; --seed is that of prepare if left out',
  evaluate:
    'train the best again, judge it on the test rows and score all (model/, evaluation_report.json, scored_leads.csv)',
};

const NEEDS_DB: readonly string[] = ['pipeline', 'ingest', 'validate'];

const AFTER_HELP = `
Each stage reads what the one before left in DIR. pipeline and evaluate write scored_leads.csv last.
studies and study ask the server that works on the folder, where one does; else study works itself, until it is done.
One Leadbench at a time works on a folder; a second one is refused.

Exit codes: 0 done, 2 wrong words or unreadable input, 3 the quality gate is shut, 1 anything else, 130 ended by Ctrl-C.
What went wrong stands in one line on standard error.
With --json, start as "npm run --silent leadbench -- ...": npm else prints lines of its own.

Examples:
  npm run leadbench -- generate --out crm.sqlite --subscribers 20000 --seed 7
  npm run leadbench -- pipeline --db crm.sqlite --out run
  npm run leadbench -- score --db later.sqlite --model run/model --out leads.csv
  npm run leadbench -- reproduce run/model`;

/**
 * Build the program of the command line. Parsing throws CommanderError for wrong words and for help, and writes help to
 * `write`.
 */
export function createProgram(commands: CliCommands, write: (text: string) => void): Command {
  const program = new Command('leadbench')
    .description('From a CRM file to a scored lead list, without a browser.')
    .version(packageInfo.version)
    .exitOverride()
    // Errors are worded where all failures are.
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .addHelpText('after', AFTER_HELP);
  for (const name of ['pipeline', ...STAGE_NAMES, ...MEASURE_NAMES] as const)
    addStages(program, name, commands);
  const described = (name: string, meaning: string) => withOutput(program.command(name).description(meaning));
  addStudies(described('studies', 'list the studies of a folder, newest first'), commands.studies);
  addStudy(
    described('study', 'show a study, or stop, pause, resume, evaluate or extend it, or run it again'),
    commands.study,
  );
  addModels(
    described('models', 'list the models of a folder, put one to use, or go back to the one before'),
    commands.models,
  );
  addScore(program, commands);
  addReproduce(program, commands);
  addGenerate(program, commands);
  return program;
}

function addStages(program: Command, name: WorkName | 'pipeline', commands: CliCommands): void {
  const command = withOutput(program.command(name).description(DESCRIPTIONS[name]));
  addStageOptions(command, { needsDb: NEEDS_DB.includes(name) });
  command.action(async () => commands.stages(name, await givenRun(command), outputOptions(command)));
}

function addScore(program: Command, commands: CliCommands): void {
  const command = withOutput(
    program.command('score').description('score a CRM file with a model that was made before'),
  );
  addLeadOptions(command, { hasMany: false })
    .addOption(pathOption('--db <file>', 'the CRM, a SQLite file', false))
    .addOption(
      pathOption(
        '--leads <file>',
        'leads as CSV instead: id, user_email, member_rating, country_code, optin_time, tags; of any length',
        false,
      ).conflicts(['db', 'steps', 'suppress', 'format']),
    )
    .addOption(pathOption('--model <dir>', 'the folder of the model: DIR/model, or one under models/', true))
    .addOption(pathOption('--out <file>', 'the list to write, a manifest beside it', true))
    .addOption(pathOption('--steps <file>', 'what is mended and left out before, a repair_steps.json', false))
    .action(() => {
      const path = z.string();
      const { db, leads, model, out, steps } = z
        .object({
          db: path.optional(),
          leads: path.optional(),
          model: path,
          out: path,
          steps: path.optional(),
        })
        .parse(command.opts());
      const to = { modelPath: model, outPath: out };
      if (leads !== undefined)
        return commands.scoreLeads({ leadsPath: leads, ...to }, outputOptions(command));
      if (db === undefined) return command.error("error: required option '--db <file>' not specified");
      const lists = { stepsPath: steps ?? null, leads: givenLeadOptions(command) };
      return commands.score({ dbPath: db, ...to, ...lists }, outputOptions(command));
    });
}

function addReproduce(program: Command, commands: CliCommands): void {
  const command = withOutput(
    program
      .command('reproduce')
      .description('train a model again from its metadata.json and compare every byte'),
  );
  command
    .argument('<model>', 'its folder, or the id of one under models/', parsePath)
    .addOption(
      pathOption('--dataset <file>', 'what it was trained on, where it is not found by itself', false),
    )
    .option('--check-only', 'train nothing: check the files, and that XGBoost scores with them as it did')
    .action((model: string) => {
      const { dataset, checkOnly } = z
        .object({ dataset: z.string().optional(), checkOnly: z.boolean().default(false) })
        .parse(command.opts());
      const options = { model, datasetPath: dataset ?? null, isCheckOnly: checkOnly };
      return commands.reproduce(options, outputOptions(command));
    });
}

function addGenerate(program: Command, commands: CliCommands): void {
  const command = withOutput(program.command('generate').description('write an invented CRM file'));
  const subscribers = z.int().min(MIN_SUBSCRIBERS).max(MAX_SUBSCRIBERS);
  command
    .addOption(pathOption('--out <file>', 'the SQLite file to write; one that is there is replaced', true))
    .addOption(
      numberOption('--subscribers <n>', 'how many', wholeNumberParser(subscribers), DEMO_SUBSCRIBERS),
    )
    .addOption(
      numberOption('--seed <n>', 'the same gives the same file', wholeNumberParser(z.int32()), DEMO_SEED),
    )
    .action(() => {
      const given = z
        .object({ out: z.string(), subscribers: z.number(), seed: z.number() })
        .parse(command.opts());
      const { out: outPath, subscribers: nSubscribers, seed } = given;
      return commands.generate({ outPath, nSubscribers, seed }, outputOptions(command));
    });
}

function withOutput(command: Command): Command {
  return command
    .option('--json', 'tell what happens as JSON lines on standard output')
    .option('--verbose', 'say more: notes, native output, stack traces');
}

function outputOptions(command: Command): OutputOptions {
  const { json, verbose } = command.opts();
  return { json: json === true, verbose: verbose === true };
}
