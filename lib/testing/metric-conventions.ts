import type { MetricFamily } from './exposition';

/** One word, before all others. */
const PREFIX = 'leadbench_';
/** Base units in the plural, and quantities that are counted. */
const UNITS = ['seconds', 'bytes', 'ratio', 'nats', 'usd', 'info'];
/** Units that are not base units, or no units at all. */
const WRONG_UNIT =
  /_(?:ms|milliseconds|microseconds|minutes|hours|days|kb|mb|gb|kilobytes|megabytes|percent|percentage|pct|second|byte)(?:_|$)/;
/** What is measured by these words has a unit. */
const MEASURED = /_(?:duration|lag|time|size|memory|heap|age|latency)(?:_|$)/;
/** Words that a label must never be named by: their values have no fixed list, or are about people. */
const UNBOUNDED =
  /^(?:study|trial|run|model|dataset|digest|id|.*_id|feature|tag|user|email|e_?mail|name|path|message)$/;

/**
 * Say what speaks against a metric by Prometheus' conventions for names (prometheus.io/docs/practices/naming) and against
 * labels that grow; empty when all is well.
 */
export function conventionFaults({ name, type, help, samples }: MetricFamily): readonly string[] {
  const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
  const unit =
    name
      .replace(/_total$/, '')
      .split('_')
      .at(-1) ?? '';
  const faults = [
    [!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/.test(name), 'is not in lower-case words joined by underscores'],
    [!name.startsWith(PREFIX), `does not begin with ${PREFIX}`],
    [name.endsWith('_total') !== (type === 'counter'), 'ends in _total if and only if it is a counter'],
    [WRONG_UNIT.test(name), 'is not in a base unit'],
    [MEASURED.test(name) && !UNITS.includes(unit), 'measures something and names no unit'],
    [type === 'histogram' && !UNITS.includes(unit), 'is a histogram and names no unit'],
    [/_(?:bucket|sum|count)$/.test(name), 'ends as a part of a histogram does'],
    [name.endsWith('_info') && samples.some(({ value }) => value !== 1), 'is information and not 1'],
    [!/^[A-Z].+\.$/.test(help), 'is not explained in a sentence'],
    [type !== 'histogram' && labels.has('le'), 'has a label that belongs to histograms'],
  ] as const;
  return [
    ...faults.flatMap(([isFault, words]) => (isFault ? [`${name} ${words}`] : [])),
    ...[...labels].flatMap((label) => labelFaults(name, label)),
  ];
}

function labelFaults(name: string, label: string): readonly string[] {
  const words = name.split('_').flatMap((word) => [word, word.replace(/s$/, '')]);
  return [
    ...(/^[a-z][a-z0-9_]*$/.test(label) && !label.startsWith('__')
      ? []
      : [`${name}: ${label} is no label name`]),
    ...(words.includes(label) ? [`${name} repeats its label ${label}`] : []),
    ...(UNBOUNDED.test(label) ? [`${name}: nobody knows all values of ${label}`] : []),
  ];
}
