import { describe, expect, it } from 'vitest';
import { nodeFault, nodeNote } from './node-version.mjs';

describe('nodeFault', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '26.1.0'])('accepts %s', (version) => {
    expect(nodeFault(version)).toBeNull();
  });

  it.each(['18.20.8', '20.18.3', '20.9.0', '8.19.0'])('refuses %s and names both versions', (version) => {
    expect(nodeFault(version)?.message).toBe(
      `Leadbench needs Node 20.19.0 or newer, and this is ${version}.`,
    );
  });
});

describe('nodeNote', () => {
  it('warns of Node 20 and is silent from 22 on', () => {
    expect(nodeNote('20.20.2')).toContain('Node 20 gets no security fixes');
    expect([nodeNote('22.23.4'), nodeNote('24.22.1')]).toEqual([null, null]);
  });
});
