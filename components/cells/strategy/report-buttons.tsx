'use client';

import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import type { VerdictReason } from '@/lib/evaluation/verdict/verdict-reason';
import type { ReportedLeads } from '@/lib/report/lead-report';
import { failureOf } from '@/lib/store/cell-runs';
import type { WorkbenchState } from '@/lib/store/workbench-state';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import { useFoundReasons } from '../scorecard/use-found-reasons';

/** Download the report of one page, as HTML or as PDF. */
export function ReportButtons() {
  const { store } = useWorkbench();
  const isReady = useWorkbenchState((state) => state.statuses.strategy.kind === 'done');
  const furtherReasons = useFoundReasons();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const save = async (format: 'html' | 'pdf') => {
    setFailure(null);
    setIsBusy(true);
    const name = `lead_report.${format}`;
    try {
      saveBlob(await reportBlob(reportedLeads(store.getState(), furtherReasons), format), name);
    } catch (error) {
      setFailure(failureOf(error, name));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      {(['html', 'pdf'] as const).map((format) => (
        <Button
          key={format}
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          disabled={!isReady}
          loading={isBusy}
          onClick={() => void save(format)}
        >
          {`lead_report.${format}`}
        </Button>
      ))}
      {failure && <FailureAlert failure={failure} />}
    </>
  );
}

/** Writers of reports are loaded when one is wanted. */
async function reportBlob(leads: ReportedLeads, format: 'html' | 'pdf'): Promise<Blob> {
  if (format === 'html') {
    const { leadReportHtml } = await import('@/lib/report/lead-report');
    return new Blob([leadReportHtml(leads)], { type: 'text/html;charset=utf-8' });
  }
  const { leadReportPdf } = await import('@/lib/report/lead-report-pdf');
  return new Blob([(await leadReportPdf(leads)) as BlobPart], { type: 'application/pdf' });
}

function reportedLeads(state: WorkbenchState, furtherReasons: readonly VerdictReason[]): ReportedLeads {
  const { model, strategy, quality, scores, leads } = state;
  if (!model || !strategy || !quality || !scores) throw new Error('The report needs a strategy');
  const { report, metadata, nTestLooks } = model;
  return {
    nSubscribers: scores.nScored,
    nBuyers: scores.tiers.reduce((sum, { nBuyers }) => sum + nBuyers, 0),
    gate: quality.gate,
    overrideReason: state.gateOverrideReason,
    metadata,
    report,
    verdict: modelVerdict({
      report,
      leakage: metadata.leakage ?? [],
      gateOverrideReason: metadata.gate_override_reason,
      nTestLooks,
      furtherReasons,
    }),
    strategy,
    nSuppressed: leads?.nSuppressed ?? 0,
  };
}
