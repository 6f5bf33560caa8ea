import { type Batch, CannotRun } from './batch';
import type { Finding } from './column-map';
import type { ExpectationTypes } from './expectation';

/** Expectations that are written in SQL. */
export const sqlFindings = {
  unexpected_rows_expectation: (
    { unexpected_rows_query }: ExpectationTypes['unexpected_rows_expectation'],
    batch: Batch,
  ): Finding => {
    if (batch.sql === undefined) throw new CannotRun('no SQL engine is there to run its query');
    const { nRows, rows } = batch.sql.rowsOf(batch.table, unexpected_rows_query);
    return {
      success: nRows === 0,
      result: { observed_value: nRows },
      ...(rows === null ? {} : { failingRows: () => rows }),
    };
  },
};
