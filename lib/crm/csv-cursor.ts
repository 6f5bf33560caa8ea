/** Reads CSV text record by record. */
export interface CsvCursor {
  isAtEnd(): boolean;
  /** The next record's fields, quotes undone; null when the text breaks off before CRLF. */
  readRecord(): string[] | null;
}

/** Read RFC 4180 text with CRLF line ends that comes in pieces, cut anywhere; holds one piece and a record at a time. */
export function createCsvCursor(pieces: Iterable<string>): CsvCursor {
  const source = pieces[Symbol.iterator]();
  let text = '';
  let position = 0;

  /** Put the next piece behind what is left. False when there is none. */
  const extend = (): boolean => {
    const next = source.next();
    if (next.done) return false;
    text = text.slice(position) + next.value;
    position = 0;
    return true;
  };

  return {
    isAtEnd() {
      while (position >= text.length) {
        if (!extend()) return true;
      }
      return false;
    },
    readRecord() {
      for (;;) {
        const record = recordAt(text, position);
        if (record) {
          position = record.end;
          return record.fields;
        }
        if (!extend()) return null;
      }
    },
  };
}

/** A record that begins at a position, or null where the text does not hold it whole, or where it is no CSV. */
function recordAt(text: string, start: number): { readonly fields: string[]; readonly end: number } | null {
  const lineEnd = text.indexOf('\r\n', start);
  if (lineEnd < 0) return null;
  const line = text.slice(start, lineEnd);
  if (!line.includes('"')) return { fields: line.split(','), end: lineEnd + 2 };
  const fields: string[] = [];
  let position = start;
  for (;;) {
    const field = fieldAt(text, position);
    if (field === null) return null;
    fields.push(field.value);
    if (text.startsWith('\r\n', field.end)) return { fields, end: field.end + 2 };
    if (text[field.end] !== ',') return null;
    position = field.end + 1;
  }
}

/** A field and the position of the comma or CRLF behind it. */
function fieldAt(text: string, start: number): { readonly value: string; readonly end: number } | null {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== ',' && text[end] !== '\r') end++;
    return end < text.length - 1 ? { value: text.slice(start, end), end } : null;
  }
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0 || close >= text.length - 2) return null;
  return { value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 };
}
