import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { createCsvCursor } from '@/lib/crm/csv-cursor';
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
  return checkedLeads(batch.data.leads, schema);
}

/**
 * Parse leads that came as CSV with a header: the columns of a lead, tags in one cell with semicolons between. An empty cell is
 * null, and no tags. Lines may end in LF or CRLF. Fails as `leadsOfJson`.
 */
export function leadsOfCsv(text: string, schema: z.ZodType<LiveLead>): Result<readonly LiveLead[]> {
  const rows = csvRecords(text);
  const header = rows.next();
  if (header.done) return fail('bad_input', 'The body is empty; a header is expected first.', HINT);
  const names = header.value;
  const foreign = names.find((name) => !LIVE_COLUMNS.some((column) => column === name));
  if (foreign !== undefined) {
    return fail(
      'bad_input',
      `The header has a column that no lead has; those are ${LIVE_COLUMNS.join(', ')}.`,
      HINT,
    );
  }
  if (new Set(names).size !== names.length) return fail('bad_input', 'The header has a column twice.', HINT);
  const leads: unknown[] = [];
  for (let row = rows.next(); !row.done; row = rows.next()) {
    if (row.value.length !== names.length) {
      return fail(
        'bad_input',
        `Row ${leads.length + 1} has ${row.value.length} cells, and the header ${names.length}.`,
        HINT,
      );
    }
    leads.push(
      Object.fromEntries(names.map((name, place) => [name, cellValue(name, row.value[place] ?? '')])),
    );
    if (leads.length > MAX_LIVE_LEADS) break;
  }
  return checkedLeads(leads, schema);
}

function* csvRecords(text: string): Generator<readonly string[], void> {
  if (text === '') return;
  const lines = text.replace(/\r?\n/g, '\r\n');
  const cursor = createCsvCursor([lines.endsWith('\r\n') ? lines : `${lines}\r\n`]);
  while (!cursor.isAtEnd()) yield cursor.readRecord() ?? [];
}

function cellValue(name: string, cell: string): unknown {
  if (name === 'tags') return cell === '' ? [] : cell.split(';').map((tag) => tag.trim());
  if (cell === '') return name === 'id' ? '' : null;
  return name === 'member_rating' ? Number(cell) : cell;
}

function checkedLeads(leads: readonly unknown[], schema: z.ZodType<LiveLead>): Result<readonly LiveLead[]> {
  if (leads.length === 0) return fail('bad_input', 'There is no lead to score.', HINT);
  if (leads.length > MAX_LIVE_LEADS) {
    return fail(
      'too_many_leads',
      `There are more than ${MAX_LIVE_LEADS} leads in one request.`,
      'Send them in several requests.',
    );
  }
  const checked: LiveLead[] = [];
  for (const [place, lead] of leads.entries()) {
    const parsed = schema.safeParse(lead);
    if (!parsed.success) return fail('bad_input', faultOf(place + 1, lead, parsed.error), HINT);
    checked.push(parsed.data);
  }
  return succeed(checked);
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
