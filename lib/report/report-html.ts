import { cellText, type FigureSpec, type FigureTable } from '@/lib/charts/figure-spec';
import { countText } from '@/lib/explore/summary/plain-numbers';
import { figureSvg } from './figure-svg';
import { escaped } from './svg-text';

/** Width of a figure in its own pixels; on paper it is as wide as the page. */
const FIGURE_PX = 760;
/** Rows printed of a table; the rest is in the JSON files. */
const MOST_ROWS = 30;

/** A part of a report, as HTML. */
export interface ReportSection {
  readonly title: string;
  readonly html: string;
}

/** Write a sentence. */
export function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

/** Write a figure with its sentence and its table. */
export function figureHtml(spec: FigureSpec, options: { readonly heightPx?: number } = {}): string {
  const caption = `<figcaption>${escaped(spec.title)}</figcaption>`;
  const drawn = spec.data.length === 0 ? '' : figureSvg(spec, { widthPx: FIGURE_PX, ...options });
  return `<figure>${caption}${drawn}</figure>${tableHtml(spec.table)}`;
}

/** Write the first rows of a table, numbers as the page writes them. */
export function tableHtml({ columns, rows }: Pick<FigureTable, 'columns' | 'rows'>): string {
  if (rows.length === 0) return '';
  const align = columns.map((column) => (column.align === 'right' ? ' class="right"' : ''));
  const head = columns.map(({ label }, i) => `<th scope="col"${align[i]}>${escaped(label)}</th>`).join('');
  const body = rows
    .slice(0, MOST_ROWS)
    .map((row) => {
      const cells = columns.map(
        ({ key, format }, i) => `<td${align[i]}>${escaped(cellText(row[key] ?? null, format))}</td>`,
      );
      return `<tr>${cells.join('')}</tr>`;
    })
    .join('\n');
  const nMore = rows.length - MOST_ROWS;
  const more = nMore > 0 ? `<p class="more">${countText(nMore)} more rows are not printed.</p>` : '';
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>${more}`;
}

/**
 * Put sections into one page that needs nothing else: no script, no font, no picture of its own, nothing from the network.
 * Light, A4. The same sections give the same text.
 */
export function reportHtml(title: string, sections: readonly ReportSection[]): string {
  const contents = sections.map(({ title: name }, i) => `<li><a href="#s${i + 1}">${escaped(name)}</a></li>`);
  const parts = sections.map(
    ({ title: name, html }, i) => `<section id="s${i + 1}"><h2>${escaped(name)}</h2>\n${html}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<nav aria-label="Contents"><ol>${contents.join('')}</ol></nav>
${parts.join('\n')}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light; }
body { max-width: 800px; margin: 24px auto; padding: 0 16px; background: #fff; color: #1b1d21;
  font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', sans-serif; }
h1 { font-size: 22px; margin: 0 0 8px; }
h2 { font-size: 17px; margin: 28px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #e1e4e8; }
h3 { font-size: 14px; margin: 18px 0 6px; }
a { color: #0b5c94; }
figure { margin: 10px 0; }
figcaption { font-weight: 600; margin-bottom: 4px; }
svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; margin: 6px 0 14px; font-size: 11px; font-variant-numeric: tabular-nums; }
th, td { padding: 2px 6px; border-bottom: 1px solid #e1e4e8; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { border-bottom-color: #545b63; }
.right { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.more { margin: 0 0 14px; color: #545b63; font-size: 11px; }
@page { size: A4; margin: 15mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  figure, tr { break-inside: avoid; }
  h2, h3, figcaption { break-after: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
}
`;
