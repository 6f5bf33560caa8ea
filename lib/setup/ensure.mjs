import { ensureBuild, ensureBundles } from './build.mjs';
import { complain, say } from './console.mjs';
import { ensureDemo } from './demo.mjs';
import { ensureEngine } from './engine.mjs';
import { nodeFault, nodeNote } from './node-version.mjs';
import { ROOT } from './project.mjs';

/** Say whether this Node will do, and note one that gets no fixes any more. Gives false when it will not do. */
export function isNodeFine() {
  const fault = nodeFault(process.versions.node);
  if (fault !== null) complain(fault);
  const note = nodeNote(process.versions.node);
  if (fault === null && note !== null) say(note);
  return fault === null;
}

/** Make the engine ready, or say what is missing; never fatal. Gives whether training works. */
export async function readyEngine() {
  const engine = await ensureEngine({ root: ROOT, log: say });
  if (engine.ok) say(`Engine: XGBoost ${engine.value.version} (${engine.value.source}).`);
  else say(`Engine: training is switched off. ${engine.error.message} ${engine.error.hint}`);
  return engine.ok;
}

/** Bundle what runs outside of Next, if its sources changed. */
export async function readyBundles() {
  await ensureBundles({ root: ROOT });
}

/** Make the demo CRM if it is not there. Gives true, or throws. */
export async function readyDemo() {
  await readyBundles();
  await ensureDemo({ root: ROOT, log: say });
  return true;
}

/** Build the pages if the sources changed. Gives false, after the compiler's own words, when that fails. */
export async function readyBuild() {
  const built = await ensureBuild({ root: ROOT, log: say });
  if (!built.ok) process.stderr.write(`${built.output}\nBuild: next build failed; its words stand above.\n`);
  return built.ok;
}
