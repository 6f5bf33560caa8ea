import { describe, expect, it } from 'vitest';
import { completedPackages, lockFaults, missingOptionals, platformOfName } from './lockfile.mjs';

const packages = {
  '': { version: '0.1.0' },
  'node_modules/a': {
    version: '1.0.0',
    optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/darwin-arm64': '1.0.0' },
  },
  'node_modules/@a/linux-x64': { version: '1.0.0', optional: true },
  'node_modules/b': {
    version: '2.0.0',
    dev: true,
    optionalDependencies: { fsevents: '~2.3.2', '@b/win32-x64-msvc': '2.0.0' },
  },
  'node_modules/b/node_modules/c': {
    version: '1.0.0',
    optionalDependencies: { '@c/x': '1.0.0', '@a/linux-x64': '1.0.0' },
  },
  'node_modules/b/node_modules/@c/x': { version: '1.0.0', optional: true },
};

describe('missingOptionals', () => {
  it('lists exact versions that no folder on the way up provides', () => {
    expect(missingOptionals(packages)).toEqual([
      { name: '@a/darwin-arm64', version: '1.0.0', parent: 'node_modules/a', isDev: false },
      { name: '@b/win32-x64-msvc', version: '2.0.0', parent: 'node_modules/b', isDev: true },
    ]);
  });

  it('finds nothing in a lock without optional dependencies', () => {
    expect(missingOptionals({})).toEqual([]);
  });
});

describe('completedPackages', () => {
  it('adds an optional entry for each missing one, and the lock is whole then', async () => {
    const completed = await completedPackages(packages, async ({ name }) => platformOfName(name));
    expect(completed['node_modules/@a/darwin-arm64']).toEqual({
      version: '1.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      optional: true,
    });
    expect(completed['node_modules/@b/win32-x64-msvc']).toEqual({
      version: '2.0.0',
      os: ['win32'],
      cpu: ['x64'],
      dev: true,
      optional: true,
    });
    expect(lockFaults(completed)).toEqual([]);
    expect(Object.keys(completed)[0]).toBe('');
  });

  it('puts a second version below the package that asks for it', async () => {
    const two = {
      'node_modules/a': { optionalDependencies: { 'x-linux-x64': '1.0.0' } },
      'node_modules/b': { optionalDependencies: { 'x-linux-x64': '2.0.0' } },
    };
    const completed = await completedPackages(two, async ({ name }) => platformOfName(name));
    expect(completed['node_modules/x-linux-x64']?.version).toBe('1.0.0');
  });
});

describe('lockFaults', () => {
  it('names what is missing and what must not be there', () => {
    expect(
      lockFaults({
        ...packages,
        'node_modules/d': { version: '1.0.0', resolved: 'http://mirror.example/d' },
      }),
    ).toEqual([
      'package-lock.json lacks @a/darwin-arm64 1.0.0, which node_modules/a needs on another platform.',
      'package-lock.json lacks @b/win32-x64-msvc 2.0.0, which node_modules/b needs on another platform.',
      'package-lock.json names the address that node_modules/d was fetched from.',
    ]);
  });
});

describe('platformOfName', () => {
  it.each([
    ['@next/swc-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@next/swc-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
    ['@next/swc-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['@biomejs/cli-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@biomejs/cli-linux-arm64', { os: ['linux'], cpu: ['arm64'] }],
    ['@esbuild/android-arm', { os: ['android'], cpu: ['arm'] }],
    ['lightningcss-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ])('reads %s', (name, platform) => {
    expect(platformOfName(name)).toEqual(platform);
  });

  it('throws where the name says nothing', () => {
    expect(() => platformOfName('fsevents')).toThrow('fsevents does not say which platform it is for');
  });
});
