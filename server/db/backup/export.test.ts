import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createChunker } from './export.ts';

it('cuts only after whole rows, loses no byte, and holds no more than a limit and a piece', async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n'), maxLength: 30 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 40 }), async (texts, limit) => {
      const all = [...texts, '\n'].map((text) => Buffer.from(text));
      const chunks: Buffer[] = [];
      const chunker = createChunker(async (chunk) => void chunks.push(chunk), limit);
      for (const bytes of all) await chunker.push(bytes);
      await chunker.flush();
      expect(Buffer.concat(chunks).equals(Buffer.concat(all))).toBe(true);
      for (const chunk of chunks) expect(chunk.at(-1)).toBe(0x0a);
    }),
  );
});

it('gives nothing where there was nothing', async () => {
  const chunks: Buffer[] = [];
  const chunker = createChunker(async (chunk) => void chunks.push(chunk));
  await chunker.flush();
  expect(chunks).toEqual([]);
});
