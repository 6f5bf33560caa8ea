import { describe, expect, it } from 'vitest';
import { mlflowSettings } from './mlflow-settings';
import { parsedVersion, versionWarning } from './server-version';

const settingsOf = (env: Record<string, string>) => {
  const settings = mlflowSettings(env);
  return settings === null ? null : settings.ok ? settings.value : settings.error.code;
};

describe('mlflowSettings', () => {
  it('is null where none is set', () => {
    expect(settingsOf({})).toBe(null);
    expect(settingsOf({ MLFLOW_TRACKING_URI: '  ' })).toBe(null);
  });

  it('takes the address without what follows it, and the default names', () => {
    expect(settingsOf({ MLFLOW_TRACKING_URI: 'http://127.0.0.1:5000/ml/?a=1#b' })).toEqual({
      baseUrl: 'http://127.0.0.1:5000/ml',
      authorization: null,
      experimentName: 'leadbench',
      registeredModelName: 'leadbench-lead-scoring',
      isInTheClear: false,
    });
  });

  it.each([
    [{ MLFLOW_TRACKING_TOKEN: 'tok' }, 'Bearer tok'],
    [{ MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'pässword' }, 'Basic YWRhOnDDpHNzd29yZA=='],
    [{ MLFLOW_TRACKING_TOKEN: 'tok', MLFLOW_TRACKING_USERNAME: 'ada' }, 'Basic YWRhOg=='],
    [{ MLFLOW_TRACKING_URI: 'https://ada:s%40crt@ml.example' }, 'Basic YWRhOnNAY3J0'],
  ])('logs in by %j', (env, authorization) => {
    const settings = settingsOf({ MLFLOW_TRACKING_URI: 'https://ml.example', ...env });
    expect(settings).toMatchObject({ authorization, baseUrl: 'https://ml.example' });
  });

  it.each([
    'databricks',
    'file:///tmp/mlruns',
    './mlruns',
    'sqlite:///mlflow.db',
    'ftp://ml.example',
    'http://',
    'javascript:alert(1)',
  ])('refuses %s', (uri) => {
    expect(settingsOf({ MLFLOW_TRACKING_URI: uri })).toBe('mlflow_uri_unsupported');
  });

  it('never repeats the address in the refusal, which may hold a password', () => {
    const refused = mlflowSettings({ MLFLOW_TRACKING_URI: 'ftp://ada:secret@ml.example' });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it.each(['x'.repeat(501), 'a\nb'])('refuses the experiment name %j', (name) => {
    const env = { MLFLOW_TRACKING_URI: 'http://ml', MLFLOW_EXPERIMENT_NAME: name };
    expect(settingsOf(env)).toBe('mlflow_name_unusable');
  });

  it.each([
    ['http://ml.example', true],
    ['https://ml.example', false],
    ['http://localhost:5000', false],
    ['http://[::1]:5000', false],
    ['http://127.1.2.3', false],
  ])('knows whether %s is in the clear', (uri, isInTheClear) => {
    expect(settingsOf({ MLFLOW_TRACKING_URI: uri })).toMatchObject({ isInTheClear });
  });
});

describe('versionWarning', () => {
  it.each(['3.17.0', '3.17.2', '3.18.0rc0', '4.0.0', '10.0.0'])('is silent about %s', (version) => {
    expect(versionWarning(version)).toBe(null);
  });

  it.each(['3.16.9', '3.9.0', '2.22.1', '3.17.0rc1', '3.17.0.dev0'])(
    'names the advisory for %s',
    (version) => {
      expect(versionWarning(version)).toMatch(/older than 3\.17\.0.*CVE-2026-116692 \(GHSA-26p8-2jq9-3vq9\)/);
    },
  );

  it('names it for a server that does not tell its version', () => {
    expect(versionWarning(null)).toMatch(/does not tell.*CVE-2026-116692/);
  });
});

describe('parsedVersion', () => {
  it.each([
    ['3.17.2', '3.17.2'],
    [' 3.17.2\n', '3.17.2'],
    ['3.18.0rc0', '3.18.0rc0'],
    ['', null],
    ['<!doctype html>', null],
    ['3.17', null],
    [`3.17.2${'x'.repeat(50)}`, null],
  ])('reads %j', (text, version) => {
    expect(parsedVersion(text)).toBe(version);
  });
});
