/**
 * The 22 towns as areas that share their borders to the last digit: every border is drawn once and used by both neighbours, and
 * the outer border is the district's outline. No gaps, no overlap.
 */
import { isInDistrict, outline } from './land.ts';
import { areaOf, at, crossing, distance, fromDegrees, type Line, type Point, toDegrees } from './plane.ts';
import { divideGround, type Ground } from './reach.ts';
import { type Town, towns } from './towns.ts';

export interface TownArea extends Town {
  /** Closed, anticlockwise, in km; its points are whole in degrees (`toDegrees`). */
  ring: Line;
  areaKm2: number;
  /** Ids of the towns that share a border of more than a point. */
  neighbours: string[];
}

/** A border: the town on the left of its direction, and the one on the right (-1 is outside the district). */
interface Border {
  line: Point[];
  left: number;
  right: number;
}

export function divideTowns(): TownArea[] {
  const ground = divideGround();
  const inner = traceBorders(ground).flatMap((border) => insideOnly({ ...border, line: smoothed(border.line) }));
  const outer = cutOutline(inner);
  const borders = [...inner, ...outer];
  return towns.map((town, index) => {
    const ring = chain(
      borders.flatMap(({ line, left, right }) => (left === index ? [line] : right === index ? [[...line].reverse()] : [])),
      town.id,
    ).map(written);
    const neighbours = new Set(borders.flatMap(({ left, right }) => (left === index ? [right] : right === index ? [left] : [])).filter((other) => other >= 0));
    return { ...town, ring, areaKm2: areaOf(ring), neighbours: [...neighbours].map((other) => at(towns, other).id).sort() };
  });
}

/** Follows the edges between cells of different towns from junction to junction. Both towns are inside the grid. */
function traceBorders({ owner, columns, rows, corner }: Ground): Border[] {
  const ownerAt = (column: number, row: number): number => (column < 0 || row < 0 || column >= columns || row >= rows ? -1 : (owner[row * columns + column] ?? -1));
  /** The towns left and right of a step from a corner to the next one; undefined where the step is no border between two towns. */
  const sides = (column: number, row: number, [dx, dy]: Step): [number, number] | undefined => {
    const [left, right] =
      dx === 1
        ? [ownerAt(column, row), ownerAt(column, row - 1)]
        : dx === -1
          ? [ownerAt(column - 1, row - 1), ownerAt(column - 1, row)]
          : dy === 1
            ? [ownerAt(column - 1, row), ownerAt(column, row)]
            : [ownerAt(column, row - 1), ownerAt(column - 1, row - 1)];
    return left === right || left < 0 || right < 0 ? undefined : [left, right];
  };
  const ways = (column: number, row: number): Step[] => compass.filter((step) => sides(column, row, step) !== undefined);
  const borders: Border[] = [];
  const walked = new Set<string>();
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      const starts = ways(column, row);
      if (starts.length === 2 || starts.length === 0) continue;
      for (const first of starts) {
        const [left, right] = sides(column, row, first) ?? [-1, -1];
        let [x, y, step]: [number, number, Step] = [column, row, first];
        if (walked.has(`${x},${y},${step}`)) continue;
        const line: Point[] = [corner(x, y)];
        for (;;) {
          walked.add(`${x},${y},${step}`);
          [x, y] = [x + step[0], y + step[1]];
          walked.add(`${x},${y},${[-step[0], -step[1]]}`);
          line.push(corner(x, y));
          const onward = ways(x, y).filter(([dx, dy]) => dx !== -step[0] || dy !== -step[1]);
          if (onward.length !== 1) break;
          step = at(onward, 0);
        }
        borders.push({ line, left, right });
      }
    }
  }
  return borders;
}
type Step = readonly [number, number];
const compass: readonly Step[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** The stairs of the grid as a flowing line with the same ends; then one point about every 200 m. */
function smoothed(line: readonly Point[]): Point[] {
  let points = line;
  for (let round = 0; round < 6; round++) {
    points = points.map((point, i) => {
      const [before, after] = [points[i - 1], points[i + 1]];
      return before === undefined || after === undefined ? point : [(before[0] + 2 * point[0] + after[0]) / 4, (before[1] + 2 * point[1] + after[1]) / 4];
    });
  }
  const thinned: Point[] = [];
  for (const [i, point] of points.entries()) {
    const last = thinned.at(-1);
    if (last === undefined || i === points.length - 1 || distance(last, point) > 0.12) thinned.push(point);
  }
  return thinned;
}

/** Only what lies inside the district, cut where the border meets the outline. */
function insideOnly({ line, left, right }: Border): Border[] {
  const pieces: Point[][] = [];
  let piece: Point[] = isInDistrict(at(line, 0)) ? [at(line, 0)] : [];
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [at(line, i - 1), at(line, i)];
    const meeting = outlineCrossing(a, b);
    if (meeting !== undefined) {
      piece.push(meeting);
      if (piece.length > 1) pieces.push(piece);
      piece = isInDistrict(b) ? [meeting] : [];
    }
    if (isInDistrict(b)) piece.push(b);
  }
  if (piece.length > 1) pieces.push(piece);
  return pieces.map((kept) => ({ line: kept, left, right }));
}

function outlineCrossing(a: Point, b: Point): Point | undefined {
  for (let i = 1; i < outline.length; i++) {
    const found = crossing([a, b], [at(outline, i - 1), at(outline, i)]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The outline in pieces from one border's end to the next. The outline runs anticlockwise, so the town is on its left. */
function cutOutline(inner: readonly Border[]): Border[] {
  const ends = inner.flatMap(({ line, left, right }) => [
    { point: at(line, 0), left: right, right: left },
    { point: at(line, -1), left, right },
  ]);
  const around: { point: Point; owner?: number }[] = [];
  for (let i = 1; i < outline.length; i++) {
    const [a, b] = [at(outline, i - 1), at(outline, i)];
    around.push({ point: a });
    const here = ends.filter(({ point }) => distance(a, point) + distance(point, b) - distance(a, b) < 1e-9 && distance(a, point) > 0);
    // Seen from inside, looking along the border to its end, the piece that follows on the outline belongs to the town on the left.
    for (const end of here.sort((one, other) => distance(a, one.point) - distance(a, other.point))) around.push({ point: end.point, owner: end.left });
  }
  const first = around.findIndex(({ owner }) => owner !== undefined);
  const pieces: Border[] = [];
  for (const { point, owner } of [...around.slice(first), ...around.slice(0, first), at(around, first)]) {
    pieces.at(-1)?.line.push(point);
    if (owner !== undefined) pieces.push({ line: [point], left: owner, right: -1 });
  }
  return pieces.slice(0, -1);
}

/** A point as it is written: whole in degrees, so that what lies inside here lies inside in the file. */
export const written = (point: Point): Point => fromDegrees(...toDegrees(point));

const keyOf = (point: Point): string => toDegrees(point).join(' ');

/** Joins borders end to end to one closed ring; throws when a town is not in one piece. */
function chain(lines: readonly Point[][], town: string): Line {
  const left = [...lines];
  const ring: Point[] = [...(left.shift() ?? [])];
  while (left.length > 0) {
    const next = left.findIndex((line) => keyOf(at(line, 0)) === keyOf(at(ring, -1)));
    if (next < 0) throw new Error(`The borders of ${town} do not close: ${left.length} left over`);
    ring.push(...at(left.splice(next, 1), 0).slice(1));
  }
  if (keyOf(at(ring, 0)) !== keyOf(at(ring, -1))) throw new Error(`The borders of ${town} do not close`);
  return ring;
}
