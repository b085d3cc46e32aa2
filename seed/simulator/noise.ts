/**
 * Chance by counting: every draw is a function of a key and a whole number, never of what was drawn before. So any window of any series can
 * be made in any order and in any process, and always the same.
 */
import type { Chunk } from './model.ts';

/** 32 well-mixed bits of a key and a counter. Two keys give unrelated sequences. */
export function hash(key: number, n: number): number {
  let mixed = Math.imul(n, 0x9e3779b1) ^ key;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ key, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const TWO_32 = 4_294_967_296;

/** A number in [0, 1). */
export const unit = (key: number, n: number): number => hash(key, n) / TWO_32;

/** A number in [low, high). */
export const between = (key: number, n: number, [low, high]: readonly [number, number]): number => low + unit(key, n) * (high - low);

/** A key for a name under another key. */
export function keyOf(parent: number, name: string): number {
  let key = parent >>> 0;
  for (let i = 0; i < name.length; i++) key = hash(key, name.charCodeAt(i) + 1);
  return hash(key, name.length);
}

/** As many steps of the normal distribution as 12 bits choose between: departures end at ±3.7 standard deviations, so that quiet stays quiet. */
const STEPS = 4096;
const quantiles = Float64Array.from({ length: STEPS }, (_, i) => normalQuantile((i + 0.5) / STEPS));

/** A draw of mean 0 and standard deviation 1. */
export const normal = (key: number, n: number): number => quantiles[hash(key, n) >>> 20] as number;

/** Inverse of the normal distribution, by the rational approximation of Abramowitz and Stegun 26.2.23 (error below 5e-4). */
function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(tail));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -z : z;
}

/** Between two knots the sum of two draws scatters less than one alone: this makes the mean variance 1 again. */
const KNOT_GAIN = 1.16;

/** Smooth noise of mean 0 and standard deviation 1 in the mean, with a fresh draw at every whole `x`. */
export function smooth(key: number, x: number): number {
  const knot = Math.floor(x);
  const part = x - knot;
  const ease = part * part * (3 - 2 * part);
  return KNOT_GAIN * (normal(key, knot) * (1 - ease) + normal(key, knot + 1) * ease);
}

/** Adds smooth noise to every instant of a chunk. */
export function addSmooth(out: Float64Array, { from, stepMs, count }: Chunk, wave: { key: number; spacingMs: number; amplitude: number }): void {
  const { key, spacingMs, amplitude } = wave;
  const gain = amplitude * KNOT_GAIN;
  let knot = Number.NaN;
  let left = 0;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const x = (from + i * stepMs) / spacingMs;
    const own = Math.floor(x);
    if (own !== knot) {
      knot = own;
      left = gain * normal(key, own);
      right = gain * normal(key, own + 1);
    }
    const part = x - own;
    (out[i] as number) += left + (right - left) * part * part * (3 - 2 * part);
  }
}

/** Adds a draw of its own to every instant of a chunk. */
export function addWhite(out: Float64Array, { from, stepMs, count }: Chunk, wave: { key: number; amplitude: number }): void {
  const first = Math.floor(from / stepMs);
  for (let i = 0; i < count; i++) (out[i] as number) += wave.amplitude * (quantiles[hash(wave.key, first + i) >>> 20] as number);
}

/** Counts this large are drawn from the normal distribution. */
const LARGE_MEAN = 16;

/** A Poisson draw with this mean. */
export function poisson(key: number, n: number, mean: number): number {
  if (!(mean > 0)) return 0;
  if (mean >= LARGE_MEAN) {
    const z = normal(key, n);
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  }
  const drawn = unit(key, n);
  let term = Math.exp(-mean);
  let reached = term;
  let count = 0;
  while (drawn >= reached && count < 100) {
    count++;
    term *= mean / count;
    reached += term;
  }
  return count;
}
