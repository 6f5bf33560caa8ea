'use client';

import { type ReactNode, useState } from 'react';
import { saveBlob } from '@/lib/browser/download';
import type { Failure } from '@/lib/core/result';
import { failureOf } from '@/lib/store/cell-runs';
import { FailureAlert } from './cell';

/** A download that is made first: busy while it is, and a failure to show when it could not be. */
export function useCsvDownload(make: () => Promise<Blob>, fileName: string) {
  const [isBusy, setIsBusy] = useState(false);
  const [failed, setFailed] = useState<Failure | null>(null);
  const start = async () => {
    setIsBusy(true);
    setFailed(null);
    try {
      saveBlob(await make(), fileName);
    } catch (error) {
      setFailed(failureOf(error, fileName));
    } finally {
      setIsBusy(false);
    }
  };
  const failure: ReactNode = failed && <FailureAlert failure={failed} />;
  return { isBusy, start: () => void start(), failure };
}
