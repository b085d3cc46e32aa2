/**
 * All chance of the geography. Every use names its own stream, so that one more rain gauge moves no school. Nothing here depends
 * on the order of calls elsewhere.
 */
import { seededRandom } from '../random.ts';

/** The seed of the district that is committed. Another one gives another district. */
export const districtSeed = 20_260_618;

/** 32 bits of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** A source of numbers in [0, 1) of its own for each name. */
export const chanceOf = (name: string, seed = districtSeed): (() => number) => seededRandom(seed ^ hashOf(name));

/** A value in [-1, 1] of whole-numbered lattice points. */
function latticeValue(x: number, y: number, salt: number): number {
  let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ salt;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2_147_483_648 - 1;
}

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

/** Smooth noise in [-1, 1]; its hills are about one unit wide. */
function noise(x: number, y: number, salt: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [fade(x - column), fade(y - row)];
  const low = latticeValue(column, row, salt) * (1 - u) + latticeValue(column + 1, row, salt) * u;
  const high = latticeValue(column, row + 1, salt) * (1 - u) + latticeValue(column + 1, row + 1, salt) * u;
  return low * (1 - v) + high * v;
}

/** Layered noise, roughly in [-1, 1]: `octaves` layers, each twice as fine and half as strong. */
export function layeredNoise(name: string, octaves: number, seed = districtSeed): (x: number, y: number) => number {
  const salt = (seed ^ hashOf(name)) | 0;
  return (x, y) => {
    let [sum, strength, scale] = [0, 1, 1];
    for (let layer = 0; layer < octaves; layer++) {
      sum += noise(x * scale, y * scale, salt + layer * 7919) * strength;
      [strength, scale] = [strength / 2, scale * 2];
    }
    return sum / (2 - 2 ** (1 - octaves));
  };
}
