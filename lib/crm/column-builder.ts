import type { RawColumn, RawValue } from './raw-crm';

/** A cell as the reading SQL writes it in JSON. */
export type JsonCell = RawValue | { readonly int: string } | { readonly blob: 1 };

/** Takes pieces of a column as they are read. */
export interface ColumnBuilder {
  append(cells: readonly JsonCell[]): void;
  finish(): RawColumn;
}

/** A column stops being coded when it has more distinct values than this: past it codes save nothing. */
const MAX_LEVELS = 65_536;

/**
 * Create a builder that codes a column while its values repeat, and turns to plain values when they prove to be mostly distinct.
 *
 * @param coded whether to try codes at all
 * @param nRows rows to come
 */
export function createColumnBuilder(coded: boolean, nRows: number): ColumnBuilder {
  const lost = { nBlobs: 0, nBigIntegers: 0 };
  const readCell = (cell: JsonCell): RawValue => {
    if (cell === null || typeof cell !== 'object') return cell;
    if ('int' in cell) {
      lost.nBigIntegers++;
      return cell.int;
    }
    lost.nBlobs++;
    return null;
  };
  let codes = coded ? new Uint32Array(nRows) : null;
  let codeOf = new Map<RawValue, number>();
  const levels: RawValue[] = [];
  let values: RawValue[] = [];
  let row = 0;

  const decode = (codesSoFar: Uint32Array) => {
    values = Array.from(codesSoFar.subarray(0, row), (code) => levels[code] ?? null);
    codes = null;
    codeOf = new Map();
  };

  const appendCoded = (cells: readonly JsonCell[], target: Uint32Array): number => {
    for (let i = 0; i < cells.length; i++) {
      const value = readCell(cells[i] ?? null);
      let code = codeOf.get(value);
      if (code === undefined) {
        code = levels.length;
        levels.push(value);
        codeOf.set(value, code);
      }
      target[row++] = code;
      if (code >= MAX_LEVELS) return i + 1;
    }
    return cells.length;
  };

  return {
    append(cells) {
      let start = 0;
      if (codes) {
        start = appendCoded(cells, codes);
        if (levels.length > MAX_LEVELS) decode(codes);
      }
      for (let i = start; i < cells.length; i++) values.push(readCell(cells[i] ?? null));
      if (!codes) row = values.length;
    },
    finish() {
      return codes
        ? { kind: 'coded', codes: codes.subarray(0, row), levels, ...lost }
        : { kind: 'plain', values, ...lost };
    },
  };
}
