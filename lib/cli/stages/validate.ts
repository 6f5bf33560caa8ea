import { newestDayAt } from '@/lib/quality/newest-day';
import { validate as validationResults } from '@/lib/quality/run-suites';
import { gateShut } from '../gate';
import { joinedDigest } from '../joined-file';
import { stepsInForce } from '../repair-files';
import { count } from '../reporter';
import { readableJson } from '../run-folder';
import { changeRunRecord } from '../run-record';
import { heldCrm, type Stage, type StageContext } from '../stage';
import { readSuites } from '../suite-files';

/** Run the quality suites, write `validation_results.json` whatever they find, and stop at a shut gate. */
export const validate: Stage = async (context) => {
  const { folder, options, held, note } = context;
  const sha256 = await judgedDigest(context);
  const suites = await readSuites(options.suitesPath);
  const newestDay = options.newestDay ?? newestDayAt(context.now());
  const results = validationResults(
    { ...(await heldCrm(context, await stepsInForce(context))), newestDay },
    suites,
  );
  // The raw tables are needed no more, and are the largest thing in memory.
  held.crm = null;
  const { gate } = results;
  const overrideReason = gate.open ? null : options.overrideReason;
  await folder.write('validation_results.json', readableJson(results));
  await changeRunRecord(folder, { validated_sha256: sha256, gate_override_reason: overrideReason });
  gate.reasons.forEach(note);
  if (gate.open && options.overrideReason !== null) note('The gate is open, so no override is recorded.');
  if (!gate.open && overrideReason === null) throw gateShut(folder, gate);
  const nChecks = results.suites.reduce((sum, suite) => sum + suite.statistics.evaluated_expectations, 0);
  const state = gate.open ? 'gate open' : `gate shut by ${count(gate.n_critical)} checks, overridden`;
  return {
    sentence: `${state}; ${count(nChecks)} checks, ${count(gate.n_warning)} warnings`,
    facts: {
      gate_open: gate.open,
      n_checks: nChecks,
      n_critical: gate.n_critical,
      n_warning: gate.n_warning,
      n_info: gate.n_info,
      gate_override_reason: overrideReason,
    },
  };
};

/** Digest of the joined table on disk, which must be the one of this CRM file: else the gate would judge one list and open for another. */
export async function judgedDigest(context: StageContext): Promise<string> {
  const { folder, options, held } = context;
  if (held.joined !== null) return held.joined.sha256;
  const onDisk = await folder.digestOf('subscribers_joined.csv');
  const { table } = await heldCrm(context, await stepsInForce(context));
  if (joinedDigest(table) === onDisk) return onDisk;
  const message = `${folder.file('subscribers_joined.csv')} was not made from ${options.dbPath}, or was changed since.`;
  throw folder.runFirst('ingest', 'joined_outdated', message);
}
