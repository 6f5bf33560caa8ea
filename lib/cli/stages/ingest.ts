import { joinedCsvChunks } from '@/lib/crm/joined-csv';
import { productPurchases } from '@/lib/crm/product-purchases';
import { leftOutInAll } from '@/lib/quality/repair/apply-steps';
import { repairStepsJson } from '@/lib/quality/repair/repair-step';
import { leftOutText, outcomeText, stepText } from '@/lib/quality/repair/step-sentence';
import { readRepairSteps } from '../repair-files';
import { count } from '../reporter';
import { resetRunRecord } from '../run-record';
import { heldCrm, type Stage } from '../stage';

/** Open the CRM file, join its tables and write `subscribers_joined.csv`. */
export const ingest: Stage = async (context) => {
  const { folder, held, note } = context;
  const steps = await readRepairSteps(context.options.stepsPath);
  const { raw, table, report, outcomes, notices } = await heldCrm(context, steps);
  await resetRunRecord(folder);
  await folder.write('repair_steps.json', repairStepsJson(steps));
  const sha256 = await folder.write('subscribers_joined.csv', joinedCsvChunks(table));
  held.joined = { table, sha256 };
  held.purchases = productPurchases(table, raw.transactions);
  notices.forEach(note);
  for (const outcome of outcomes) note(`${stepText(outcome.step)}: ${outcomeText(outcome)}.`);
  const leftOut = leftOutInAll(outcomes);
  const leftOutWords = leftOutText(leftOut);
  if (report.nRepeatedEmails > 0) {
    note(`${count(report.nRepeatedEmails)} subscribers repeat an e-mail address of an earlier row.`);
  }
  return {
    sentence:
      `${count(report.nSubscribers)} subscribers, ${count(report.nBuyers)} of them buyers, ${count(report.tags.length)} tags; ` +
      `${count(report.nTransactionsUnmatched)} of ${count(report.nTransactions)} transactions matched no subscriber` +
      (leftOutWords === null ? '' : `; without ${leftOutWords}`),
    facts: {
      n_subscribers: report.nSubscribers,
      n_buyers: report.nBuyers,
      n_tags: report.tags.length,
      n_transactions: report.nTransactions,
      n_transactions_unmatched: report.nTransactionsUnmatched,
      n_tag_rows: report.nTagRows,
      n_tag_rows_unmatched: report.nTagRowsUnmatched,
      n_repeated_emails: report.nRepeatedEmails,
      n_repeated_ids: report.nRepeatedIds,
      n_steps: outcomes.length,
      n_subscribers_left_out: leftOut.Subscribers,
      n_tag_rows_left_out: leftOut.Tags,
      n_transactions_left_out: leftOut.Transactions,
    },
  };
};
