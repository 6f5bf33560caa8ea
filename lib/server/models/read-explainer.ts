import type { Result } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import type { LeadExplainer } from '@/lib/scoring/reasons/explainer';
import { openExplainer } from '@/lib/scoring/reasons/open-explainer';
import { readFolderFile } from './model-files';

/**
 * Read what explains a model's scores from its folder, each file checked to be the one that was written there with the model.
 *
 * @param id the model that it must be; null where any will do
 * @returns or a failure as `readFolderFile` or `openExplainer`
 */
export async function readExplainer(
  folder: string,
  id: string | null,
  spec: FeatureSpec,
): Promise<Result<LeadExplainer>> {
  const modelUbj = await readFolderFile({ folder, id, name: 'model.ubj' });
  if (!modelUbj.ok) return modelUbj;
  const groups = await readFolderFile({ folder, id, name: 'reason_groups.json' });
  if (!groups.ok) return groups;
  const reasonGroups = new TextDecoder().decode(groups.value.bytes);
  return openExplainer({ modelUbj: modelUbj.value.bytes, reasonGroups }, spec);
}
