import { ExpectedFailure } from '@/lib/core/result';
import { type ValidationResults, validationResultsSchema } from '@/lib/quality/suite-result';
import type { RunFolder } from './run-folder';
import { changeRunRecord, readRunRecord } from './run-record';
import type { StageContext } from './stage';

/** The code of the failure that ends a command with exit code 3. */
export const GATE_SHUT = 'gate_shut';

/**
 * Let a stage behind the quality gate go on, or refuse. A reason given on this command or an earlier one opens a shut gate.
 *
 * @param workedFrom digest of the `subscribers_joined.csv` that the stage works from; its results must be of that very file
 * @returns the reason that travels with the model; null where the gate is open
 * @throws ExpectedFailure `gate_shut`, `missing_input`, `validation_outdated` or `validation_unreadable`
 */
export async function passedGate(
  { folder, options }: StageContext,
  workedFrom: string,
): Promise<string | null> {
  const results = await validationOf(folder);
  const record = await readRunRecord(folder);
  if (record.validated_sha256 !== workedFrom) {
    const message = `${folder.file('validation_results.json')} judged another subscribers_joined.csv than the one in use.`;
    throw folder.runFirst('validate', 'validation_outdated', message);
  }
  if (results.gate.open) return null;
  const reason = options.overrideReason ?? record.gate_override_reason;
  if (reason === null) throw gateShut(folder, results.gate);
  if (reason !== record.gate_override_reason) await changeRunRecord(folder, { gate_override_reason: reason });
  return reason;
}

/** The failure of a shut gate: how many checks failed, the first of them, and what to do. */
export function gateShut(
  folder: RunFolder,
  { n_critical, reasons }: ValidationResults['gate'],
): ExpectedFailure {
  const checks = n_critical === 1 ? '1 critical check failed' : `${n_critical} critical checks failed`;
  return new ExpectedFailure({
    code: GATE_SHUT,
    message: `The quality gate is shut: ${checks}${reasons[0] === undefined ? '.' : `; ${reasons[0]}`}`,
    hint: `Mend the list (all findings: ${folder.file('validation_results.json')}), or give --override-gate with a reason.`,
  });
}

/** Read what validating left. Fails with `missing_input` or `validation_unreadable`. */
export async function validationOf(folder: RunFolder): Promise<ValidationResults> {
  const text = await folder.readText('validation_results.json');
  const parsed = validationResultsSchema.safeParse(jsonOrNull(text));
  if (parsed.success) return parsed.data;
  const message = `${folder.file('validation_results.json')} does not hold validation results.`;
  throw folder.runFirst('validate', 'validation_unreadable', message);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
