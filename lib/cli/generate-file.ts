import { writeDemoCrm } from '@/lib/server/demo-file';
import { withFileWords } from './file-failure';
import { count, type Reporter } from './reporter';

/** What `generate` was asked to do. */
export interface GenerateOptions {
  readonly outPath: string;
  readonly nSubscribers: number;
  readonly seed: number;
}

const COMMAND = 'generate';
const STEPS = 100;

/** Write an invented CRM file. The same size and seed give the same bytes. */
export async function generateFile(options: GenerateOptions, reporter: Reporter): Promise<void> {
  const { outPath, nSubscribers, seed } = options;
  reporter.started(COMMAND);
  const tellStep = eachStep((done) => reporter.progress(COMMAND, { label: '% written', done, total: STEPS }));
  const report = await withFileWords(outPath, () =>
    writeDemoCrm({ path: outPath, nSubscribers, seed, onProgress: tellStep }),
  );
  const megabytes = (report.bytes / 1_000_000).toFixed(1);
  reporter.finished(COMMAND, report.elapsedMs, {
    sentence: `${count(report.nSubscribers)} subscribers, ${count(report.nTransactions)} transactions, ${megabytes} MB: ${outPath}`,
    facts: {
      n_subscribers: report.nSubscribers,
      n_tag_rows: report.nTags,
      n_transactions: report.nTransactions,
      bytes: report.bytes,
      seed,
      files: { crm: outPath },
    },
  });
}

/** Pass on shares of the work as whole steps, each once. */
function eachStep(tell: (step: number) => void): (share: number) => void {
  let last = 0;
  return (share) => {
    const step = Math.floor(share * STEPS);
    if (step <= last) return;
    last = step;
    tell(step);
  };
}
