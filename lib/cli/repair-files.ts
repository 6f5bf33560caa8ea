import type { RepairStep } from '@/lib/quality/repair/repair-step';
import { NO_STEPS, parseRepairSteps } from '@/lib/quality/repair/repair-step';
import { unwrapped } from './crm-file';
import { textOf } from './plan-files';
import type { StageContext } from './stage';

/**
 * Read the steps that a command names: a `repair_steps.json`. None where it names none.
 *
 * @throws ExpectedFailure `file_not_usable` or `steps_unreadable`
 */
export async function readRepairSteps(path: string | null): Promise<readonly RepairStep[]> {
  return path === null ? NO_STEPS : unwrapped(parseRepairSteps(path, await textOf(path)));
}

/** Steps of a stage after `ingest`: those it names, or those that ingesting left in the folder. */
export async function stepsInForce({
  folder,
  options,
}: Pick<StageContext, 'folder' | 'options'>): Promise<readonly RepairStep[]> {
  if (options.stepsPath !== null) return readRepairSteps(options.stepsPath);
  return unwrapped(
    parseRepairSteps(folder.file('repair_steps.json'), await folder.readText('repair_steps.json')),
  );
}
