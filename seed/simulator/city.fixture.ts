/** The demonstration city, for tests of its simulator. */
import { join } from 'node:path';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { loadCatalogue } from '../../server/catalogue/load.ts';

/** @throws Error naming what is wrong in the city's folder. */
export async function demonstrationCity(): Promise<Catalogue> {
  const loaded = await loadCatalogue(join(import.meta.dirname, '../../metrics-config/linjiang'));
  if (!loaded.ok) throw new Error(loaded.problems.map(({ file, path, message }) => `${file} ${path}: ${message}`).join('\n'));
  return loaded.catalogue;
}

/** Midnight of a day in the city, epoch ms. */
export const cityDay = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation of two lists of the same length. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - ma, (b[i] as number) - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** The value below which a share of the list lies. */
export const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
