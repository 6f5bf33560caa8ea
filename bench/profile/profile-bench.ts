import { readFile } from 'node:fs/promises';
import type { BenchContext } from '../bench-context';
import type { BenchTable } from '../bench-table';
import { rebuiltProfile } from './explored-demo';
import { isRebuilt } from './group-figures';

/** Rebuild the profile of the real list from the demo file by the exploration alone, figure by figure. */
export async function profileBench({ demoPath }: BenchContext): Promise<BenchTable[]> {
  const figures = await rebuiltProfile(await readFile(demoPath));
  const nRebuilt = figures.filter(isRebuilt).length;
  return [
    {
      title: 'The profile of the real list, rebuilt by the exploration from the demo file',
      columns: [
        { key: 'profile', label: 'profile', unit: 'figure' },
        { key: 'planted', label: 'planted', unit: 'figure' },
        { key: 'says', label: 'exploration', unit: 'figure' },
        { key: 'bound', label: '±', unit: 'figure' },
        { key: 'ok', label: 'ok', unit: 'figure' },
      ],
      rows: figures.map(({ figure, ...numbers }) => ({
        label: figure,
        figures: { ...numbers, ok: isRebuilt({ figure, ...numbers }) ? 'ok' : 'BREACH' },
      })),
      notes: [
        `${nRebuilt} of ${figures.length} figures rebuilt: the exploration says exactly what was planted, within ± of the profile.`,
        'profile: what the generator was calibrated to. planted: counted in the file by the generator’s own reader. exploration: eda_summary.json, and counts under the page’s filters.',
        'Countries are counted with their codes folded to lower case; who is left out of the profile’s exact figures has no row.',
      ],
    },
  ];
}
