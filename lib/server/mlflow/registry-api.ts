import { z } from 'zod';
import { MlflowRefused } from './mlflow-failures';
import { allPages, DONE, pageOf, type RestClient } from './rest-client';
import type { KeyValue } from './run-image';
import { tagsSchema } from './tracking-api';

/** A version of a registered model. */
export interface ModelVersion {
  readonly version: string;
  readonly tags: ReadonlyMap<string, string>;
}

const versionSchema = z.object({ version: z.coerce.string().regex(/^\d{1,10}$/), tags: tagsSchema });
const oneVersionSchema = z.object({ model_version: versionSchema });
const versionsSchema = pageOf('model_versions', versionSchema);
const madeModelSchema = z.object({ registered_model: z.looseObject({ name: z.string() }) });

/** The calls about registered models. */
export function registryCalls({ get, send }: RestClient) {
  return {
    /** Refused as `RESOURCE_ALREADY_EXISTS` where it is there already. */
    async createRegisteredModel(name: string, description: string): Promise<void> {
      await send('/registered-models/create', { name, description }, madeModelSchema);
    },
    async createModelVersion(version: {
      readonly name: string;
      readonly source: string;
      readonly runId: string;
      readonly description: string;
      readonly tags: readonly KeyValue[];
    }): Promise<ModelVersion> {
      const { runId: run_id, ...rest } = version;
      return (await send('/model-versions/create', { ...rest, run_id }, oneVersionSchema)).model_version;
    },
    versionsOfRun(name: string, runId: string): Promise<readonly ModelVersion[]> {
      const filter = `name='${name}' and run_id='${runId}'`;
      return allPages((token) => get('/model-versions/search', { filter, ...token }, versionsSchema));
    },
    async deleteModelVersion(name: string, version: string): Promise<void> {
      await send('/model-versions/delete', { name, version }, DONE, 'DELETE');
    },
    /** The version that an alias names; null where there is no such alias. */
    async versionOfAlias(name: string, alias: string): Promise<ModelVersion | null> {
      try {
        return (await get('/registered-models/alias', { name, alias }, oneVersionSchema)).model_version;
      } catch (error) {
        // Servers say it in two ways: no such resource, or a bad parameter.
        if (error instanceof MlflowRefused && (error.isMissing || error.status === 400)) return null;
        throw error;
      }
    },
    async setAlias(name: string, alias: string, version: string): Promise<void> {
      await send('/registered-models/alias', { name, alias, version }, DONE);
    },
  };
}
