/** Make a text safe inside HTML and SVG, also as an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Read the lines of a label as Plotly takes it: entities are letters, `<br>` ends a line. */
export function labelLines(label: string): readonly string[] {
  return label
    .split('<br>')
    .map((line) =>
      line.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll('\u200b', ''),
    );
}

/** Write a number as SVG does best: two decimals at most. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly color: string;
  readonly sizePx?: number;
  /** Clockwise, about the text's own point. */
  readonly degrees?: number;
}

const LINE_PX = 14;

/** Write a label whose first line stands at a point. */
export function textAt(x: number, y: number, label: string, style: TextStyle): string {
  const { anchor = 'start', color, sizePx = 11, degrees } = style;
  const turn = degrees === undefined ? '' : ` transform="rotate(${degrees} ${px(x)} ${px(y)})"`;
  const lines = labelLines(label);
  const spans =
    lines.length === 1
      ? escaped(lines[0] ?? '')
      : lines
          .map((line, i) => `<tspan x="${px(x)}" dy="${i === 0 ? 0 : LINE_PX}">${escaped(line)}</tspan>`)
          .join('');
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="${color}" font-size="${sizePx}"${turn}>${spans}</text>`;
}

/** Write a straight line. */
export function lineBetween(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  style: { readonly color: string; readonly widthPx?: number; readonly dash?: string | undefined },
): string {
  const { color, widthPx = 1, dash } = style;
  const dashed =
    dash === undefined || dash === 'solid' ? '' : ` stroke-dasharray="${dash === 'dot' ? '2 3' : '6 4'}"`;
  return `<line x1="${px(from[0])}" y1="${px(from[1])}" x2="${px(to[0])}" y2="${px(to[1])}" stroke="${color}" stroke-width="${px(widthPx)}"${dashed}/>`;
}
