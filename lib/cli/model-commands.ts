import { Argument, type Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { ExpectedFailure } from '@/lib/core/result';
import { VERDICT_WORDS } from '@/lib/evaluation/verdict/verdict-reason';
import type { ListedModel, ModelListing } from '@/lib/scoring/listed-models';
import { ownedHome } from '@/lib/server/control/owned-home';
import { createModelRegistry, type ModelRegistry } from '@/lib/server/models/model-registry';
import type { Home } from '@/lib/server/storage/home';
import { homeTaken } from '@/lib/server/storage/home-lock';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import { unwrapped } from './crm-file';
import { optionParser, parsePath, parseReason } from './option-values';
import type { Reporter } from './reporter';
import { StageEnd } from './run-stages';
import { homeUse } from './study-home';

/** What `models` was asked. */
export interface ModelsWords {
  /** Null for the folder that a server would work on. */
  readonly homePath: string | null;
  readonly order:
    | { readonly command: 'list' }
    | {
        readonly command: 'publish' | 'revert';
        readonly modelId: string;
        readonly reason: string | null;
      };
}

/** Add the command that lists models, puts one to use, or goes back to the one before. */
export function addModels(command: Command, run: (words: ModelsWords) => Promise<void>): void {
  command
    .addArgument(
      new Argument('[command]', 'what to do').choices(['list', 'publish', 'revert']).default('list'),
    )
    .argument(
      '[id]',
      'publish: the model; revert: the one in use',
      optionParser(modelIdSchema, 'a model’s id'),
    )
    .option(
      '--home <dir>',
      'the folder that holds models and .leadbench (default: LEADBENCH_HOME, or the project)',
      parsePath,
    )
    .addOption(
      new Option('--reason <text>', 'why, although its tests say no; it stays with the model').argParser(
        parseReason,
      ),
    )
    .action((name: 'list' | 'publish' | 'revert', modelId: string | undefined) => {
      const { home, reason } = z
        .object({ home: z.string().optional(), reason: z.string().optional() })
        .parse(command.opts());
      const homePath = home ?? null;
      if (name === 'list') return run({ homePath, order: { command: name } });
      if (modelId === undefined) {
        throw new CommanderError(1, 'leadbench.missingId', `error: ${name} needs the id of a model`);
      }
      return run({ homePath, order: { command: name, modelId, reason: reason ?? null } });
    });
}

/**
 * List the models of a home, or change which is in use; then no server may work on it, since its page does the same.
 *
 * @throws StageEnd of an ExpectedFailure as `ModelRegistry`, or `home_taken`
 */
export async function commandModels(
  home: Home,
  { order }: ModelsWords,
  { reporter, now }: { readonly reporter: Reporter; readonly now: () => number },
): Promise<void> {
  try {
    const use = await homeUse(home);
    const registry = createModelRegistry({ home, now });
    if (order.command !== 'list') {
      if (use.kind === 'taken') throw new ExpectedFailure(homeTaken(home.root, use.holder).error);
      const { lock } = unwrapped(await ownedHome(home));
      try {
        await changed(registry, order);
      } finally {
        await lock.release();
      }
    }
    const listing = unwrapped(await registry.list());
    reporter.ended({ command: 'models', lines: listingLines(home, listing), facts: { ...listing } });
  } catch (error) {
    throw new StageEnd('models', error);
  }
}

async function changed(
  registry: ModelRegistry,
  { command, modelId, reason }: Exclude<ModelsWords['order'], { command: 'list' }>,
): Promise<void> {
  if (command === 'publish') unwrapped(await registry.promote({ modelId, overrideReason: reason }));
  else unwrapped(await registry.revert({ fromModelId: modelId, reason }));
}

function listingLines(home: Home, { models, unreadable }: ModelListing): readonly string[] {
  if (models.length + unreadable.length === 0) return [`There are no models in ${home.root}.`];
  const row = (cells: readonly string[]) =>
    `${cells[0]!.padEnd(11)}${cells[1]!.padEnd(28)}${cells[2]!.padEnd(11)}${cells[3]!.padEnd(14)}${cells[4]!}`;
  return [
    row(['stage', 'model', 'verdict', 'tests', 'ROC AUC']),
    ...models.map((model) =>
      row([
        model.stage,
        model.modelId,
        VERDICT_WORDS[model.verdict.grade],
        testsText(model),
        model.rocAuc.toFixed(4),
      ]),
    ),
    ...unreadable.map(
      ({ modelId, failure }) => `${modelId} cannot be read: ${failure.message} ${failure.hint}`,
    ),
  ];
}

function testsText({ tests }: ListedModel): string {
  if (tests === null) return 'not run';
  return tests.passed ? `${tests.n_passed} passed` : `${tests.n_failed} failed`;
}
