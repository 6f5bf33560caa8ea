import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { type CsvCursor, createCsvCursor } from '@/lib/crm/csv-cursor';
import { LIVE_COLUMNS, type LiveLead, MAX_LIVE_LEADS } from './live-lead';

const batchSchema = z.strictObject({ leads: z.array(z.unknown()) });
const HINT = 'GET /api/openapi.json describes what a lead looks like.';

/**
 * Parse leads that came as JSON, `{"leads": [{…}, …]}`. A failure `bad_input` names row, counted from 1, and column; it never
 * repeats a value.
 *
 * @param schema of a lead, as `liveLeadSchemaFor` gives it
 */
export function leadsOfJson(text: string, schema: z.ZodType<LiveLead>): Result<readonly LiveLead[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('bad_input', 'The body is not JSON.', HINT);
  }
  const batch = batchSchema.safeParse(json);
  if (!batch.success) return fail('bad_input', 'The body is not {"leads": [ … ]}.', HINT);
  const raw = withinLimits(batch.data.leads);
  if (!raw.ok) return raw;
  const leads: LiveLead[] = [];
  for (const [place, each] of raw.value.entries()) {
    const lead = checkedLead(place + 1, each, schema);
    if (!lead.ok) return lead;
    leads.push(lead.value);
  }
  return succeed(leads);
}

/**
 * Parse leads that came as CSV with a header: the columns of a lead, tags in one cell with semicolons between. An empty cell is
 * null, and no tags. Lines may end in LF or CRLF. Fails as `leadsOfJson`.
 */
export function leadsOfCsv(text: string, schema: z.ZodType<LiveLead>): Result<readonly LiveLead[]> {
  const rows = csvRows([text]);
  if (!rows.ok) return rows;
  const leads: LiveLead[] = [];
  for (const row of rows.value) {
    const lead = row.ok ? checkedLead(leads.length + 1, row.value, schema) : row;
    if (!lead.ok) return lead;
    leads.push(lead.value);
    if (leads.length > MAX_LIVE_LEADS) break;
  }
  return withinLimits(leads);
}

/**
 * Parse a file of leads of any length, a batch at a time; see `leadsOfCsv`. The first failure is the last batch.
 *
 * @param pieces the file's text, cut anywhere
 */
export function* leadBatchesOfCsv(
  pieces: Iterable<string>,
  schema: z.ZodType<LiveLead>,
  nBatchLeads: number,
): Generator<Result<readonly LiveLead[]>, void> {
  const rows = csvRows(pieces);
  if (!rows.ok) {
    yield rows;
    return;
  }
  let nRows = 0;
  let batch: LiveLead[] = [];
  for (const row of rows.value) {
    nRows += 1;
    const lead = row.ok ? checkedLead(nRows, row.value, schema) : row;
    if (!lead.ok) {
      yield lead;
      return;
    }
    batch.push(lead.value);
    if (batch.length < nBatchLeads) continue;
    yield succeed(batch);
    batch = [];
  }
  if (batch.length > 0) yield succeed(batch);
}

function csvRows(pieces: Iterable<string>): Result<Iterable<Result<Readonly<Record<string, unknown>>>>> {
  const cursor = createCsvCursor(withCrlf(pieces));
  const names = cursor.isAtEnd() ? null : (cursor.readRecord() ?? []);
  if (names === null) return fail('bad_input', 'The body is empty; a header is expected first.', HINT);
  if (names.some((name) => !LIVE_COLUMNS.some((column) => column === name))) {
    const known = LIVE_COLUMNS.join(', ');
    return fail('bad_input', `The header has a column that no lead has; those are ${known}.`, HINT);
  }
  if (new Set(names).size !== names.length) return fail('bad_input', 'The header has a column twice.', HINT);
  return succeed(rowsBelow(cursor, names));
}

function* rowsBelow(
  cursor: CsvCursor,
  names: readonly string[],
): Generator<Result<Readonly<Record<string, unknown>>>, void> {
  for (let row = 1; !cursor.isAtEnd(); row++) {
    const cells = cursor.readRecord() ?? [];
    if (cells.length !== names.length) {
      yield fail('bad_input', `Row ${row} has ${cells.length} cells, and the header ${names.length}.`, HINT);
      return;
    }
    yield succeed(
      Object.fromEntries(names.map((name, place) => [name, cellValue(name, cells[place] ?? '')])),
    );
  }
}

/** Let every line end in CRLF, the last one too. */
function* withCrlf(pieces: Iterable<string>): Generator<string, void> {
  let held = '';
  let last = '';
  for (const piece of pieces) {
    const text = held + piece;
    // The LF may come with the next piece.
    held = text.endsWith('\r') ? '\r' : '';
    last = text.slice(0, text.length - held.length).replace(/\r?\n/g, '\r\n');
    if (last !== '') yield last;
  }
  if (held !== '' || (last !== '' && !last.endsWith('\r\n'))) yield '\r\n';
}

function cellValue(name: string, cell: string): unknown {
  if (name === 'tags') return cell === '' ? [] : cell.split(';').map((tag) => tag.trim());
  if (cell === '') return name === 'id' ? '' : null;
  return name === 'member_rating' ? Number(cell) : cell;
}

function checkedLead(row: number, lead: unknown, schema: z.ZodType<LiveLead>): Result<LiveLead> {
  const parsed = schema.safeParse(lead);
  return parsed.success ? succeed(parsed.data) : fail('bad_input', faultOf(row, lead, parsed.error), HINT);
}

function withinLimits<T>(leads: readonly T[]): Result<readonly T[]> {
  if (leads.length === 0) return fail('bad_input', 'There is no lead to score.', HINT);
  if (leads.length <= MAX_LIVE_LEADS) return succeed(leads);
  return fail(
    'too_many_leads',
    `There are more than ${MAX_LIVE_LEADS} leads in one request.`,
    'Send them in several requests.',
  );
}

function faultOf(row: number, lead: unknown, { issues }: z.ZodError): string {
  const issue = issues[0];
  const [column] = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') {
    return `Row ${row} has a column that no lead has; those are ${LIVE_COLUMNS.join(', ')}.`;
  }
  if (issue === undefined || column === undefined || typeof lead !== 'object' || lead === null) {
    return `Row ${row} is not an object.`;
  }
  const where = `Row ${row}, column ${String(column)}`;
  return Object.hasOwn(lead, column)
    ? `${where}: it ${wordsOf(issue)}.`
    : `${where}: it is missing, and the model needs it, if only as null.`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  return issue.code === 'invalid_type' ? `must be of type ${issue.expected}` : 'is not as expected';
}
