import { ensureChromium } from './chromium.mjs';
import { complain, say } from './console.mjs';
import { isNodeFine, readyBuild, readyDemo, readyEngine } from './ensure.mjs';
import { ROOT } from './project.mjs';

// `npm run setup`: everything that npm start and npm test would fetch or build, without starting anything.
process.chdir(ROOT);
if (!isNodeFine()) process.exit(2);
const hasEngine = await readyEngine();
await readyDemo();
const isBuilt = await readyBuild();
const browser = await ensureChromium({ root: ROOT, log: say });
if (browser.ok) say(`Chromium: ${browser.value.path} (${browser.value.source}).`);
else complain(browser.error);
const isReady = hasEngine && isBuilt && browser.ok;
say(isReady ? 'Setup: everything is ready.' : 'Setup: done, with the gaps named above.');
process.exit(isReady ? 0 : 1);
