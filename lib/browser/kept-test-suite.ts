import { parseTestSuite } from '@/lib/evaluation/model-tests/test-suite';
import type { TestSuiteKeeper } from '@/lib/store/services';

const KEY = 'leadbench.model-tests';

/** Remember the tests of one's own. What an older version kept and this one cannot read gives way to the default ones. */
export const keptTestSuite: TestSuiteKeeper = {
  kept() {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const suite = parseTestSuite(text);
    if (suite.ok) return suite.value;
    console.warn('Kept model tests that cannot be read were put back to the default ones.');
    return null;
  },
  keep(suite) {
    if (suite === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(suite));
  },
};
