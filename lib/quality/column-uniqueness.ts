import { castText, integerKey, normalEmail } from '@/lib/crm/casts';
import type { BatchColumn, Cell } from './batch';
import { type Finding, judgedCells } from './column-map';

/**
 * Judge that no two cells are equal. As in Great Expectations, every row of an equal pair is unexpected, the first too.
 *
 * @param normalForm how cells are brought together before they are compared: `integer` casts texts of digits exactly, `email`
 * is the normal form of the join; without it cells are compared as stored
 */
export function judgedUniqueness(
  column: BatchColumn,
  normalForm: 'integer' | 'email' | undefined,
  mostly?: number,
): Finding {
  const firstRow = new Map<string | number, number>();
  const isRepeated = new Uint8Array(column.nRows);
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell === null) continue;
    const key = comparedKey(cell, normalForm);
    const first = firstRow.get(key);
    if (first === undefined) firstRow.set(key, row);
    else {
      isRepeated[first] = 1;
      isRepeated[row] = 1;
    }
  }
  const byRow: BatchColumn = { kind: 'plain', nRows: column.nRows, cellAt: column.cellAt };
  return judgedCells(byRow, (_, row) => isRepeated[row] === 0, mostly);
}

function comparedKey(cell: NonNullable<Cell>, normalForm: 'integer' | 'email' | undefined): string | number {
  if (normalForm === 'email') return normalEmail(castText(cell));
  return normalForm === 'integer' ? (integerKey(cell) ?? cell) : cell;
}
