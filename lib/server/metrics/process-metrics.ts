import { collectDefaultMetrics, type Registry } from 'prom-client';

const PREFIX = 'leadbench_';

/**
 * What is kept of the library's own process metrics. The rest is left out: gauges whose names end in `_total`, values
 * that follow from the others, and labels whose values this program does not decide.
 */
const KEPT = [
  'process_cpu_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_user_seconds_total',
  'process_max_fds',
  'process_open_fds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
].map((name) => `${PREFIX}${name}`);

/**
 * Add the metrics of this process and its event loop to a registry: processor time, memory, open files (Linux),
 * garbage collection, and event-loop delays since the scrape before.
 */
export function addProcessMetrics(registry: Registry): void {
  const known = new Set(registry.getMetricsAsArray().map(({ name }) => name));
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  for (const { name } of registry.getMetricsAsArray())
    if (!known.has(name) && !KEPT.includes(name)) registry.removeSingleMetric(name);
}
