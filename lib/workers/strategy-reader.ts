import { sha256Hex } from '@/lib/core/digest';
import { ExpectedFailure } from '@/lib/core/result';
import { joinedCsvChunks } from '@/lib/crm/joined-csv';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { SplitPart } from '@/lib/features/matrix';
import { rowsOfPart } from '@/lib/features/split';
import { LEAD_FILES, leadFilePieces } from '@/lib/scoring/export/lead-formats';
import { leadAbout, leadManifest } from '@/lib/scoring/export/lead-manifest';
import { suppressedRows } from '@/lib/scoring/export/suppression';
import type { LeadBook } from '@/lib/scoring/lead-book';
import type { LeadCut, LeadQuery } from '@/lib/scoring/lead-query';
import { type ChosenStrategy, chosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';
import { platformSha256Hex } from './platform-digest';

type StrategyApi = Pick<CrmApi, 'strategy' | 'queryLeads' | 'exportLeads' | 'leadRows'>;

/** The leads that were scored last. The same book until they are scored again. */
interface ScoredLeads {
  readonly table: JoinedTable;
  readonly split: Uint8Array;
  /** A score a row of the table, by the model in use. */
  readonly scores: Float32Array;
  readonly book: LeadBook;
}

/** What was last asked of a book: nothing leaves it before it is known who opted out. */
interface Asked {
  readonly book: LeadBook;
  readonly strategy: ChosenStrategy;
  query: LeadQuery | null;
}

/** Choose whom to write to, and answer for the lead list: what is asked of the scores that are held. */
export function createStrategyReader(scored: () => ScoredLeads): Handlers<StrategyApi> {
  let asked: Asked | null = null;
  let digest: { readonly table: JoinedTable; readonly sha256: string } | null = null;
  const known = (): Asked => {
    if (asked?.book !== scored().book) throw new Error('Asked for leads before it was known who opted out');
    return asked;
  };
  const dataSha256 = (table: JoinedTable): string => {
    if (digest?.table !== table) {
      const bytes = new TextEncoder().encode([...joinedCsvChunks(table)].join(''));
      digest = { table, sha256: sha256Hex(bytes) };
    }
    return digest.sha256;
  };
  return {
    strategy({ validation, plan, seed, suppressed }) {
      const { table, split, scores, book } = scored();
      book.suppress(suppressedRows(table.userEmail, new Set(suppressed)));
      const testRows = rowsOfPart(split, SplitPart.test);
      const strategy = chosenStrategy(
        {
          chosenOn: { scores: validation.probabilities, labels: validation.labels },
          judgedOn: {
            scores: Float32Array.from(testRows, (row) => scores[row]!),
            labels: Uint8Array.from(testRows, (row) => table.madePurchase[row]!),
          },
          list: book.descendingScores(),
        },
        plan,
        seed,
      );
      asked = { book, strategy, query: null };
      return strategy;
    },
    queryLeads(query) {
      const { book, strategy } = known();
      known().query = query;
      return book.query(query, cutOf(query, strategy));
    },
    leadRows: ({ from, to }) => known().book.rows(from, to),
    async exportLeads({ which, format, columns, origin, fileName }) {
      const { book, query } = known();
      const { table } = scored();
      const { list, rows, nSuppressed } = book.leads(which);
      const about = leadAbout(
        { ...origin, dataSha256: dataSha256(table) },
        {
          format,
          columns,
          query: which === 'query' ? query : null,
          nRowsIn: table.nRows,
          nSuppressed,
          nRowsOut: rows.length,
        },
      );
      const pieces = await leadFilePieces(format, { list, rows, columns }, about);
      if (!pieces.ok) throw new ExpectedFailure(pieces.error);
      const file = new Blob([...pieces.value] as BlobPart[], { type: LEAD_FILES[format].contentType });
      const bytes = new Uint8Array(await file.arrayBuffer());
      const sha256 = await platformSha256Hex(bytes);
      const manifest = leadManifest(about, { name: fileName, nBytes: bytes.length, sha256 });
      return { file, manifest: new Blob([manifest], { type: LEAD_FILES.json.contentType }) };
    },
  };
}

/** The part of the list that a query asks for. */
function cutOf({ contact }: LeadQuery, { best, capacity }: ChosenStrategy): LeadCut | null {
  const nCalled = capacity.called.nLeads;
  switch (contact) {
    case 'all':
      return null;
    case 'hot':
      return { kind: 'score', atLeast: best?.threshold ?? Number.POSITIVE_INFINITY };
    case 'call':
      return { kind: 'places', from: 0, to: nCalled };
    case 'write':
      return { kind: 'places', from: nCalled, to: nCalled + capacity.written.nLeads };
    default:
      return contact satisfies never;
  }
}
