/** Standing water: lakes of the plain, reservoirs in the hill valleys, and wetlands; each with a shape that is not a circle. */
import { layeredNoise } from './chance.ts';
import type { Line, Point } from './plane.ts';

export interface Water {
  id: string;
  zh: string;
  en: string;
  centre: Point;
  /** Kilometres: about half its length and half its width. */
  size: readonly [number, number];
  /** Radians, anticlockwise from east: how its long side lies. */
  turn: number;
}

const water = (id: string, [zh, en]: readonly [string, string], [x, y, long, short, turn]: readonly [number, number, number, number, number]): Water => ({
  id,
  zh,
  en,
  centre: [x, y],
  size: [long, short],
  turn,
});

export const lakes: readonly Water[] = [
  water('jianyue', ['鉴月湖', 'Jianyue Lake'], [-10.5, -2.95, 1.05, 0.46, 0.25]),
  water('hehua', ['荷花漾', 'Hehua Lake'], [4.3, -4.35, 0.8, 0.36, -0.5]),
  water('', ['', ''], [-6.4, 1.9, 0.42, 0.16, 0.3]),
  water('', ['', ''], [-0.4, 4.6, 0.28, 0.15, 1.2]),
  water('', ['', ''], [9.0, -6.3, 0.45, 0.22, 0.9]),
  water('', ['', ''], [-13.1, 0.4, 0.25, 0.14, 0.1]),
  water('', ['', ''], [-11.4, 14.4, 0.9, 0.4, 2.4]),
  water('', ['', ''], [8.4, 15.6, 0.7, 0.35, 0.4]),
];

/** Ponds and creeks of the reclaimed shore, and the reed marshes by the hills' foot. */
export const wetlands: readonly Water[] = [
  water('shazhou', ['沙洲湿地', 'Shazhou Wetland'], [22.1, 8.3, 1.1, 0.5, 1.45]),
  water('chaoyin', ['潮音湿地', 'Chaoyin Wetland'], [19.9, 1.0, 0.8, 0.4, 1.1]),
  water('yancang', ['盐仓湿地', 'Yancang Wetland'], [15.9, 11.2, 0.8, 0.35, 0.7]),
  water('bailu', ['白鹭湿地', 'Bailu Wetland'], [-11.6, -7.5, 0.7, 0.4, 0.6]),
];

export const reservoirs: readonly Water[] = [
  water('yunmeng', ['云眠水库', 'Yunmian Reservoir'], [-13.4, -14.0, 0.85, 0.34, 2.3]),
  water('shitan', ['石潭水库', 'Shitan Reservoir'], [-13.2, -8.95, 0.55, 0.24, 2.75]),
  water('qingyu', ['青屿水库', 'Qingyu Reservoir'], [-6.75, -16.1, 0.95, 0.36, 1.95]),
  water('tanxia', ['檀下水库', 'Tanxia Reservoir'], [-3.9, -13.35, 0.6, 0.26, 2.15]),
  water('hengtang', ['横塘水库', 'Hengtang Reservoir'], [2.2, -16.2, 0.7, 0.28, 2.1]),
  water('songlan', ['松岚水库', 'Songlan Reservoir'], [-0.7, -11.7, 0.6, 0.24, 2.2]),
];

const ragged = layeredNoise('shores', 3);

/** The shore of a water as a closed ring, anticlockwise; `raggedness` 0 is an ellipse, 1 has arms. */
export function shoreOf({ centre, size, turn }: Water, raggedness = 0.5): Line {
  const ring: Point[] = [];
  const steps = 72;
  for (let step = 0; step < steps; step++) {
    const angle = (2 * Math.PI * step) / steps;
    const reach = 1 + raggedness * 0.85 * ragged(centre[0] * 3.1 + 1.9 * Math.cos(angle), centre[1] * 3.1 + 1.9 * Math.sin(angle));
    const [along, across] = [size[0] * reach * Math.cos(angle), size[1] * reach * Math.sin(angle)];
    ring.push([centre[0] + along * Math.cos(turn) - across * Math.sin(turn), centre[1] + along * Math.sin(turn) + across * Math.cos(turn)]);
  }
  return [...ring, ring[0] ?? centre];
}

/** Where a reservoir's dam stands: its downstream end. */
export const damOf = ({ centre, size, turn }: Water): Point => [centre[0] + size[0] * 0.95 * Math.cos(turn), centre[1] + size[0] * 0.95 * Math.sin(turn)];
