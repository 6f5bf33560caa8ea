/**
 * Give the row that a key moves to in a list, or null for a key that does not move.
 *
 * @param list.at the active row, from 0; −1 for none, from which every key goes to the first or last row
 * @param list.nInView rows that a page holds
 * @example rowAfterKey('ArrowDown', { at: 3, nRows: 10, nInView: 5 }) // 4
 */
export function rowAfterKey(
  key: string,
  { at, nRows, nInView }: { readonly at: number; readonly nRows: number; readonly nInView: number },
): number | null {
  const last = nRows - 1;
  if (last < 0) return null;
  const within = (row: number) => Math.min(last, Math.max(0, row));
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(Math.max(0, at) + nInView);
    case 'PageUp':
      return within(at - nInView);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
