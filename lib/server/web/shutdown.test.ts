import { describe, expect, it } from 'vitest';
import { onShutdown, runClosers } from './shutdown';

describe('runClosers', () => {
  it('has nothing to say when nothing is registered', async () => {
    expect(await runClosers(1000)).toEqual({ unfinished: [] });
  });

  it('closes everything once, the last of each name', async () => {
    const closed: string[] = [];
    onShutdown('pool', async () => void closed.push('old pool'));
    onShutdown('pool', async () => void closed.push('new pool'));
    onShutdown('journal', async () => void closed.push('journal'));
    expect(await runClosers(1000)).toEqual({ unfinished: [] });
    expect(closed).toEqual(['new pool', 'journal']);
    await runClosers(1000);
    expect(closed).toHaveLength(2);
  });

  it('names what failed and what took too long, and closes the rest', async () => {
    const closed: string[] = [];
    onShutdown('failing', () => Promise.reject(new Error('no')));
    onShutdown('stuck', () => new Promise(() => {}));
    onShutdown('fine', async () => void closed.push('fine'));
    expect(await runClosers(20)).toEqual({ unfinished: ['failing', 'stuck'] });
    expect(closed).toEqual(['fine']);
  });
});
