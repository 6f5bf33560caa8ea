import { describe, expect, it } from 'vitest';
import { RIG_FILES, RIG_MODEL } from '@/lib/testing/mlflow-rig';
import { artifactRoot, modelArtifacts } from './model-artifacts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const textOf = (sent: Uint8Array | undefined) => new TextDecoder().decode(sent);

function sentOf(files: Readonly<Record<string, Uint8Array>>) {
  const artifacts = modelArtifacts(RIG_MODEL, files);
  if (!artifacts.ok) return artifacts.error.code;
  return Object.fromEntries(artifacts.value.map(({ path, bytes }) => [path, bytes]));
}

describe('modelArtifacts', () => {
  it('sends every file byte for byte below the folder of the model', () => {
    const expected = Object.entries(RIG_FILES).map(([name, content]) => [`${RIG_MODEL}/${name}`, content]);
    expect(sentOf(RIG_FILES)).toEqual(Object.fromEntries(expected));
  });

  it('holds back why a gate was overridden', () => {
    const metadata = bytes({ model_id: RIG_MODEL, gate_override_reason: 'Ada Lovelace allowed it' });
    const sent = sentOf({ 'metadata.json': metadata });
    expect(JSON.parse(textOf(Object.values(sent)[0] as Uint8Array))).toEqual({
      model_id: RIG_MODEL,
      gate_override_reason: 'withheld by Leadbench',
    });
  });

  it('keeps verdicts and counts of checks, and no value, row, sentence or message', () => {
    const results = {
      gate: { open: false, n_critical: 1, reasons: ['Subscribers.user_email: ada@example.org'] },
      suites: [
        {
          success: false,
          results: [
            {
              success: false,
              expectation_config: {
                type: 'expect_column_values_to_be_unique',
                kwargs: { column: 'user_email' },
              },
              result: {
                element_count: 20,
                unexpected_count: 2,
                partial_unexpected_list: ['ada@example.org'],
                partial_unexpected_index_list: [3],
                observed_value: 'Ada',
                details: { mismatched: ['Ada'] },
              },
              exception_info: {
                raised_exception: true,
                exception_message: 'Ada',
                exception_traceback: 'Ada',
              },
            },
          ],
        },
      ],
    };
    const sent = sentOf({ 'validation_results.json': bytes(results) });
    const text = textOf(Object.values(sent)[0] as Uint8Array);
    expect(text).not.toMatch(/ada/i);
    expect(JSON.parse(text)).toEqual({
      gate: { open: false, n_critical: 1 },
      suites: [
        {
          success: false,
          results: [
            {
              success: false,
              expectation_config: {
                type: 'expect_column_values_to_be_unique',
                kwargs: { column: 'user_email' },
              },
              result: { element_count: 20, unexpected_count: 2 },
              exception_info: { raised_exception: true },
            },
          ],
        },
      ],
    });
  });

  it('adds what MLflow needs to load the model', () => {
    const metadata = bytes({
      model_id: RIG_MODEL,
      xgboost_version: '3.4.1',
      feature_names: ['member_rating', 'tag: café'],
      gate_override_reason: null,
    });
    const sent = sentOf({ 'metadata.json': metadata });
    if (typeof sent === 'string') throw new Error(sent);
    const names = Object.keys(sent).map((path) => path.slice(RIG_MODEL.length + 1));
    expect(names).toEqual(['metadata.json', 'MLmodel', 'python_env.yaml', 'requirements.txt']);
    expect(textOf(sent[`${RIG_MODEL}/requirements.txt`])).toBe('mlflow\nxgboost==3.4.1\n');
    const { flavors, signature } = JSON.parse(textOf(sent[`${RIG_MODEL}/MLmodel`]));
    expect(flavors.python_function).toMatchObject({ loader_module: 'mlflow.xgboost', data: 'model.ubj' });
    expect(flavors.xgboost).toMatchObject({ model_class: 'xgboost.core.Booster', xgb_version: '3.4.1' });
    expect(JSON.parse(signature.inputs)).toEqual([
      { type: 'double', name: 'member_rating', required: true },
      { type: 'double', name: 'tag: café', required: true },
    ]);
  });

  it('refuses a text that still holds an address', () => {
    expect(sentOf({ 'feature_spec.json': bytes({ tags: ['ada@example.org'] }) })).toBe(
      'mlflow_artifact_personal',
    );
  });

  it('takes figures in a folder of their own', () => {
    expect(sentOf({ 'figures/roc_curve.json': bytes({ data: [] }) })).toHaveProperty([
      `${RIG_MODEL}/figures/roc_curve.json`,
    ]);
  });

  it.each(['../model.ubj', 'a/b/c', '/etc/passwd', '.hidden', 'a b', '', 'a/', `${'x'.repeat(101)}`])(
    'refuses the name %j',
    (name) => {
      expect(sentOf({ [name]: bytes(1) })).toBe('mlflow_artifact_name');
    },
  );

  it.each(['metadata.json', 'validation_results.json'])('refuses %s that it cannot read', (name) => {
    expect(sentOf({ [name]: new TextEncoder().encode('{"a":') })).toBe('mlflow_artifact_unreadable');
  });
});

describe('artifactRoot', () => {
  const rootOf = (artifactUri: string) => {
    const root = artifactRoot({ artifactUri }, 'ml.example:5000');
    return root.ok ? root.value : root.error.code;
  };

  it('is the path below the server', () => {
    expect(rootOf('mlflow-artifacts:/7/abc/artifacts')).toBe('7/abc/artifacts');
    expect(rootOf('mlflow-artifacts:///7/abc/artifacts')).toBe('7/abc/artifacts');
    expect(rootOf('mlflow-artifacts://ml.example:5000/7/abc/artifacts')).toBe('7/abc/artifacts');
  });

  it.each([
    'mlflow-artifacts://169.254.169.254/7/abc/artifacts',
    'mlflow-artifacts:/7/../../etc/artifacts',
    'mlflow-artifacts:/7/%2e%2e/artifacts',
    'mlflow-artifacts:/',
    'file:///tmp/mlruns/7/abc/artifacts',
    '/tmp/mlruns/7/abc/artifacts',
    's3://bucket/7/abc/artifacts',
    'http://169.254.169.254/7/abc/artifacts',
    '',
  ])('refuses %j', (uri) => {
    expect(rootOf(uri)).toBe('mlflow_artifacts_elsewhere');
  });
});
