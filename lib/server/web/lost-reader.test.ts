import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { goOnWithoutReader } from './lost-reader';

/** A pipe whose reader is gone. */
const brokenPipe = () =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  });

it('lets nothing be thrown when nobody reads what is printed any more', async () => {
  const stream = brokenPipe();
  goOnWithoutReader(stream);
  stream.write('to nobody');
  await new Promise((resolve) => stream.once('close', resolve));
  expect(stream.listenerCount('error')).toBe(1);
  expect(stream.errored?.message).toBe('write EPIPE');
});
