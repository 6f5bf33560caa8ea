import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_VERSIONS, modelFileBytes } from '@/lib/testing/model-files/model-document';
import { writeUbjson } from '@/lib/testing/model-files/write-ubjson';
import { readUbjson } from './ubjson';

function readValue(bytes: Uint8Array): unknown {
  const read = readUbjson(bytes);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const bytesOf = (...parts: readonly (string | number)[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')])),
  );
const length = (n: number) => `L\0\0\0\0\0\0\0${String.fromCharCode(n)}`;

describe('readUbjson', () => {
  it.each(FILE_VERSIONS)(
    'reads what libxgboost %s wrote, so that writing it gives the same bytes',
    (version) => {
      const bytes = modelFileBytes(version, 'ubj');
      expect(writeUbjson(readValue(bytes))).toEqual(bytes);
    },
  );

  it.each([
    ['an empty object', bytesOf('{}'), {}],
    ['an object', bytesOf('{', length(1), 'a', 'i', 5, length(2), 'bc', 'Z', '}'), { a: 5, bc: null }],
    ['a text in UTF-8', bytesOf('S', length(2), 0xc3, 0xa9), 'é'],
    ['true and false', bytesOf('[#', length(2), 'TF'), [true, false]],
    ['an int8', bytesOf('i', 0xff), -1],
    ['an uint8', bytesOf('U', 0xff), 255],
    ['an int16', bytesOf('I', 0x80, 0x00), -32_768],
    ['an int32', bytesOf('l', 0x7f, 0xff, 0xff, 0xff), 2_147_483_647],
    ['an int64', bytesOf('L', 0, 0, 1, 0, 0, 0, 0, 0), 2 ** 40],
    ['a float32', bytesOf('d', 0x3e, 0x80, 0, 0), 0.25],
    ['a float64', bytesOf('D', 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a), 0.1],
    ['NaN', bytesOf('d', 0x7f, 0xc0, 0, 0), Number.NaN],
    ['a typed array', bytesOf('[$U#', length(3), 1, 2, 3), [1, 2, 3]],
    ['an empty typed array', bytesOf('[$d#', length(0)), []],
    ['the key __proto__', bytesOf('{', length(9), '__proto__', 'i', 1, '}'), JSON.parse('{"__proto__":1}')],
  ])('reads %s', (_, bytes, value) => {
    expect(readValue(bytes)).toEqual(value);
  });

  it.each([
    ['a whole number beyond 2⁵³', bytesOf('L', 0x7f, 0, 0, 0, 0, 0, 0, 0), 'beyond ±2⁵³'],
    ['an object that does not end', bytesOf('{'), 'it breaks off'],
    ['a typed array of texts', bytesOf('[$S#', length(1)), 'S marks no value'],
    ['a no-op', bytesOf('N'), 'N marks no value'],
    ['a byte that is no marker', bytesOf(7), 'byte 7 marks no value'],
    ['65 arrays within one another', bytesOf(`[#${length(1)}`.repeat(65), 'Z'), 'deeper than 64 levels'],
  ])('refuses %s', (_, bytes, says) => {
    const read = readUbjson(bytes);
    expect(read.ok ? 'read' : read.error.message).toContain(says);
  });

  it('reads 64 arrays within one another', () => {
    expect(JSON.stringify(readValue(bytesOf(`[#${length(1)}`.repeat(64), 'Z')))).toContain('[[[[null]]]]');
  });

  it('ends with a value or a refusal, whatever the bytes are', () => {
    const whole = modelFileBytes('3.4.1', 'ubj');
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        const read = readUbjson(bytes);
        expect(read.ok || read.error.code === 'model_unreadable').toBe(true);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
