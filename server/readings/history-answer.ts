/** What was read, in the columns of the wire; and those columns as JSON text, each written once. Pure. */
import { type HistorySeries, placeIdSchema, type Resolution } from '../contract/index.ts';
import type { Buckets } from './buckets.ts';
import type { Fold, FoldedBuckets } from './fold.ts';

interface Name {
  series: HistorySeries['series'];
  indicator: HistorySeries['indicator'];
  place: string;
  facet: string | null;
  simulated: boolean;
}

interface Shape {
  resolution: Resolution;
  bucketMs: number | null;
  gapMs: number;
}

interface RawIn {
  t: Float64Array;
  value: Float64Array;
  quality: Float64Array;
}

type Content = { revised: number[] } & ({ raw: RawIn } | { columns: Buckets } | { folded: FoldedBuckets; fold: Fold; total: number });

export function toAnswer(name: Name, shape: Shape, content: Content): HistorySeries {
  const { series, indicator, place, facet, simulated } = name;
  const head = { series, indicator, place: placeIdSchema.parse(place), facet: facet as HistorySeries['facet'], simulated, ...shape };
  const { revised } = content;
  if ('raw' in content) return { ...head, ...fromRaw(content.raw), revised, parts: null };
  if ('folded' in content) {
    const { folded, fold, total } = content;
    return { ...head, ...statistics(folded), mean: nulls(folded.mean), revised, parts: { fold, total, known: folded.known } };
  }
  const { columns } = content;
  const mean = columns.count.map((count, i) => (count === 0 ? null : (columns.sum[i] as number) / count));
  return { ...head, ...statistics(columns), mean, revised, parts: null };
}

const nulls = (values: readonly number[]): (number | null)[] => values.map((value) => (Number.isNaN(value) ? null : value));

function statistics(columns: Omit<Buckets, 'mean'>) {
  return {
    t: columns.t,
    min: nulls(columns.min),
    max: nulls(columns.max),
    sum: columns.sum,
    count: columns.count,
    last: nulls(columns.last),
    badCount: columns.bad,
    suspectCount: columns.suspect,
  };
}

/** A reading is its own least, greatest, mean and last: one column stands for all four. */
function fromRaw({ t, value, quality }: RawIn) {
  const values = Array.from(value, (v, i) => (((quality[i] as number) & 3) === 2 ? null : v));
  const isWhole = !values.includes(null);
  return {
    t: Array.from(t),
    min: values,
    max: values,
    mean: values,
    last: values,
    sum: isWhole ? (values as number[]) : values.map((v) => v ?? 0),
    count: values.map((v) => (v === null ? 0 : 1)),
    badCount: values.map((v) => (v === null ? 1 : 0)),
    suspectCount: Array.from(quality, (q) => ((q & 3) === 1 ? 1 : 0)),
  };
}

/** Columns that lines of one answer often have in common: the same minutes, a count of one in each. */
const shared = ['t', 'count', 'badCount', 'suspectCount'] as const;

/**
 * Turns the lines of one answer into JSON, one after the other. A column is turned into text once: the columns of a reading that are one
 * and the same, and those that a line has in common with the line before.
 */
export function createHistoryWriter(): (series: HistorySeries) => string {
  let before: { series: HistorySeries; texts: Map<unknown, string> } | null = null;
  return (series) => {
    const texts = new Map<unknown, string>();
    if (before !== null)
      for (const key of shared) {
        const text = before.texts.get(before.series[key]);
        if (text !== undefined && isSame(before.series[key], series[key])) texts.set(series[key], text);
      }
    const parts = Object.entries(series).map(([key, value]) => {
      let text = texts.get(value);
      if (text === undefined) {
        text = JSON.stringify(value);
        if (Array.isArray(value)) texts.set(value, text);
      }
      return `"${key}":${text}`;
    });
    before = { series, texts };
    return `{${parts.join(',')}}`;
  };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
