/**
 * Which town a spot belongs to: the one from whose centre it is reached soonest on foot. Canals, expressways and ridges are slow to
 * cross, so borders come to lie along them, as they do in life. Worked out on a grid; every town is in one piece.
 */
import { layeredNoise } from './chance.ts';
import { heightAt, isInDistrict, outline } from './land.ts';
import { at, type Line, lengthOf, type Point, pointAlong } from './plane.ts';
import { towns } from './towns.ts';
import { canals, expressways } from './ways.ts';

/** Cells of 150 m: borders are smoothed afterwards, and no town is smaller than 300 of them. */
const cellKm = 0.15;
/** How far the grid runs past the outline, so that every border between towns crosses it. */
const marginKm = 0.75;

export interface Ground {
  columns: number;
  rows: number;
  /** The index of a town for every cell, row by row from the south; -1 far outside. */
  owner: Int8Array;
  /** The corner of four cells: column and row from 0. */
  corner: (column: number, row: number) => Point;
}

export function divideGround(): Ground {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [west, south] = [Math.min(...xs) - 1.2, Math.min(...ys) - 1.2];
  const columns = Math.ceil((Math.max(...xs) + 1.2 - west) / cellKm);
  const rows = Math.ceil((Math.max(...ys) + 1.2 - south) / cellKm);
  const corner = (column: number, row: number): Point => [west + column * cellKm, south + row * cellKm];
  const effort = effortOf({ columns, rows, corner });
  const owner = spread(effort, { columns, rows, start: towns.map(({ centre: [x, y] }) => Math.floor((y - south) / cellKm) * columns + Math.floor((x - west) / cellKm)) });
  separateCorners(owner, columns);
  return { columns, rows, owner, corner };
}

/** What a step in each cell costs; infinite far outside the district. */
function effortOf({ columns, rows, corner }: Omit<Ground, 'owner'>): Float64Array {
  const rough = layeredNoise('paths', 3);
  const barrier = new Float64Array(columns * rows);
  const [west, south] = corner(0, 0);
  const mark = (line: Line, cost: number): void => {
    for (let km = 0; km < lengthOf(line); km += cellKm / 2) {
      const [x, y] = pointAlong(line, km);
      const [column, row] = [Math.floor((x - west) / cellKm), Math.floor((y - south) / cellKm)];
      if (column >= 0 && row >= 0 && column < columns && row < rows) barrier[row * columns + column] = cost;
    }
  };
  for (const { line } of expressways) mark(line, 5);
  for (const { line } of canals) mark(line, 9);
  const nearOutline = beltAround({ columns, rows, corner });
  return barrier.map((cost, cell) => {
    const [x, y] = corner((cell % columns) + 0.5, Math.floor(cell / columns) + 0.5);
    if (nearOutline[cell] === 0 && !isInDistrict([x, y])) return Number.POSITIVE_INFINITY;
    return 1 + cost + 0.75 * rough(x * 0.45, y * 0.45) + heightAt([x, y]) / 140;
  });
}

/** 1 in the cells within the margin of the outline. */
function beltAround({ columns, rows, corner }: Omit<Ground, 'owner'>): Uint8Array {
  const belt = new Uint8Array(columns * rows);
  const [west, south] = corner(0, 0);
  const reach = Math.round(marginKm / cellKm);
  for (const [x, y] of outline) {
    const [column, row] = [Math.floor((x - west) / cellKm), Math.floor((y - south) / cellKm)];
    for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= reach * reach) belt[(row + dy) * columns + column + dx] = 1;
  }
  return belt;
}

/** Walks from all starts at once, soonest first (Dijkstra); a larger `reach` walks faster. */
function spread(effort: Float64Array, { columns, rows, start }: { columns: number; rows: number; start: readonly number[] }): Int8Array {
  const owner = new Int8Array(effort.length).fill(-1);
  const queue = new SoonestFirst();
  for (const [town, cell] of start.entries()) queue.add({ when: 0, cell, town });
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    const { when, cell, town } = next;
    if (owner[cell] !== -1) continue;
    owner[cell] = town;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    for (const [dx, dy] of steps) {
      const [nextColumn, nextRow] = [column + dx, row + dy];
      const neighbour = nextRow * columns + nextColumn;
      const cost = effort[neighbour] ?? Number.POSITIVE_INFINITY;
      if (nextColumn < 0 || nextRow < 0 || nextColumn >= columns || nextRow >= rows || cost === Number.POSITIVE_INFINITY || owner[neighbour] !== -1) continue;
      queue.add({ when: when + (Math.hypot(dx, dy) * (cost + (effort[cell] ?? 1))) / 2 / at(towns, town).reach, cell: neighbour, town });
    }
  }
  return owner;
}
const steps = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

interface Arrival {
  when: number;
  cell: number;
  town: number;
}

/** A binary heap; equal times are ordered by town, then by cell, so that the answer never depends on the order of insertion. */
class SoonestFirst {
  private readonly heap: Arrival[] = [];

  add(arrival: Arrival): void {
    let place = this.heap.push(arrival) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isSooner(at(this.heap, place), at(this.heap, parent))) return;
      this.swap(place, parent);
      place = parent;
    }
  }

  take(): Arrival | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (first === undefined || last === undefined || this.heap.length === 0) return first;
    this.heap[0] = last;
    for (let place = 0; ; ) {
      let soonest = place;
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if (child < this.heap.length && isSooner(at(this.heap, child), at(this.heap, soonest))) soonest = child;
      }
      if (soonest === place) return first;
      this.swap(place, soonest);
      place = soonest;
    }
  }

  private swap(i: number, j: number): void {
    const moved = at(this.heap, i);
    this.heap[i] = at(this.heap, j);
    this.heap[j] = moved;
  }
}
const isSooner = (a: Arrival, b: Arrival): boolean => a.when < b.when || (a.when === b.when && (a.town < b.town || (a.town === b.town && a.cell < b.cell)));

/** Where two cells of one town touch only by a corner, the corner would have four borders: one cell is given away. */
function separateCorners(owner: Int8Array, columns: number): void {
  for (let again = true, rounds = 0; again && rounds < 20; rounds++) {
    again = false;
    for (let cell = 0; cell + columns + 1 < owner.length; cell++) {
      const [a, b, c, d] = [owner[cell], owner[cell + 1], owner[cell + columns], owner[cell + columns + 1]];
      if ((a === d && b !== a && c !== a) || (b === c && a !== b && d !== b)) {
        owner[a === d ? cell : cell + 1] = (a === d ? b : a) ?? -1;
        again = true;
      }
    }
  }
}
