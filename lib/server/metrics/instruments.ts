import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What every metric is described by. */
export interface MetricWords {
  /** By the conventions: prefix, what, unit in the plural, `_total` for a counter. */
  readonly name: string;
  /** One sentence. */
  readonly help: string;
}

/** The one label of a metric and all values that it can have, so that nothing else ever becomes a series. */
export interface FixedLabel<V extends string> {
  readonly label: string;
  readonly values: readonly V[];
}

/** Upper bounds of a histogram's buckets, rising, in the metric's unit. */
export interface Buckets {
  readonly buckets: readonly number[];
}

/** A counter of each value of a fixed label. */
export interface LabelledCounter<V extends string> {
  /** One more, or so many. */
  add(value: V, n?: number): void;
}

/** A gauge of each value of a fixed label. */
export interface LabelledGauge<V extends string> {
  set(value: V, to: number): void;
}

/** A histogram of each value of a fixed label. */
export interface LabelledHistogram<V extends string> {
  observe(value: V, measured: number): void;
}

/** A gauge that is not exposed while there is nothing to say. */
export interface OptionalGauge {
  /** Null takes the gauge away. */
  set(to: number | null): void;
}

/** Makes metrics in one registry. All series of a fixed label exist from the start, at 0, so that a first increase shows as one. */
export interface Instruments {
  counter(words: MetricWords): Counter;
  counterBy<V extends string>(words: MetricWords & FixedLabel<V>): LabelledCounter<V>;
  gauge(words: MetricWords): Gauge;
  gaugeBy<V extends string>(words: MetricWords & FixedLabel<V>): LabelledGauge<V>;
  optionalGauge(words: MetricWords): OptionalGauge;
  histogram(words: MetricWords & Buckets): Histogram;
  histogramBy<V extends string>(words: MetricWords & Buckets & FixedLabel<V>): LabelledHistogram<V>;
  /** A constant 1 whose labels are the information. */
  info(words: MetricWords, labels: Readonly<Record<string, string>>): void;
}

/** Make the instruments of a registry. */
export function instrumentsOf(registry: Registry): Instruments {
  const registers = [registry];
  return {
    counter: (words) => new Counter({ ...words, registers }),
    counterBy({ label, values, ...words }) {
      const counter = new Counter({ ...words, labelNames: [label], registers });
      for (const value of values) counter.labels(value).inc(0);
      return { add: (value, n = 1) => counter.labels(value).inc(n) };
    },
    gauge: (words) => new Gauge({ ...words, registers }),
    gaugeBy({ label, values, ...words }) {
      const gauge = new Gauge({ ...words, labelNames: [label], registers });
      for (const value of values) gauge.labels(value).set(0);
      return { set: (value, to) => gauge.labels(value).set(to) };
    },
    optionalGauge(words) {
      const gauge = new Gauge({ ...words, registers });
      // A gauge without labels begins at 0, which would be an invented value.
      gauge.remove();
      return { set: (to) => (to === null ? gauge.remove() : gauge.set(to)) };
    },
    histogram: ({ buckets, ...words }) => new Histogram({ ...words, buckets: [...buckets], registers }),
    histogramBy({ label, values, buckets, ...words }) {
      const histogram = new Histogram({ ...words, buckets: [...buckets], labelNames: [label], registers });
      for (const value of values) histogram.zero({ [label]: value });
      return { observe: (value, measured) => histogram.labels(value).observe(measured) };
    },
    info(words, labels) {
      new Gauge({ ...words, labelNames: Object.keys(labels), registers }).set(labels, 1);
    },
  };
}
