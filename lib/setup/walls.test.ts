import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MAY_IMPORT, PURE_ROOMS, wallOverrides } from './walls.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

const ROOMS = Object.keys(MAY_IMPORT).filter((room) => room !== 'setup');

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      category: z.string(),
      location: z.object({ path: z.union([z.string(), z.object({ file: z.string() })]) }),
    }),
  ),
});

/** Lint probe files under the project's own rules, in a folder of their own; gives the rules broken a file. */
async function rulesBroken(probes: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'leadbench-walls-'));
  try {
    for (const file of ['biome.json', 'lib/core/pure-stage.grit']) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await copyFile(join(ROOT, file), join(folder, file));
    }
    for (const [file, text] of Object.entries(probes)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const words = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
    const run = promisify(execFile)(process.execPath, [BIOME, ...words], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    });
    const { stdout } = await run.catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
    const broken = new Map<string, string[]>();
    for (const { category, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics) {
      const path = typeof location.path === 'string' ? location.path : location.path.file;
      const file = path.replaceAll('\\', '/').replace(/^.*?(?=(lib|app|components)\/)/, '');
      broken.set(file, [...(broken.get(file) ?? []), category]);
    }
    return broken;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const importing = (from: string) => `import { thing } from '${from}';\n\nexport const kept = thing;\n`;
const WALL = 'lint/style/noRestrictedImports';

describe('the import walls', () => {
  const probes: Record<string, string> = {};
  const forbidden: string[] = [];
  const allowed: string[] = [];
  let broken: Map<string, string[]>;

  const probe = (file: string, text: string, isAllowed: boolean) => {
    probes[file] = text;
    (isAllowed ? allowed : forbidden).push(file);
  };

  beforeAll(async () => {
    for (const room of ROOMS) {
      for (const target of ROOMS.filter((other) => other !== room)) {
        // The store may name the workers' types, and nothing else of theirs.
        const isAllowed =
          MAY_IMPORT[room]?.includes(target) === true && !(room === 'store' && target === 'workers');
        probe(`lib/${room}/alias-${target}.ts`, importing(`@/lib/${target}/thing`), isAllowed);
        probe(`lib/${room}/deep/relative-${target}.ts`, importing(`../../${target}/thing`), isAllowed);
      }
      probe(`lib/${room}/testing.ts`, importing('@/lib/testing/thing'), false);
      probe(`lib/${room}/component.ts`, importing('@/components/figure'), false);
      const isPure = PURE_ROOMS.includes(room);
      for (const [name, module] of [
        ['node', 'node:fs'],
        ['react', 'react'],
        ['zustand', 'zustand/vanilla'],
      ] as const) {
        if (isPure) probe(`lib/${room}/outside-${name}.ts`, importing(module), false);
      }
    }
    probe('lib/store/types-of-workers.ts', importing('@/lib/workers/crm-api'), true);
    probe('components/cells/server.tsx', importing('@/lib/server/journal'), false);
    probe('components/cells/plotly.tsx', importing('plotly.js-cartesian-dist-min'), false);
    probe('components/figure.tsx', importing('plotly.js-cartesian-dist-min'), true);
    probe('app/cli.ts', importing('@/lib/cli/main'), false);
    probe('app/server.ts', importing('@/lib/server/journal'), true);
    probes['lib/crm/chance.ts'] = 'export const drawn = Math.random();\n';
    probes['lib/crm/clock.ts'] = 'export const now = Date.now();\n';
    probes['lib/crm/today.ts'] = 'export const today = new Date();\n';
    probes['lib/crm/page.ts'] = 'export const title = document.title;\n';
    probes['lib/crm/given-date.ts'] = 'export const day = new Date(0);\n';
    broken = await rulesBroken(probes);
  });

  it('are the ones of the plan', async () => {
    const config = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8'));
    expect(config.overrides).toEqual(wallOverrides());
  });

  it('refuses every import that is not in the plan', () => {
    expect(forbidden.length).toBeGreaterThan(200);
    expect(forbidden.filter((file) => !broken.get(file)?.includes(WALL))).toEqual([]);
  });

  it('lets every import of the plan through', () => {
    expect(allowed.filter((file) => broken.get(file)?.includes(WALL))).toEqual([]);
  });

  it('keeps chance, clock and page out of the pure stages', () => {
    expect(broken.get('lib/crm/chance.ts')).toContain('plugin');
    expect(broken.get('lib/crm/clock.ts')).toContain('plugin');
    expect(broken.get('lib/crm/today.ts')).toContain('plugin');
    expect(broken.get('lib/crm/page.ts')).toContain('lint/style/noRestrictedGlobals');
    expect(broken.get('lib/crm/given-date.ts')).toBeUndefined();
  });
});
