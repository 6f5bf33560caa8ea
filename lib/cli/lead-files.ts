import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { LEAD_LIST_COLUMNS, type LeadRows } from '@/lib/scoring/export/lead-columns';
import { LEAD_FILES, LEAD_FORMATS, type LeadFormat, leadFilePieces } from '@/lib/scoring/export/lead-formats';
import { type LeadOrigin, leadAbout, leadManifest } from '@/lib/scoring/export/lead-manifest';
import { suppressionList } from '@/lib/scoring/export/suppression';
import { unwrapped } from './crm-file';
import { pathOption } from './option-values';
import { textOf } from './plan-files';
import { count } from './reporter';
import { type RunFolder, writePieces } from './run-folder';

/** How a lead list is written. */
export interface LeadListOptions {
  /** A file with the addresses of people who opted out; null where it was not given. */
  readonly suppressPath: string | null;
  readonly formats: readonly LeadFormat[];
  /** What writing and calling cost and earn, as JSON; null for the design's figures. */
  readonly strategyPath: string | null;
}

/** As the words of the command line write the formats. */
const FORMAT_WORDS: Readonly<Record<string, LeadFormat>> = Object.fromEntries(
  LEAD_FORMATS.map((format) => [format.replace('_', '-'), format]),
);

/** Add the options of a lead list, which is written in one format, or in many. */
export function addLeadOptions(command: Command, { hasMany }: { readonly hasMany: boolean }): Command {
  const words = Object.keys(FORMAT_WORDS).join(', ');
  return command
    .addOption(
      pathOption('--suppress <file>', 'e-mail addresses of people who opted out: they are left out', false),
    )
    .addOption(
      new Option(
        hasMany ? '--format <names>' : '--format <name>',
        `format of the lead list${hasMany ? ', or more with commas between' : ''}: ${words}`,
      )
        .argParser((text) => parseFormats(text, hasMany))
        .default(['csv'], 'csv'),
    );
}

const leadWordsSchema = z.object({
  suppress: z.string().optional(),
  format: z.array(z.enum(LEAD_FORMATS)),
  strategy: z.string().optional(),
});

/** Read the options of a lead list. */
export function givenLeadOptions(command: Command): LeadListOptions {
  const { suppress, format, strategy } = leadWordsSchema.parse(command.opts());
  return { suppressPath: suppress ?? null, formats: format, strategyPath: strategy ?? null };
}

function parseFormats(text: string, hasMany: boolean): readonly LeadFormat[] {
  const formats = text.split(',').map((word) => FORMAT_WORDS[word.trim()]);
  const known = formats.filter((format) => format !== undefined);
  if (known.length === formats.length && (hasMany || known.length === 1)) return [...new Set(known)];
  const between = hasMany ? ', with commas between' : '';
  throw new InvalidArgumentError(`Expected ${Object.keys(FORMAT_WORDS).join(', ')}${between}.`);
}

/** Addresses of the people who opted out, folded; none where no file is named. */
export async function readSuppressed(path: string | null): Promise<ReadonlySet<string>> {
  return new Set(path === null ? [] : suppressionList(await textOf(path)).addresses);
}

/**
 * Write the whole lead list to a file in a format, and its manifest beside it: the page's bytes for the same leads.
 *
 * @param leads those who did not opt out, best first
 */
export async function writeLeadFile(
  file: { readonly path: string; readonly name: string; readonly format: LeadFormat },
  leads: Omit<LeadRows, 'columns'> & { readonly nSuppressed: number },
  origin: LeadOrigin,
): Promise<void> {
  const { path, name, format } = file;
  const { list, rows, nSuppressed } = leads;
  const columns = LEAD_LIST_COLUMNS;
  const about = leadAbout(origin, {
    format,
    columns,
    query: null,
    nRowsIn: list.table.nRows,
    nSuppressed,
    nRowsOut: rows.length,
  });
  const pieces = unwrapped(await leadFilePieces(format, { list, rows, columns }, about));
  const { sha256, nBytes } = await writePieces(path, pieces);
  await writePieces(`${path}.manifest.json`, leadManifest(about, { name, nBytes, sha256 }));
}

/** Write `scored_leads` into a run's folder: always as CSV, and in the other formats asked for; files of earlier runs go. */
export async function writeLeadLists(
  folder: RunFolder,
  formats: readonly LeadFormat[],
  { leads, origin }: { readonly leads: Parameters<typeof writeLeadFile>[1]; readonly origin: LeadOrigin },
): Promise<void> {
  for (const format of LEAD_FORMATS) {
    const name = `scored_leads${LEAD_FILES[format].ending}`;
    const path = join(folder.path, name);
    if (format === 'csv' || formats.includes(format))
      await writeLeadFile({ path, name, format }, leads, origin);
    else for (const old of [path, `${path}.manifest.json`]) await rm(old, { force: true });
  }
}

/** @example optedOutText(3) // ', 3 left out who opted out' */
export function optedOutText(nSuppressed: number): string {
  return nSuppressed === 0 ? '' : `, ${count(nSuppressed)} left out who opted out`;
}
