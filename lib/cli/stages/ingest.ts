import { joinedCsvChunks } from '@/lib/crm/joined-csv';
import { count } from '../reporter';
import { resetRunRecord } from '../run-record';
import { heldCrm, type Stage } from '../stage';

/** Open the CRM file, join its tables and write `subscribers_joined.csv`. */
export const ingest: Stage = async (context) => {
  const { folder, held, note } = context;
  const { table, report, notices } = await heldCrm(context);
  await resetRunRecord(folder);
  const sha256 = await folder.write('subscribers_joined.csv', joinedCsvChunks(table));
  held.joined = { table, sha256 };
  notices.forEach(note);
  if (report.nRepeatedEmails > 0) {
    note(`${count(report.nRepeatedEmails)} subscribers repeat an e-mail address of an earlier row.`);
  }
  return {
    sentence:
      `${count(report.nSubscribers)} subscribers, ${count(report.nBuyers)} of them buyers, ${count(report.tags.length)} tags; ` +
      `${count(report.nTransactionsUnmatched)} of ${count(report.nTransactions)} transactions matched no subscriber`,
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
    },
  };
};
