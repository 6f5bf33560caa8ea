import { createHash } from 'node:crypto';
import { joinedCsvChunks } from '@/lib/crm/joined-csv';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { parseJoinedCsv } from '@/lib/crm/parse-joined-csv';
import { unwrapped } from './crm-file';
import type { HeldTable, StageContext } from './stage';

/** Give the joined table: the one that ingesting left in this process, or `subscribers_joined.csv`. */
export async function heldTable({ folder, held }: StageContext): Promise<HeldTable> {
  if (held.joined === null) {
    const { value, sha256 } = await folder.readInPieces('subscribers_joined.csv', parseJoinedCsv);
    held.joined = { table: unwrapped(value), sha256 };
  }
  return held.joined;
}

/** Give the digest that a table has as `subscribers_joined.csv`, without writing it. */
export function joinedDigest(table: JoinedTable): string {
  const hash = createHash('sha256');
  for (const piece of joinedCsvChunks(table)) hash.update(piece);
  return hash.digest('hex');
}
