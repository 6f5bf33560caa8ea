import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type MetricFamily, parseExposition } from '@/lib/testing/exposition';
import { type Selector, selectorsIn } from '@/lib/testing/promql';
import { createTrainingMetrics } from './training-metrics';

const read = (path: string) => readFileSync(new URL(`../../../ops/${path}`, import.meta.url), 'utf8');

const ruleSchema = z.strictObject({
  alert: z.string().regex(/^Leadbench[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+[sm]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string(), action: z.string() }),
});
const { groups } = z
  .strictObject({
    groups: z.array(z.strictObject({ name: z.string(), rules: z.array(ruleSchema) })),
  })
  .parse(parse(read('prometheus/alerts.yml')));
const rules = groups.flatMap((group) => group.rules);

const { tests } = z
  .object({
    tests: z.array(
      z.object({
        input_series: z.array(z.object({ series: z.string() })),
        alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
      }),
    ),
  })
  .parse(parse(read('prometheus/alerts.test.yml')));

const targetSchema = z.object({ expr: z.string() });
const dashboard = z
  .object({
    uid: z.literal('leadbench'),
    panels: z.array(
      z.object({
        id: z.int(),
        type: z.string(),
        title: z.string(),
        gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
        targets: z.array(targetSchema).default([]),
      }),
    ),
    annotations: z.object({ list: z.array(targetSchema) }),
    templating: z.object({
      list: z.array(z.object({ name: z.string(), definition: z.string().optional() })),
    }),
  })
  .parse(JSON.parse(read('grafana/dashboards/leadbench.json')));

const families = parseExposition(
  await createTrainingMetrics({
    version: '0.1.0',
    sources: {
      storage: async () => ({ failure: null, freeBytes: 1, datasets: { n: 0, nBytes: 0 } }),
      mlflow: () => ({ configured: true, reachable: true, nPending: 3, nRefused: 1, nDelivered: 9 }),
    },
  }).exposition(),
);
const byName = new Map(families.map((family) => [family.name, family]));

/** Labels that the scrape adds, and names that Prometheus itself makes. */
const TARGET_LABELS = ['job', 'instance'];
const PROMETHEUS_OWN = ['up', 'ALERTS'];

/** Say what an expression selects that no server exposes: a metric, a label or a value of one. */
function unknownParts(expression: string): readonly string[] {
  return selectorsIn(expression).flatMap((selector) => {
    if (PROMETHEUS_OWN.includes(selector.name)) return [];
    const family = byName.get(selector.name) ?? histogramOf(selector.name);
    return family === undefined ? [selector.name] : unknownMatchers(selector, family);
  });
}

function histogramOf(name: string): MetricFamily | undefined {
  const family = byName.get(name.replace(/_(?:bucket|sum|count)$/, ''));
  return family?.type === 'histogram' ? family : undefined;
}

function dashboardExpressions(): readonly string[] {
  return dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

function unknownMatchers({ name, matchers }: Selector, { samples }: MetricFamily): readonly string[] {
  return matchers
    .filter(({ label }) => !TARGET_LABELS.includes(label))
    .flatMap(({ label, values }) =>
      values
        .filter((value) => !samples.some(({ labels }) => labels[label] === value))
        .map((value) => `${name}{${label}="${value}"}`),
    );
}

describe('the alert rules', () => {
  it('ask only for what is exposed', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.flatMap(({ expr }) => unknownParts(expr))).toEqual([]);
  });

  it('have one name each, and say in a sentence what is wrong and what to do', () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    for (const { annotations } of rules) {
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.action).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('are each made to stay quiet, fire and clear by a test', () => {
    const stories = new Map<string, boolean[]>();
    for (const { alertname, exp_alerts } of tests.flatMap((test) => test.alert_rule_test))
      stories.set(alertname, [...(stories.get(alertname) ?? []), exp_alerts.length > 0]);
    expect(Object.fromEntries(stories)).toEqual(
      Object.fromEntries(rules.map(({ alert }) => [alert, [false, true, false]])),
    );
  });

  it('are tested on series that are exposed', () => {
    const series = tests.flatMap((test) => test.input_series.map((input) => input.series));
    // Bounds of buckets are chosen by the tests; all else must be there.
    const unknown = series.flatMap(unknownParts).filter((part) => !part.includes('{le='));
    expect(unknown).toEqual([]);
  });

  it('stand in the table of ops/README.md, and nothing else does', () => {
    const table = [...read('README.md').matchAll(/^\| (Leadbench\w+) \|/gm)].map(([, alert]) => alert);
    expect(table).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('the dashboard', () => {
  it('asks only for what is exposed', () => {
    const expressions = dashboardExpressions();
    expect(expressions.length).toBeGreaterThan(30);
    expect(expressions.flatMap(unknownParts)).toEqual([]);
    expect(dashboard.annotations.list.flatMap(({ expr }) => unknownParts(expr))).toEqual([]);
    const variables = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
    expect(variables).toEqual(['label_values(leadbench_build_info, instance)']);
  });

  it('shows every metric of Leadbench but those that another one holds already', () => {
    const shown = dashboardExpressions().flatMap((expr) => selectorsIn(expr).map(({ name }) => name));
    const seen = new Set(shown.map((name) => histogramOf(name)?.name ?? name));
    const unseen = families.map(({ name }) => name).filter((name) => !seen.has(name));
    expect(unseen).toEqual([
      'leadbench_tune_checkpoints_total',
      'leadbench_datasets',
      'leadbench_process_cpu_user_seconds_total',
      'leadbench_process_cpu_system_seconds_total',
      'leadbench_process_start_time_seconds',
      'leadbench_nodejs_eventloop_lag_seconds',
      'leadbench_nodejs_eventloop_lag_mean_seconds',
      'leadbench_nodejs_eventloop_lag_p90_seconds',
      'leadbench_nodejs_heap_size_total_bytes',
      'leadbench_nodejs_gc_duration_seconds',
    ]);
  });

  it('lays its panels out without overlap, each with an id of its own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
  });
});

describe('the other files of ops/', () => {
  it('scrape /metrics of a Leadbench that was started as it comes', () => {
    const config = parse(read('prometheus/prometheus.yml'));
    expect(config.rule_files).toEqual(['alerts.yml']);
    expect(config.scrape_configs[0]).toEqual({
      job_name: 'leadbench',
      metrics_path: '/metrics',
      static_configs: [{ targets: ['127.0.0.1:3000'] }],
    });
  });

  it('pin their images, and open nothing beyond this machine', () => {
    const { services } = z
      .object({
        services: z.record(
          z.string(),
          z.object({
            image: z.string().regex(/:v?\d+\.\d+\.\d+$/),
            network_mode: z.literal('host'),
            ports: z.undefined().optional(),
            command: z.array(z.string()).default([]),
            environment: z.record(z.string(), z.string()).default({}),
            volumes: z.array(z.string()),
          }),
        ),
        volumes: z.record(z.string(), z.null()),
      })
      .parse(parse(read('compose.yaml')));
    expect(Object.keys(services).sort()).toEqual(['grafana', 'mlflow', 'prometheus']);
    expect(services.mlflow?.command).toContain('--host=127.0.0.1');
    expect(services.prometheus?.command).toContain('--web.listen-address=127.0.0.1:9090');
    expect(services.grafana?.environment).toMatchObject({
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_SERVER_HTTP_PORT: '3001',
    });
  });

  it('show Grafana the dashboard and its data where compose puts them', () => {
    const provider = parse(read('grafana/provisioning/dashboards/leadbench.yml')).providers[0];
    const source = parse(read('grafana/provisioning/datasources/prometheus.yml')).datasources[0];
    const mounts = parse(read('compose.yaml')).services.grafana.volumes;
    expect(mounts).toContain(`./grafana/dashboards:${provider.options.path}:ro`);
    expect(source).toMatchObject({ type: 'prometheus', url: 'http://127.0.0.1:9090', isDefault: true });
  });
});

describe('selectorsIn', () => {
  it('tells metrics from functions, groupings, keywords and durations', () => {
    const expression = `histogram_quantile(0.9, sum by (le, a) (rate(x_bucket{b="c",d=~"e|f"}[5m])))
      > 2e9 and on (a) group_left (z) y_total offset 1h unless bool v{instance=~"$instance"}`;
    expect(selectorsIn(expression)).toEqual([
      {
        name: 'x_bucket',
        matchers: [
          { label: 'b', values: ['c'] },
          { label: 'd', values: ['e', 'f'] },
        ],
      },
      { name: 'y_total', matchers: [] },
      { name: 'v', matchers: [{ label: 'instance', values: ['$instance'] }] },
    ]);
  });

  it('lets the tests above find what nobody exposes', () => {
    expect(unknownParts('rate(leadbench_nothing_total[5m])')).toEqual(['leadbench_nothing_total']);
    expect(unknownParts('leadbench_tune_trials_total_bucket')).toEqual([
      'leadbench_tune_trials_total_bucket',
    ]);
    expect(unknownParts('leadbench_tune_trials_total{status="lost"}')).toEqual([
      'leadbench_tune_trials_total{status="lost"}',
    ]);
    expect(unknownParts('leadbench_tune_trials_total{state="failed"}')).toEqual([
      'leadbench_tune_trials_total{state="failed"}',
    ]);
  });
});
