const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 19919 → "19,919". */
export function countText(count: number): string {
  return WHOLE.format(count);
}

/** 0.04829 → "4.83 %". */
export function percentText(share: number | null, nDecimals = 2): string {
  return share === null || Number.isNaN(share) ? '–' : `${(share * 100).toFixed(nDecimals)} %`;
}

/** 840 → "0.84 s"; 12 → "12 ms"; 75,000 → "1 min 15 s"; 3,720,000 → "1 h 2 min". */
export function durationText(elapsedMs: number): string {
  if (elapsedMs < 100) return `${Math.round(elapsedMs)} ms`;
  if (elapsedMs < 10_000) return `${(elapsedMs / 1000).toFixed(2)} s`;
  if (elapsedMs < 60_000) return `${(elapsedMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(elapsedMs / 1000);
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** 3670016 → "3.5 MiB". */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** 0.81294 → "0.8129"; missing → "–". */
export function metricText(value: number | null | undefined, nDecimals = 4): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(nDecimals);
}

const DATE_TIME = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** 1760000000000 → "2025-10-09 08:53", in the reader's own time zone. */
export function dateTimeText(atMs: number): string {
  return DATE_TIME.format(atMs);
}
