/**
 * Rain over the towns: bands of steady rain in every season, most in the plum rains of June, and thunderstorm cells on summer afternoons that
 * move across the district and leave some towns dry. About 1,300 mm a year on some 150 days.
 */
import { type Builders, grid, hourOf, isNothing, joined, NOTHING, PER_HOUR, perTown, type World } from './fields.ts';
import { between, keyOf, normal, smooth, unit } from './noise.ts';
import { GRID } from './profiles.ts';

/** By month: how likely half a day brings a band of rain, its usual height (mm/h), and how likely a day brings storm cells. */
const climatology: readonly { band: number; height: number; storm: number }[] = [
  { band: 0.17, height: 1.0, storm: 0 },
  { band: 0.2, height: 1.1, storm: 0 },
  { band: 0.26, height: 1.4, storm: 0.01 },
  { band: 0.24, height: 1.7, storm: 0.04 },
  { band: 0.24, height: 1.9, storm: 0.07 },
  { band: 0.36, height: 2.8, storm: 0.14 },
  { band: 0.15, height: 2.2, storm: 0.26 },
  { band: 0.17, height: 2.2, storm: 0.26 },
  { band: 0.18, height: 2.0, storm: 0.09 },
  { band: 0.12, height: 1.4, storm: 0.01 },
  { band: 0.14, height: 1.2, storm: 0 },
  { band: 0.12, height: 1.0, storm: 0 },
];

interface Band {
  from: number;
  hours: number;
  height: number;
  key: number;
  /** Which side of the district gets more, −1…1 east and north. */
  east: number;
  north: number;
}
interface Cell {
  from: number;
  hours: number;
  height: number;
  radiusKm: number;
  x: number;
  y: number;
  /** km/h */
  vx: number;
  vy: number;
}

function monthOf(day: number): { band: number; height: number; storm: number } {
  return climatology[new Date(day * 86_400_000).getUTCMonth()] as { band: number; height: number; storm: number };
}

/** Bands that may rain on `day`: those that begin in its halves or the day before. */
function bandsOf(world: World, day: number): Band[] {
  const root = keyOf(world.seed, 'bands');
  const bands: Band[] = [];
  for (let slot = 2 * day - 2; slot < 2 * day + 2; slot++) {
    const { band, height } = monthOf(slot >> 1);
    if (unit(root, slot * 8) >= band) continue;
    bands.push({
      from: slot * 12 + unit(root, slot * 8 + 1) * 12,
      hours: between(root, slot * 8 + 2, [3, 13]),
      height: height * Math.exp(0.55 * normal(root, slot * 8 + 3)),
      key: keyOf(root, `${slot}`),
      east: between(root, slot * 8 + 4, [-0.35, 0.35]),
      north: between(root, slot * 8 + 5, [-0.35, 0.35]),
    });
  }
  return bands;
}

function cellsOf(world: World, day: number): Cell[] {
  const root = keyOf(world.seed, 'cells');
  if (unit(root, day * 64) >= monthOf(day).storm) return [];
  const count = 1 + Math.floor(unit(root, day * 64 + 1) * 4);
  const start = between(root, day * 64 + 2, [13, 18.5]);
  const heading = between(root, day * 64 + 3, [0.1, 1.2]);
  return Array.from({ length: count }, (_, i) => {
    const n = day * 64 + 8 + i * 8;
    const speed = between(root, n, [12, 26]);
    return {
      from: day * 24 + start + i * between(root, n + 1, [0.1, 0.8]),
      hours: between(root, n + 2, [0.7, 1.6]),
      height: Math.min(64, 25 * Math.exp(0.42 * normal(root, n + 3))),
      radiusKm: between(root, n + 4, [2.6, 5.2]),
      x: between(root, n + 5, [-20, 10]),
      y: between(root, n + 6, [-18, 6]),
      vx: speed * Math.cos(heading),
      vy: speed * Math.sin(heading),
    };
  });
}

/** How much of its height a shower has, by the part of its life that is over: up fast, down slowly. */
const life = (part: number): number => (part <= 0 || part >= 1 ? 0 : Math.sin(Math.PI * part ** 0.7) ** 2);

/** mm/h of the bands at one place and hour. */
function bandRain(bands: readonly Band[], place: { x: number; y: number }, hour: number): number {
  let rain = 0;
  for (const { from, hours, height, key, east, north } of bands) {
    // Bands come from the west at some 30 km/h.
    const swell = life((hour - from - (place.x + 20) / 30) / hours);
    if (swell === 0) continue;
    const side = 1 + (east * place.x + north * place.y) / 20;
    const gusty = 1 + 0.45 * smooth(key, hour * 1.6 - place.x / 12) + 0.2 * smooth(key ^ 1, hour * 5 + place.y / 5);
    rain += height * swell * Math.max(0, side) * Math.max(0, gusty);
  }
  return rain;
}

/** The nearness of cells at one place and hour, weighed by `of`. */
function cellSum(cells: readonly Cell[], at: { x: number; y: number; hour: number }, of: (cell: Cell, distanceKm: number) => number): number {
  let sum = 0;
  for (const cell of cells) {
    const age = at.hour - cell.from;
    const swell = life(age / cell.hours);
    if (swell > 0) sum += swell * of(cell, Math.hypot(at.x - cell.x - cell.vx * age, at.y - cell.y - cell.vy * age));
  }
  return sum;
}

function rain(world: World, day: number): Float32Array[] {
  const bands = bandsOf(world, day);
  const cells = [...cellsOf(world, day - 1), ...cellsOf(world, day)];
  if (bands.length === 0 && cells.length === 0) return world.towns.map(() => NOTHING);
  return perTown(world, (_, { x, y }) =>
    grid((i) => {
      const hour = hourOf(day, i);
      const falling = bandRain(bands, { x, y }, hour) + cellSum(cells, { x, y, hour }, (cell, d) => cell.height * Math.exp((-d * d) / (2 * cell.radiusKm ** 2)));
      return falling < 0.1 ? 0 : falling;
    }),
  );
}

function thunder(world: World, day: number): Float32Array[] {
  const cells = [...cellsOf(world, day - 1), ...cellsOf(world, day)];
  if (cells.length === 0) return world.towns.map(() => NOTHING);
  return perTown(world, (_, { x, y }) =>
    grid((i) =>
      Math.min(
        1,
        cellSum(cells, { x, y, hour: hourOf(day, i) }, (cell, d) => Math.exp((-d * d) / (2 * (2 * cell.radiusKm) ** 2))),
      ),
    ),
  );
}

/** Rain of the last hours, from the rates of this day and the day before. */
const rainOfLast =
  (hours: number) =>
  (world: World, day: number): Float32Array[] =>
    perTown(world, (town) => {
      const rates = joined(world, 'rain', { town, day, back: 1 });
      if (isNothing(rates)) return NOTHING;
      const steps = hours * PER_HOUR;
      const before = new Float64Array(rates.length + 1);
      for (let k = 0; k < rates.length; k++) before[k + 1] = (before[k] as number) + (rates[k] as number);
      return grid((i) => {
        const sum = (before[GRID + i + 1] as number) - (before[GRID + i + 1 - steps] as number);
        return sum < 1e-6 ? 0 : sum / PER_HOUR;
      });
    });

export const rainBuilders: Builders = {
  rain,
  thunder,
  rain1h: rainOfLast(1),
  rain3h: rainOfLast(3),
  rain6h: rainOfLast(6),
  rain12h: rainOfLast(12),
  rain24h: rainOfLast(24),
};
