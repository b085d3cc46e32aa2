import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchBuilder, type ReadingColumns, touchedSpans } from './columns.ts';

const reading = fc.record({
  series: fc.integer({ min: 1, max: 4 }),
  observedAt: fc.integer({ min: 0, max: 6 }),
  value: fc.integer({ min: 0, max: 2 }),
  quality: fc.constantFrom(0, 1),
});
const rowsOf = (columns: ReadingColumns) =>
  Array.from({ length: columns.length }, (_, i) => ({ series: columns.series[i], observedAt: columns.observedAt[i], value: columns.value[i], quality: columns.quality[i] }));

describe('a batch', () => {
  it('is sorted, holds each key once with its last value, and counts what it left out', () => {
    fc.assert(
      fc.property(fc.array(reading), (sent) => {
        const builder = createBatchBuilder();
        for (const one of sent) builder.add(one);
        const batch = builder.finish((placeholder) => placeholder);
        const rows = rowsOf(batch.rows);
        const last = new Map(sent.map((one) => [`${one.series} ${one.observedAt}`, one]));
        expect(rows).toHaveLength(last.size);
        for (const row of rows) expect(row).toEqual(last.get(`${row.series} ${row.observedAt}`));
        const keys = rows.map((row) => (row.series ?? 0) * 100 + (row.observedAt ?? 0));
        expect(keys).toEqual([...keys].sort((a, b) => a - b));
        expect(rows.length + batch.repeats + batch.superseded.length).toBe(sent.length);
      }),
    );
  });

  it('puts the numbers of new series in place of their placeholders', () => {
    const builder = createBatchBuilder();
    builder.add({ series: -1, observedAt: 5, value: 1, quality: 0 });
    builder.add({ series: 3, observedAt: 5, value: 2, quality: 0 });
    const { rows } = builder.finish((placeholder) => 10 - placeholder);
    expect([...rows.series]).toEqual([3, 11]);
  });
});

it('touched spans end where a minute got no reading', () => {
  const rows = (list: [number, number][]): ReadingColumns => ({
    length: list.length,
    series: Int32Array.from(list, ([series]) => series),
    observedAt: Float64Array.from(list, ([, t]) => t),
    value: new Float64Array(list.length),
    quality: new Int16Array(list.length),
  });
  const minute = 60_000;
  expect(
    touchedSpans(
      rows([
        [1, 0],
        [1, minute - 1],
        [1, 2 * minute - 1],
        [1, 3 * minute],
        [2, 3 * minute],
        [2, 10 * minute],
        [2, 11 * minute],
      ]),
    ),
  ).toEqual({ series: [1, 1, 2, 2], first: [0, 3 * minute, 3 * minute, 10 * minute], last: [2 * minute - 1, 3 * minute, 3 * minute, 11 * minute] });
});
