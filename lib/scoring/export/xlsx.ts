import { strToU8, zipSync } from 'fflate';
import { fail, type Result, succeed } from '@/lib/core/result';

/** A cell: texts and numbers; nothing that is worked out. */
export type SheetCell = string | number | null;

/** A sheet of a workbook: its header, then rows. */
export interface Sheet {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: Iterable<readonly SheetCell[]>;
}

/** Rows and characters that the format takes (ECMA-376, as Excel reads it). */
const MOST_ROWS = 1_048_576;
const MOST_CHARACTERS = 32_767;
/** What XML 1.0 cannot hold, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const FORMULA_LIKE = /^[\s\p{Cf}]*[=+\-@\t\r]/u;
/** One moment for all files: the same cells give the same bytes. Local, as the zip format counts time. */
const ZIP_TIME = new Date(1980, 0, 1);

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * Write sheets as an XLSX workbook. Cells are numbers or texts, never formulas: a text is an inline string, and one that looks
 * like a formula is also marked as quoted, so that it stays a text when it is edited. The same sheets give the same bytes.
 *
 * @param mostRows of a sheet, its header among them
 * @returns `too_many_for_xlsx` or `too_long_for_xlsx` where the format has no room
 */
export function xlsxBytes(sheets: readonly Sheet[], mostRows = MOST_ROWS): Result<Uint8Array> {
  const files: Record<string, Uint8Array> = {
    '[Content_Types].xml': strToU8(contentTypes(sheets.length)),
    '_rels/.rels': strToU8(relations([['officeDocument', 'xl/workbook.xml']])),
    'xl/workbook.xml': strToU8(workbook(sheets)),
    'xl/_rels/workbook.xml.rels': strToU8(
      relations([
        ...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]),
        ['styles', 'styles.xml'],
      ]),
    ),
    'xl/styles.xml': strToU8(STYLES),
  };
  for (const [i, sheet] of sheets.entries()) {
    const xml = sheetXml(sheet, mostRows);
    if (!xml.ok) return xml;
    files[`xl/worksheets/sheet${i + 1}.xml`] = strToU8(xml.value);
  }
  return succeed(zipSync(files, { mtime: ZIP_TIME, level: 6 }));
}

function sheetXml({ header, rows }: Sheet, mostRows: number): Result<string> {
  const lines = [rowXml(header, 1, 1)];
  for (const row of rows) {
    if (row.some((cell) => typeof cell === 'string' && cell.length > MOST_CHARACTERS)) {
      return fail(
        'too_long_for_xlsx',
        `A text of row ${lines.length} is longer than ${MOST_CHARACTERS} characters, which XLSX cannot hold.`,
        'Leave the column out, or take CSV, JSON or Parquet.',
      );
    }
    lines.push(rowXml(row, lines.length + 1, 0));
    if (lines.length > mostRows) {
      return fail(
        'too_many_for_xlsx',
        `XLSX holds ${mostRows - 1} leads at most.`,
        'Filter the list, or take CSV, JSON or Parquet.',
      );
    }
  }
  const pane =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return succeed(
    `${XML}<worksheet xmlns="${MAIN}">${pane}<sheetData>${lines.join('')}</sheetData></worksheet>`,
  );
}

function rowXml(cells: readonly SheetCell[], number: number, style: 0 | 1): string {
  const xml = cells.map((cell, column) => cellXml(cell, `${columnName(column)}${number}`, style));
  return `<row r="${number}">${xml.join('')}</row>`;
}

function cellXml(cell: SheetCell, place: string, style: 0 | 1): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  const look = FORMULA_LIKE.test(cell) ? 2 : style;
  const styled = look === 0 ? '' : ` s="${look}"`;
  return `<c r="${place}"${styled} t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

/** 0 → "A", 26 → "AA". */
function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : `${columnName(Math.floor(column / 26) - 1)}${letter}`;
}

function escaped(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

function contentTypes(nSheets: number): string {
  const sheets = Array.from(
    { length: nSheets },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`,
  );
  return `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${sheets.join('')}</Types>`;
}

function relations(targets: readonly (readonly [kind: string, target: string])[]): string {
  const entries = targets.map(
    ([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${RELATIONS}">${entries.join('')}</Relationships>`;
}

function workbook(sheets: readonly Sheet[]): string {
  const entries = sheets.map(
    ({ name }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${entries.join('')}</sheets></workbook>`;
}

/** Looks of cells: as they are, bold, and quoted. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
