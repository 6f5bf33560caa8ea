import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEntry, ROOT } from './project.mjs';

/** The pipeline's stages in the order the data flows; each may import the ones before it. */
export const STAGES = ['core', 'crm', 'quality', 'explore', 'features', 'tuning', 'evaluation', 'scoring'];

/**
 * Which rooms of lib/ a room may import besides itself. `biome.json` is written from this plan by
 * `node lib/setup/walls.mjs`, and a test lints an import through every wall and every door.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const MAY_IMPORT = {
  ...Object.fromEntries(STAGES.map((stage, index) => [stage, STAGES.slice(0, index)])),
  // Reasons are read off the trees of a model file.
  scoring: [...STAGES.slice(0, STAGES.indexOf('scoring')), 'onnx'],
  demo: ['core', 'crm'],
  onnx: ['core'],
  charts: [...STAGES, 'onnx'],
  report: [...STAGES, 'charts'],
  workers: [...STAGES, 'onnx'],
  store: [...STAGES, 'charts', 'workers'],
  browser: [...STAGES, 'onnx', 'workers', 'store'],
  server: [...STAGES, 'onnx', 'demo', 'charts'],
  cli: [...STAGES, 'onnx', 'demo', 'server', 'charts', 'report'],
  setup: [],
};

/** Rooms without React, Next, Node, DOM, clock or chance. */
export const PURE_ROOMS = [...STAGES, 'demo', 'onnx', 'charts', 'report'];

const OUTSIDE_OF_PURE = [
  'react',
  'react-dom',
  'next',
  'zustand',
  '@mantine',
  'onnxruntime-web',
  'koffi',
  'esbuild',
  '@playwright',
].flatMap((name) => [name, `${name}/**`]);

const GLOBALS_OF_IMPURE = [
  'window',
  'document',
  'navigator',
  'self',
  'fetch',
  'process',
  'Buffer',
  'localStorage',
  'postMessage',
  'performance',
  'require',
  '__dirname',
  '__filename',
];

const inRooms = (/** @type {readonly string[]} */ rooms) =>
  rooms.flatMap((room) => [`**/${room}`, `**/${room}/**`]);
const TESTING = { group: inRooms(['testing']), message: 'lib/testing is imported by tests only.' };
const NO_SERVER = {
  group: inRooms(['server', 'cli', 'setup']),
  message: 'Components reach the server through app/actions.ts and routes only.',
};

/**
 * @param {readonly string[]} includes
 * @param {readonly object[]} patterns
 */
function wall(includes, patterns) {
  const noRestrictedImports = { level: 'error', options: { patterns } };
  return { includes, linter: { rules: { style: { noRestrictedImports } } } };
}

/** @param {string} room */
function roomOverride(room) {
  const allowed = MAY_IMPORT[room] ?? [];
  const banned = Object.keys(MAY_IMPORT).filter((other) => other !== room && !allowed.includes(other));
  const names = allowed.length > 0 ? allowed.join(', ') : 'nothing from other rooms';
  const isPure = PURE_ROOMS.includes(room);
  const patterns = [
    {
      group: inRooms([...banned, 'components', 'app']),
      message: `lib/${room} may import only: ${names}. Imports point one way.`,
    },
    TESTING,
    ...(room === 'store'
      ? [
          {
            group: ['**/workers/**', '!**/workers/*-api'],
            message: 'The store knows its services by type only.',
          },
        ]
      : []),
    ...(isPure
      ? [
          {
            group: [...OUTSIDE_OF_PURE, 'node:*', 'node:*/**'],
            message:
              'This stage is pure: no React, Next, Node, zustand or native code. Pass what you need as an argument.',
          },
        ]
      : []),
  ];
  const override = wall([`lib/${room}/**/*.ts`, `lib/${room}/**/*.mjs`, '!lib/**/*.test.ts'], patterns);
  if (!isPure) return override;
  const deniedGlobals = Object.fromEntries(
    GLOBALS_OF_IMPURE.map((name) => [name, 'This stage is pure: pass it as an argument.']),
  );
  Object.assign(override.linter.rules.style, {
    noRestrictedGlobals: { level: 'error', options: { deniedGlobals } },
  });
  return { ...override, plugins: ['./lib/core/pure-stage.grit'] };
}

/** The overrides of `biome.json` that hold the walls. */
export function wallOverrides() {
  const plotly = {
    group: ['plotly.js*', 'plotly.js*/**'],
    message: 'Plotly has one door: components/figure.tsx.',
  };
  return [
    ...Object.keys(MAY_IMPORT).map(roomOverride),
    wall(['components/**/*.ts', 'components/**/*.tsx', '!**/*.test.ts'], [NO_SERVER, TESTING, plotly]),
    wall(
      ['app/**/*.ts', 'app/**/*.tsx', '!**/*.test.ts'],
      [{ group: inRooms(['cli', 'setup']), message: 'Routes compose, parse, call and return.' }, TESTING],
    ),
    // The door itself, and the types of what stands behind it.
    wall(['components/figure.tsx', 'components/plotly.d.ts'], [NO_SERVER]),
  ];
}

if (isEntry(import.meta.url)) {
  const file = join(ROOT, 'biome.json');
  const config = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, `${JSON.stringify({ ...config, overrides: wallOverrides() }, null, 2)}\n`);
}
