/**
 * Fit the rising line nearest to 0/1 labels in squares (isotonic regression by pooling adjacent violators; Ayer et al. 1955). Rows
 * of the same x count as one with their mean. Points within a level stretch are left out, since the line through its ends holds them.
 *
 * @param xs one a row, finite, in any order
 */
export function risingMeans(
  xs: Float32Array | Float64Array,
  labels: Uint8Array,
): { readonly xs: number[]; readonly ys: number[] } {
  const order = Uint32Array.from(xs.keys()).sort((a, b) => xs[a]! - xs[b]!);
  const points: { x: number; sum: number; n: number }[] = [];
  for (const row of order) {
    const last = points.at(-1);
    if (last !== undefined && last.x === xs[row]) {
      last.sum += labels[row]!;
      last.n += 1;
    } else points.push({ x: xs[row]!, sum: labels[row]!, n: 1 });
  }
  return levelEnds(pooled(points));
}

interface Block {
  readonly firstX: number;
  readonly lastX: number;
  readonly sum: number;
  readonly n: number;
}

function pooled(
  points: readonly { readonly x: number; readonly sum: number; readonly n: number }[],
): Block[] {
  const blocks: Block[] = [];
  for (const { x, sum, n } of points) {
    let block: Block = { firstX: x, lastX: x, sum, n };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      // Compared without dividing, so that equal means are found equal.
      if (before.sum * block.n < block.sum * before.n) break;
      blocks.pop();
      block = {
        firstX: before.firstX,
        lastX: block.lastX,
        sum: before.sum + block.sum,
        n: before.n + block.n,
      };
    }
    blocks.push(block);
  }
  return blocks;
}

function levelEnds(blocks: readonly Block[]): { readonly xs: number[]; readonly ys: number[] } {
  const [xs, ys]: [number[], number[]] = [[], []];
  for (const { firstX, lastX, sum, n } of blocks) {
    xs.push(firstX);
    ys.push(sum / n);
    if (lastX === firstX) continue;
    xs.push(lastX);
    ys.push(sum / n);
  }
  return { xs, ys };
}
