import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onnxSummary } from './onnx-summary';
import { MessageWriter, messageFields } from './protobuf';

describe('MessageWriter', () => {
  it('writes the bytes of the Protocol Buffers encoding guide', () => {
    // protobuf.dev/programming-guides/encoding: Test1 { a: 150 }, Test2 { b: "testing" }, Test3 { c: Test1 }, packed f: 3, 270, 86942.
    expect([...new MessageWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new MessageWriter().text(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    expect([...new MessageWriter().message(3, new MessageWriter().integer(1, 150)).finish()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
    expect([...new MessageWriter().integers(6, [3, 270, 86942]).finish()]).toEqual([
      0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05,
    ]);
  });

  it('writes floats as little-endian float32 and −2 in ten bytes', () => {
    expect([...new MessageWriter().floats(1, new Float32Array([1, -0.5])).finish()]).toEqual([
      0x0a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf,
    ]);
    expect([...new MessageWriter().integer(1, -2).finish()]).toEqual([
      0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
    ]);
  });

  it('writes what the reader reads', () => {
    const fields = fc.array(
      fc.record({
        number: fc.integer({ min: 1, max: 3000 }),
        value: fc.oneof(fc.maxSafeInteger(), fc.string({ unit: 'grapheme', maxLength: 300 })),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fields, (written) => {
        const writer = new MessageWriter();
        for (const { number, value } of written) {
          if (typeof value === 'number') writer.integer(number, value);
          else writer.text(number, value);
        }
        const read = [...messageFields(writer.finish())].map((field) => ({
          number: field.number,
          value:
            'integer' in field
              ? field.integer
              : new TextDecoder('utf-8', { ignoreBOM: true }).decode(field.bytes),
        }));
        expect(read).toEqual(
          written.map(({ number, value }) => ({ number, value: value === 0 ? 0 : value })),
        );
      }),
    );
  });
});

describe('messageFields', () => {
  it('steps over fixed numbers', () => {
    const bytes = new Uint8Array([0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...messageFields(bytes)]).toEqual([
      { number: 1, bytes: new Uint8Array([1, 2, 3, 4]) },
      { number: 2, bytes: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) },
    ]);
  });

  it.each([
    ['a text cut short', [0x12, 0x07, 0x74]],
    ['a number cut short', [0x08, 0x96]],
    ['a number without end', [0x08, ...new Array(11).fill(0xff)]],
    ['an unused wire type', [0x0b]],
    ['field number 0', [0x00, 0x01]],
  ])('throws at %s', (_what, bytes) => {
    expect(() => [...messageFields(new Uint8Array(bytes))]).toThrow(RangeError);
  });
});

describe('onnxSummary', () => {
  it('refuses bytes that are no messages', () => {
    expect(onnxSummary(new TextEncoder().encode('<html>'))).toMatchObject({
      ok: false,
      error: { code: 'onnx_unreadable' },
    });
    const notUtf8 = new MessageWriter().message(14, new MessageWriter().text(1, new Uint8Array([0xff])));
    expect(onnxSummary(notUtf8.finish())).toMatchObject({ ok: false, error: { code: 'onnx_unreadable' } });
  });

  it('finds an empty model in no bytes', () => {
    expect(onnxSummary(new Uint8Array(0))).toEqual({
      ok: true,
      value: { operators: [], inputs: [], outputs: [], metadata: new Map(), hasForeignParts: false },
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof onnxSummary(bytes).ok === 'boolean'),
    );
  });
});
