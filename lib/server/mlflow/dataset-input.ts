import type { DatasetFacts } from './study-session';
import type { DatasetInput } from './tracking-api';

/** Most characters of a digest that MLflow takes; the whole one stands in a tag beside it. */
const MAX_DIGEST = 36;
const MAX_SCHEMA_BYTES = 1_000_000;

/**
 * Describe the matrix that a study trains on, as an input of its run: digest, rows, and features by name. Where the
 * facts are not known any more the digest alone.
 *
 * @param datasetDigest SHA-256 of the file, 64 hex digits
 */
export function datasetInput(datasetDigest: string, facts: DatasetFacts | null): DatasetInput {
  return {
    tags: [
      { key: 'mlflow.data.context', value: 'training' },
      { key: 'leadbench.dataset_sha256', value: datasetDigest },
    ],
    dataset: {
      name: 'leadbench-features',
      digest: datasetDigest.slice(0, MAX_DIGEST),
      // What MLflow's own client says of data that was made by a program and lies nowhere that it could open.
      source_type: 'code',
      source: JSON.stringify({ tags: { 'mlflow.source.name': 'leadbench', 'mlflow.source.type': 'LOCAL' } }),
      ...(facts && { profile: profileOf(facts), ...schemaOf(facts) }),
    },
  };
}

function profileOf({ nRows, featureNames }: DatasetFacts): string {
  const nFeatures = featureNames.length;
  return JSON.stringify({ num_rows: nRows, num_features: nFeatures, num_elements: nRows * nFeatures });
}

function schemaOf({ featureNames }: DatasetFacts): { readonly schema?: string } {
  const columns = featureNames.map((name) => ({ type: 'float', name, required: true }));
  const label = { type: 'integer', name: 'label', required: true };
  const schema = JSON.stringify({ mlflow_colspec: [...columns, label] });
  return Buffer.byteLength(schema) <= MAX_SCHEMA_BYTES ? { schema } : {};
}
