import type { JsonCell } from './column-builder';
import { readPieceSql, readRowsSql, type StoredTable } from './schema';
import type { SqlDatabase, SqlStatement, SqlValue } from './sql-database';

/** Some rows of a table: one array of cells a needed column, all equally long. */
export type Piece = readonly (readonly JsonCell[])[];

/** Keeps one JSON array of ordinary cells below a few megabytes. */
const PIECE_ROWS = 32_768;
const FIRST_ROWID = -(2n ** 63n);
const LAST_ROWID = 2n ** 63n - 1n;

/**
 * Read the needed columns of a table piece by piece, in row order, each row once.
 *
 * @throws Error as SQLite words it, when the table cannot be read
 */
export function* tablePieces(database: SqlDatabase, table: StoredTable): Generator<Piece> {
  if (table.rowidName === null) yield* piecesRowByRow(database, table);
  else yield* piecesByRowid(database, table, table.rowidName);
}

/** One SQL aggregate makes a whole piece: ten times fewer calls into SQLite than a call a cell. */
function* piecesByRowid(database: SqlDatabase, table: StoredTable, rowidName: string): Generator<Piece> {
  const fast = database.prepare(readPieceSql(table, rowidName, false));
  const exact = database.prepare(readPieceSql(table, rowidName, true));
  try {
    let first = FIRST_ROWID;
    for (;;) {
      const read = fastPiece(fast, first) ?? pieceOf(exact, first);
      if (read.nRows > 0) yield read.piece;
      if (read.nRows < PIECE_ROWS || read.lastRowid === LAST_ROWID) return;
      first = read.lastRowid + 1n;
    }
  } finally {
    fast.free();
    exact.free();
  }
}

interface ReadPiece {
  readonly nRows: number;
  readonly lastRowid: bigint;
  readonly hasBlob: boolean;
  readonly piece: Piece;
}

function pieceOf(statement: SqlStatement, firstRowid: bigint): ReadPiece {
  statement.bind([firstRowid.toString(), PIECE_ROWS]);
  statement.step();
  const [nRows, lastRowid, nRowsWithBlob, ...arrays] = statement.get();
  statement.reset();
  return {
    nRows: Number(nRows),
    lastRowid: BigInt(String(lastRowid ?? 0)),
    hasBlob: nRowsWithBlob !== 0,
    piece: arrays.map(jsonCells),
  };
}

/** Gives null when the piece holds what only the exact statement can write: a blob, or an integer that would be rounded. */
function fastPiece(statement: SqlStatement, firstRowid: bigint): ReadPiece | null {
  try {
    const read = pieceOf(statement, firstRowid);
    return read.hasBlob || read.piece.some(hasUnsafeNumber) ? null : read;
  } catch (error) {
    if (error instanceof Error && error.message.includes('JSON cannot hold BLOB')) return null;
    throw error;
  }
}

function* piecesRowByRow(database: SqlDatabase, table: StoredTable): Generator<Piece> {
  const statement = database.prepare(readRowsSql(table));
  try {
    let columns: JsonCell[][] = table.storedColumns.map(() => []);
    while (statement.step()) {
      const cells = jsonCells(statement.get()[0] ?? null);
      for (let i = 0; i < columns.length; i++) columns[i]?.push(cells[i] ?? null);
      if (columns[0]?.length === PIECE_ROWS) {
        yield columns;
        columns = table.storedColumns.map(() => []);
      }
    }
    if (columns[0]?.length) yield columns;
  } finally {
    statement.free();
  }
}

function jsonCells(json: SqlValue): readonly JsonCell[] {
  if (typeof json !== 'string') throw new Error(`Expected a JSON array, got ${typeof json}`);
  const cells: readonly JsonCell[] = JSON.parse(json);
  return cells;
}

function hasUnsafeNumber(cells: readonly JsonCell[]): boolean {
  for (const cell of cells) {
    if (typeof cell === 'number' && (cell > Number.MAX_SAFE_INTEGER || cell < Number.MIN_SAFE_INTEGER))
      return true;
  }
  return false;
}
