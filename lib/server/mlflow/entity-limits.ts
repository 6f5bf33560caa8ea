import type { Batch, MetricPoint } from './run-image';

/**
 * Bounds of one `runs/log-batch` request and of what is in it, as MLflow's own client keeps them (3.17, utils/validation):
 * 1,000 entities, of them at most 1,000 metrics, 100 parameters and 100 tags, and 1 MB altogether.
 */
export const BATCH_LIMITS = { nEntities: 1000, nParams: 100, nTags: 100, nBytes: 1_000_000 } as const;

const MAX_KEY = 250;
const MAX_PARAM_VALUE = 6000;
/** Older servers take no more; newer ones 8,000. */
const MAX_TAG_VALUE = 5000;

/** Bytes of a batch that are not entities: the run's id and the names of the lists. */
const ENVELOPE_BYTES = 200;

/**
 * Make a key of any text: letters, digits, `_ - . /` and blanks stay, anything else becomes `_`; at most 250 characters;
 * no path that MLflow would write in another way, such as `a//b` or `../a`.
 *
 * @example entityKey('learning_curve/roc_auc') // 'learning_curve/roc_auc'
 */
export function entityKey(text: string): string {
  const plain = text.replace(/[^\w./ -]/g, '_').slice(0, MAX_KEY);
  const segments = plain.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return segments.length === 0 ? '_' : segments.join('/');
}

/** Cut a parameter's value to the 6,000 characters that MLflow keeps; the last one then is an ellipsis. */
export function paramValue(text: string): string {
  return cut(text, MAX_PARAM_VALUE);
}

/** Cut a tag's value to the 5,000 characters that every MLflow keeps; the last one then is an ellipsis. */
export function tagValue(text: string): string {
  return cut(text, MAX_TAG_VALUE);
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, maxLength - 1);
  // Half of a surrogate pair is not UTF-8.
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}…`;
}

/** Split a batch into as few as the limits allow, in order: parameters first, then metrics, then tags. An empty batch is none. */
export function batchesWithin(batch: Batch): Batch[] {
  const batches: Batch[] = [];
  let current = emptyBatch();
  let nBytes = ENVELOPE_BYTES;
  const place = <K extends keyof Batch>(kind: K, entity: Batch[K][number], maxOfKind: number) => {
    const size = Buffer.byteLength(JSON.stringify(entity)) + 1;
    const nEntities = current.params.length + current.metrics.length + current.tags.length;
    const isFull =
      nEntities >= BATCH_LIMITS.nEntities ||
      current[kind].length >= maxOfKind ||
      nBytes + size > BATCH_LIMITS.nBytes;
    if (isFull) {
      batches.push(current);
      current = emptyBatch();
      nBytes = ENVELOPE_BYTES;
    }
    (current[kind] as Batch[K][number][]).push(entity);
    nBytes += size;
  };
  for (const param of batch.params) place('params', param, BATCH_LIMITS.nParams);
  for (const metric of batch.metrics) place('metrics', metric, BATCH_LIMITS.nEntities);
  for (const tag of batch.tags) place('tags', tag, BATCH_LIMITS.nTags);
  if (sizeOf(current) > 0) batches.push(current);
  return batches;
}

/** Count the entities of a batch. */
export function sizeOf({ params, metrics, tags }: Batch): number {
  return params.length + metrics.length + tags.length;
}

/** Halve a batch that a server finds too large. Null where it holds one entity only. */
export function halves(batch: Batch): readonly [Batch, Batch] | null {
  const n = sizeOf(batch);
  if (n < 2) return null;
  const middle = Math.ceil(n / 2);
  return [slice(batch, 0, middle), slice(batch, middle, n)];
}

function slice({ params, metrics, tags }: Batch, from: number, to: number): Batch {
  const part = <T>(list: readonly T[], offset: number): readonly T[] =>
    list.slice(Math.max(0, from - offset), Math.max(0, to - offset));
  return {
    params: part(params, 0),
    metrics: part(metrics, params.length),
    tags: part(tags, params.length + metrics.length),
  };
}

function emptyBatch() {
  return { params: [], metrics: [] as MetricPoint[], tags: [] };
}
