/**
 * Areas where a field is above a level, as polygons with holes: marching squares over samples of the field. Neighbouring levels of
 * one field nest without crossing.
 */
import { extent } from './land.ts';
import { areaOf, at, isInside, type Line, type Point } from './plane.ts';

export interface Field {
  stepKm: number;
  columns: number;
  rows: number;
  values: Float64Array;
}

const corner = (field: Field, column: number, row: number): Point => [extent.west + column * field.stepKm, extent.south + row * field.stepKm];

/** Samples a function of the plane over the whole extent. */
export function sampled(stepKm: number, of: (point: Point) => number): Field {
  const columns = Math.ceil((extent.east - extent.west) / stepKm) + 1;
  const rows = Math.ceil((extent.north - extent.south) / stepKm) + 1;
  const field: Field = { stepKm, columns, rows, values: new Float64Array(columns * rows) };
  for (let cell = 0; cell < columns * rows; cell++) field.values[cell] = of(corner(field, cell % columns, Math.floor(cell / columns)));
  return field;
}

/** Polygons (outer ring, then holes) of where the field is above `level`, smaller ones than `leastKm2` left out. */
export function above(field: Field, level: number, leastKm2: number): Line[][] {
  const rings = chained(segments(field, level)).filter((ring) => Math.abs(areaOf(ring)) >= leastKm2);
  const outer = rings.filter((ring) => areaOf(ring) > 0).map((ring): Line[] => [ring]);
  for (const hole of rings.filter((ring) => areaOf(ring) < 0)) {
    const around = outer.filter((polygon) => isInside(at(polygon, 0), at(hole, 0))).sort((a, b) => areaOf(at(a, 0)) - areaOf(at(b, 0)));
    around[0]?.push(hole);
  }
  return outer;
}

interface Segment {
  from: string;
  to: string;
  start: Point;
}

/** The pieces of the level's line, one cell at a time, the higher side on the left. The extent's rim counts as low. */
function segments(field: Field, level: number): Segment[] {
  const { columns, rows, values } = field;
  const valueAt = (column: number, row: number): number =>
    (column <= 0 || row <= 0 || column >= columns - 1 || row >= rows - 1 ? level - 1 : (values[row * columns + column] ?? level - 1)) - level || 1e-9;
  const found: Segment[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      // Corners anticlockwise from the south-west; edge i runs from corner i to corner i + 1.
      const corners = cornerSteps.map(([dx, dy]) => [column + dx, row + dy] as const);
      const heights = corners.map(([x, y]) => valueAt(x, y));
      const ways = heights.map((height, i) => ({ i, up: height < 0 && at(heights, (i + 1) % 4) > 0, down: height > 0 && at(heights, (i + 1) % 4) < 0 }));
      for (const start of ways.filter(({ down }) => down)) {
        // With two pieces in a cell each joins a descent with the ascent that comes next: high ground stays apart.
        const end = [1, 2, 3].map((ahead) => at(ways, (start.i + ahead) % 4)).find(({ up }) => up);
        if (end === undefined) continue;
        const [a, b] = [at(corners, start.i), at(corners, (start.i + 1) % 4)];
        const [ha, hb] = [at(heights, start.i), at(heights, (start.i + 1) % 4)];
        const share = ha / (ha - hb);
        const [pa, pb] = [corner(field, ...a), corner(field, ...b)];
        found.push({
          from: edgeKey(a, b),
          to: edgeKey(at(corners, end.i), at(corners, (end.i + 1) % 4)),
          start: [pa[0] + (pb[0] - pa[0]) * share, pa[1] + (pb[1] - pa[1]) * share],
        });
      }
    }
  }
  return found;
}
const cornerSteps = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;
type Cell = readonly [column: number, row: number];
const edgeKey = (a: Cell, b: Cell): string => (a[0] < b[0] || a[1] < b[1] ? `${a}:${b}` : `${b}:${a}`);

function chained(pieces: readonly Segment[]): Line[] {
  const next = new Map(pieces.map((piece) => [piece.from, piece]));
  const rings: Line[] = [];
  for (const piece of pieces) {
    const ring: Point[] = [];
    for (let current = next.get(piece.from); current !== undefined; current = next.get(current.to)) {
      next.delete(current.from);
      ring.push(current.start);
    }
    if (ring.length > 3) rings.push([...ring, at(ring, 0)]);
  }
  return rings;
}
