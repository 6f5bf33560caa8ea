import { expect } from '@playwright/test';
import Papa from 'papaparse';

/** Read a CSV with a reader that is not ours; fails where it finds a fault. */
export function csvRows(csv: string): readonly Readonly<Record<string, string>>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  expect(errors, 'faults of the CSV').toEqual([]);
  return data;
}
