import { PageSizes, PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from '@cantoo/pdf-lib';
import { cellText } from '@/lib/charts/figure-spec';
import type { ChosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { leadReportParts, type ReportedLeads, type ReportPart } from './lead-report';

const MARGIN_PT = 40;
const CHART_HEIGHT_PT = 110;
/** Sizes that are tried until all fits one page. */
const TEXT_SIZES_PT = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6];
const INK = rgb(0.106, 0.114, 0.129);
const MUTED = rgb(0.33, 0.357, 0.388);
const BLUE = rgb(0, 0.447, 0.698);
const RED = rgb(0.835, 0.369, 0);
/** No clock goes into the file: the same report gives the same bytes. */
const DATE = new Date(Date.UTC(2000, 0, 1));

interface Pen {
  page: PDFPage;
  /** Gives another page where there is no room; null where the size is only tried. */
  readonly nextPage: (() => PDFPage) | null;
  readonly text: PDFFont;
  readonly bold: PDFFont;
  readonly sizePt: number;
  /** Where the next line's top is, from the page's foot. */
  y: number;
}

/** Write the report of a lead list as a PDF of one A4 page, of more only where even small text does not fit: the parts of the HTML, and the curve of the expected value. */
export async function leadReportPdf(leads: ReportedLeads): Promise<Uint8Array> {
  for (const sizePt of TEXT_SIZES_PT) {
    const bytes = await written(leads, sizePt, sizePt === TEXT_SIZES_PT.at(-1));
    if (bytes !== null) return bytes;
  }
  throw new Error('Expected a size of text to be left');
}

/** The file with text of a size; null where it does not fit one page and may have no more. */
async function written(
  leads: ReportedLeads,
  sizePt: number,
  hasMorePages: boolean,
): Promise<Uint8Array | null> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const { title, parts } = leadReportParts(leads);
  pdf.setTitle(title);
  pdf.setProducer('Leadbench');
  pdf.setCreator('Leadbench');
  pdf.setCreationDate(DATE);
  pdf.setModificationDate(DATE);
  const pen: Pen = {
    page: pdf.addPage(PageSizes.A4),
    nextPage: hasMorePages ? () => pdf.addPage(PageSizes.A4) : null,
    text: await pdf.embedFont(StandardFonts.Helvetica),
    bold: await pdf.embedFont(StandardFonts.HelveticaBold),
    sizePt,
    y: PageSizes.A4[1] - MARGIN_PT,
  };
  paragraph(pen, title, { font: pen.bold, sizePt: sizePt * 1.7 });
  for (const part of parts) drawPart(pen, part, leads.strategy);
  return pen.y < MARGIN_PT ? null : pdf.save({ useObjectStreams: false });
}

/** Move down, onto another page where there may be one and it is needed. */
function moveDown(pen: Pen, heightPt: number): void {
  pen.y -= heightPt;
  if (pen.nextPage === null || pen.y >= MARGIN_PT) return;
  pen.page = pen.nextPage();
  pen.y = PageSizes.A4[1] - MARGIN_PT - heightPt;
}

function drawPart(pen: Pen, { title, sentences, table }: ReportPart, strategy: ChosenStrategy): void {
  pen.y -= pen.sizePt * 0.6;
  paragraph(pen, title, { font: pen.bold, sizePt: pen.sizePt * 1.2 });
  for (const sentence of sentences) paragraph(pen, sentence, { font: pen.text, sizePt: pen.sizePt });
  if (title === 'Whom to write to') chart(pen, strategy);
  if (table !== null) drawTable(pen, table);
}

function paragraph(
  pen: Pen,
  text: string,
  { font, sizePt }: { readonly font: PDFFont; readonly sizePt: number },
): void {
  const width = pen.page.getWidth() - 2 * MARGIN_PT;
  let line = '';
  const flush = () => {
    moveDown(pen, sizePt * 1.25);
    pen.page.drawText(line, { x: MARGIN_PT, y: pen.y, size: sizePt, font, color: INK });
  };
  for (const word of plain(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && font.widthOfTextAtSize(longer, sizePt) > width) {
      flush();
      line = word;
    } else line = longer;
  }
  flush();
  pen.y -= sizePt * 0.25;
}

function drawTable(pen: Pen, { columns, rows }: NonNullable<ReportPart['table']>): void {
  const { sizePt } = pen;
  const lines = [
    columns.map(({ label }) => label),
    ...rows.map((row) => columns.map(({ key, format }) => cellText(row[key] ?? null, format))),
  ];
  const starts = columnStarts(pen, lines);
  for (const [number, cells] of lines.entries()) {
    moveDown(pen, sizePt * 1.3);
    const font = number === 0 ? pen.bold : pen.text;
    for (const [place, cell] of cells.entries())
      pen.page.drawText(plain(cell), {
        x: starts[place] ?? MARGIN_PT,
        y: pen.y,
        size: sizePt * 0.95,
        font,
        color: INK,
      });
  }
  pen.y -= sizePt * 0.4;
}

/** Where columns begin: each as wide as its widest cell, what room is left shared out between them. */
function columnStarts({ page, bold, sizePt }: Pen, lines: readonly (readonly string[])[]): readonly number[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((cells) => bold.widthOfTextAtSize(plain(cells[column] ?? ''), sizePt * 0.95))),
  );
  const room = page.getWidth() - 2 * MARGIN_PT - widths.reduce((sum, width) => sum + width, 0);
  const gap = Math.max(sizePt * 0.5, room / Math.max(1, widths.length - 1));
  let x = MARGIN_PT;
  return widths.map((width) => {
    const start = x;
    x += width + gap;
    return start;
  });
}

/** The expected value by the share of leads written to, the cut-off as chosen and as judged. */
function chart(pen: Pen, { curve, best, judged }: ChosenStrategy): void {
  if (best === null || judged === null) return;
  const { text, sizePt } = pen;
  moveDown(pen, sizePt + CHART_HEIGHT_PT);
  const { page, y: foot } = pen;
  const width = page.getWidth() - 2 * MARGIN_PT;
  const { value, intervals } = judged;
  const { low, high } = intervals.expectedValueUsd;
  const values = curve.map(({ expectedValueUsd }) => expectedValueUsd);
  const [least, most] = [Math.min(0, ...values, low), Math.max(...values, high)];
  const place = (share: number, usd: number) => ({
    x: MARGIN_PT + share * width,
    y: foot + ((usd - least) / (most - least || 1)) * CHART_HEIGHT_PT,
  });
  const share = ({ nHot, nCold }: { readonly nHot: number; readonly nCold: number }) => nHot / (nHot + nCold);
  page.drawLine({ start: place(0, 0), end: place(1, 0), thickness: 0.5, color: MUTED });
  const points = curve.map((point) => place(share(point), point.expectedValueUsd));
  for (const [i, end] of points.slice(1).entries())
    page.drawLine({ start: points[i]!, end, thickness: 1.2, color: BLUE });
  page.drawCircle({
    ...place(share(best), best.expectedValueUsd),
    size: 3,
    borderColor: BLUE,
    borderWidth: 1.5,
  });
  const at = share(value);
  page.drawLine({ start: place(at, low), end: place(at, high), thickness: 1.2, color: RED });
  page.drawCircle({ ...place(at, value.expectedValueUsd), size: 2.5, color: RED });
  for (const usd of [least, most]) {
    const { y } = place(0, usd);
    page.drawText(plain(usdText(usd)), {
      x: MARGIN_PT,
      y: y + 2,
      size: sizePt * 0.8,
      font: text,
      color: MUTED,
    });
  }
  const legend =
    'Expected value a month (blue) from writing to nobody, left, to everybody, right; circle: the cut-off as chosen; red: on the test rows, with 95 %.';
  paragraph(pen, legend, { font: text, sizePt: sizePt * 0.85 });
}

/** In the characters that the standard fonts have (WinAnsi); what is left over becomes a question mark. */
function plain(text: string): string {
  return text
    .replaceAll('−', '-')
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('≈', '~')
    .replace(/\s/g, ' ')
    .replace(/[^\u0020-\u007e\u00a0-\u00ff–—‘’“”…•†‡‰€™]/gu, '?');
}
