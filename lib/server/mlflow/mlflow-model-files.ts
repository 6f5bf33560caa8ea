import { z } from 'zod';

const metadataSchema = z.looseObject({
  model_id: z.string(),
  xgboost_version: z.string().regex(/^\d+\.\d+\.\d+$/),
  feature_names: z.array(z.string()).min(1),
});

/** What MLflow's own client needs beside a model's files to load it. */
export type MlflowModelFiles = Readonly<
  Record<'MLmodel' | 'python_env.yaml' | 'requirements.txt', Uint8Array>
>;

/**
 * Describe a published model the way MLflow describes one, so that `mlflow.xgboost.load_model`,
 * `mlflow.pyfunc.load_model` and `mlflow.onnx.load_model` take its folder as it is. `pyfunc` gives the probability of a
 * purchase for a table with the features by name, filled as `feature_spec.json` says. The description is JSON, which is YAML.
 *
 * @param metadata bytes of `metadata.json`
 * @returns null where that does not say enough
 */
export function mlflowModelFiles(metadata: Uint8Array): MlflowModelFiles | null {
  const parsed = metadataSchema.safeParse(jsonOf(metadata));
  if (!parsed.success) return null;
  const { xgboost_version, feature_names } = parsed.data;
  const requirements = ['mlflow', `xgboost==${xgboost_version}`, ''].join('\n');
  return {
    MLmodel: encoded(`${JSON.stringify(descriptionOf(xgboost_version, feature_names), null, 2)}\n`),
    'python_env.yaml': encoded('dependencies:\n- -r requirements.txt\n'),
    'requirements.txt': encoded(requirements),
  };
}

function descriptionOf(xgboostVersion: string, featureNames: readonly string[]) {
  const inputs = featureNames.map((name) => ({ type: 'double', name, required: true }));
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }];
  return {
    flavors: {
      python_function: {
        loader_module: 'mlflow.xgboost',
        data: 'model.ubj',
        env: { virtualenv: 'python_env.yaml' },
      },
      xgboost: {
        code: null,
        data: 'model.ubj',
        model_class: 'xgboost.core.Booster',
        model_format: 'ubj',
        xgb_version: xgboostVersion,
      },
      onnx: { code: null, data: 'model.onnx', providers: ['CPUExecutionProvider'] },
    },
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
