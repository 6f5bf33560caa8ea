import { z } from 'zod';
import { SUITE_NAMES } from '@/lib/quality/suites/default-suites';
import { parseSuite } from '@/lib/quality/suites/suite-file';
import type { SuiteKeeper } from '@/lib/store/services';

const KEY = 'leadbench.suites';
const keptSchema = z.array(z.object({ name: z.enum(SUITE_NAMES) }).loose());

/** Remember the suites that were exchanged. What an older version kept and this one cannot read is the default one again. */
export const keptSuites: SuiteKeeper = {
  kept() {
    const text = localStorage.getItem(KEY);
    if (text === null) return [];
    const kept = keptSchema.safeParse(JSON.parse(text));
    const suites = (kept.success ? kept.data : []).map((suite) => parseSuite(suite, suite.name));
    if (!kept.success || suites.some(({ ok }) => !ok)) {
      console.warn('Kept suites that cannot be read were put back to the default ones.');
    }
    return suites.flatMap((suite) => (suite.ok ? [suite.value] : []));
  },
  keep(suites) {
    localStorage.setItem(KEY, JSON.stringify(suites));
  },
};
