/**
 * The plane on which the district is drawn: kilometres east and north of its middle. Degrees appear only where a file is written,
 * rounded to a metre there, so that two neighbours that share a point share it to the last digit.
 */

/** Kilometres east, kilometres north. */
export type Point = readonly [x: number, y: number];
export type Line = readonly Point[];

/** Where the plane's origin lies, and how many kilometres a degree is there (30.2° north). */
const origin = { longitude: 120.309, latitude: 30.197, kmPerLongitude: 96.21, kmPerLatitude: 110.86 };

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** Longitude and latitude (WGS 84), rounded to 0.00001°, about a metre. */
export const toDegrees = ([x, y]: Point): [number, number] => [rounded(origin.longitude + x / origin.kmPerLongitude), rounded(origin.latitude + y / origin.kmPerLatitude)];

export const fromDegrees = (longitude: number, latitude: number): Point => [
  (longitude - origin.longitude) * origin.kmPerLongitude,
  (latitude - origin.latitude) * origin.kmPerLatitude,
];

/** Points as they are drawn by hand: `x,y` in km, separated by spaces. */
export const drawn = (text: string): Point[] =>
  text.split(' ').map((pair) => {
    const [x = 0, y = 0] = pair.split(',').map(Number);
    return [x, y];
  });

/** The element at `index`; throws where there is none, which would be a mistake of the generator. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new Error(`The geography has no element ${index} in a list of ${list.length}`);
  return found;
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const between = (a: Point, b: Point, share: number): Point => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
/** 0 below `low`, 1 above `high`, smooth between; `low` may be the larger one. */
export function smoothStep(low: number, high: number, value: number): number {
  const share = clamp((value - low) / (high - low), 0, 1);
  return share * share * (3 - 2 * share);
}

/** A smooth line through all `controls` (Catmull–Rom), about one point every `stepKm`. */
export function spline(controls: Line, stepKm: number): Point[] {
  const points: Point[] = [];
  for (let i = 0; i + 1 < controls.length; i++) {
    const [b, c] = [at(controls, i), at(controls, i + 1)];
    const [a, d] = [controls[i - 1] ?? b, controls[i + 2] ?? c];
    const steps = Math.max(1, Math.round(distance(b, c) / stepKm));
    for (let k = 0; k < steps; k++)
      points.push(
        [0, 1].map((axis) =>
          cubic(
            [a, b, c, d].map((p) => p[axis] ?? 0),
            k / steps,
          ),
        ) as unknown as Point,
      );
  }
  return [...points, at(controls, -1)];
}

function cubic(values: readonly number[], t: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = values;
  return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
}

/** A closed smooth line through all `controls`; its last point repeats its first. */
export function closedSpline(controls: Line, stepKm: number): Point[] {
  const n = controls.length;
  const around = spline([at(controls, -1), ...controls, at(controls, 0), at(controls, 1)], stepKm);
  const first = around.indexOf(around.find((p) => distance(p, at(controls, 0)) < 1e-9) ?? at(around, 0));
  const open = around.slice(first, around.length);
  const end = open.findIndex((p, i) => i > n && distance(p, at(controls, 0)) < 1e-9);
  return end < 0 ? [...open, at(open, 0)] : open.slice(0, end + 1);
}

export function lengthOf(line: Line): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += distance(at(line, i - 1), at(line, i));
  return sum;
}

/** The point `km` along the line from its first point; its ends beyond them. */
export function pointAlong(line: Line, km: number): Point {
  let left = Math.max(0, km);
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [at(line, i - 1), at(line, i)];
    const piece = distance(a, b);
    if (left <= piece && piece > 0) return between(a, b, left / piece);
    left -= piece;
  }
  return at(line, -1);
}

/** The nearest point of a line: how far away it is and how many kilometres along the line it lies. */
export function nearestOn(line: Line, point: Point): { distance: number; along: number; point: Point } {
  let best = { square: Number.POSITIVE_INFINITY, index: 0, share: 0, along: 0 };
  let passed = 0;
  let [ax, ay] = at(line, 0);
  for (let i = 1; i < line.length; i++) {
    const [bx, by] = line[i] as Point;
    const [dx, dy] = [bx - ax, by - ay];
    const length = Math.sqrt(dx * dx + dy * dy);
    const share = length === 0 ? 0 : clamp(((point[0] - ax) * dx + (point[1] - ay) * dy) / (length * length), 0, 1);
    const square = (ax + dx * share - point[0]) ** 2 + (ay + dy * share - point[1]) ** 2;
    if (square < best.square) best = { square, index: i, share, along: passed + length * share };
    passed += length;
    [ax, ay] = [bx, by];
  }
  const foot = best.index === 0 ? at(line, 0) : between(at(line, best.index - 1), at(line, best.index), best.share);
  return { distance: distance(foot, point), along: best.along, point: foot };
}

/** The line moved sideways by `offset(i)` kilometres: to the right of its direction where positive. */
export function beside(line: Line, offset: (index: number) => number): Point[] {
  return line.map((point, i) => {
    const [a, b] = [line[i - 1] ?? point, line[i + 1] ?? point];
    const length = distance(a, b) || 1;
    const by = offset(i);
    return [point[0] + ((b[1] - a[1]) / length) * by, point[1] - ((b[0] - a[0]) / length) * by];
  });
}

/** Whether the point lies inside a closed ring. */
export function isInside(ring: Line, [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [at(ring, i), at(ring, j)];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** The same question for many points of one ring: its edges are sorted into bands of 250 m first. */
export function insideTest(ring: Line): (point: Point) => boolean {
  const band = (y: number): number => Math.floor(y * 4);
  const bands = new Map<number, (readonly [Point, Point])[]>();
  for (let i = 1; i < ring.length; i++) {
    const edge = [at(ring, i - 1), at(ring, i)] as const;
    for (let row = band(Math.min(edge[0][1], edge[1][1])); row <= band(Math.max(edge[0][1], edge[1][1])); row++) {
      const known = bands.get(row);
      if (known === undefined) bands.set(row, [edge]);
      else known.push(edge);
    }
  }
  return ([x, y]) => {
    let inside = false;
    for (const [a, b] of bands.get(band(y)) ?? []) if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
    return inside;
  };
}

/** Square kilometres of a ring: positive when it runs anticlockwise. */
export function areaOf(ring: Line): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += at(ring, j)[0] * at(ring, i)[1] - at(ring, i)[0] * at(ring, j)[1];
  return twice / 2;
}

/** Where the stretches a–b and c–d cross, or undefined. */
export function crossing([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): Point | undefined {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (cross === 0) return undefined;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? between(a, b, t) : undefined;
}

/** Every point where two lines cross, in the order of the first one. */
export function crossings(one: Line, other: Line): Point[] {
  const found: Point[] = [];
  for (let i = 1; i < one.length; i++) {
    const [a, b] = [at(one, i - 1), at(one, i)];
    for (let j = 1; j < other.length; j++) {
      const [c, d] = [at(other, j - 1), at(other, j)];
      if (Math.max(c[0], d[0]) < Math.min(a[0], b[0]) || Math.min(c[0], d[0]) > Math.max(a[0], b[0])) continue;
      const point = crossing([a, b], [c, d]);
      if (point !== undefined) found.push(point);
    }
  }
  return found;
}

/** The stretches of a line whose points are all kept; single points left over are dropped. */
export function stretches(line: Line, keep: (point: Point, index: number) => boolean): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  for (const [i, point] of line.entries()) {
    if (keep(point, i)) piece.push(point);
    else {
      if (piece.length > 1) pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length > 1) pieces.push(piece);
  return pieces;
}
