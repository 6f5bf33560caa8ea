import type { LeadQuery } from '../lead-query';
import type { LeadListColumn } from './lead-columns';
import type { LeadFormat } from './lead-formats';

/** What a lead list was made from; digests are SHA-256 in 64 lower-case hex digits. */
export interface LeadOrigin {
  readonly modelId: string;
  /** Of the table that was scored, as `subscribers_joined.csv` holds it. */
  readonly dataSha256: string;
  readonly specSha256: string;
  readonly leadbenchVersion: string;
}

/** What was asked to be written. */
export interface LeadExport {
  readonly format: LeadFormat;
  readonly columns: readonly LeadListColumn[];
  /** Null where the whole list is written, best first. */
  readonly query: LeadQuery | null;
  readonly nRowsIn: number;
  readonly nSuppressed: number;
  readonly nRowsOut: number;
}

/**
 * Say of a lead list what it was made from and how, so that it can be made again to the byte. Holds no time; what was searched
 * for is in it, which may be a person's name.
 */
export function leadAbout(origin: LeadOrigin, asked: LeadExport) {
  return {
    leadbench_manifest: 1,
    leadbench_version: origin.leadbenchVersion,
    model_id: origin.modelId,
    data_sha256: origin.dataSha256,
    feature_spec_sha256: origin.specSha256,
    format: asked.format,
    columns: asked.columns,
    filters: asked.query,
    n_rows_in: asked.nRowsIn,
    n_suppressed: asked.nSuppressed,
    n_rows_out: asked.nRowsOut,
  };
}

/** The manifest that lies beside a file: `leadAbout` with the file's own name, size and digest. */
export function leadManifest(
  about: ReturnType<typeof leadAbout>,
  file: { readonly name: string; readonly nBytes: number; readonly sha256: string },
): string {
  const { name, nBytes, sha256 } = file;
  return `${JSON.stringify({ ...about, file: name, n_bytes: nBytes, sha256 }, null, 2)}\n`;
}
