/**
 * The ways that everything else hangs on: expressways, railways, metro lines and canals, each drawn by hand as a few points and
 * smoothed. Streets come from the basemap's own grid; stations that stand "on a road" stand on these or on the named roads.
 */
import { layeredNoise } from './chance.ts';
import { isTidal } from './land.ts';
import { at, beside, closedSpline, drawn, type Line, type Point, spline, stretches } from './plane.ts';

export interface Way {
  id: string;
  zh: string;
  en: string;
  line: Line;
}
const way = (id: string, [zh, en]: readonly [string, string], controls: Line): Way => ({ id, zh, en, line: spline(controls, 0.12) });

/** Expressways and rings (class 1 of the map). */
export const expressways: readonly Way[] = [
  {
    id: 'outer_ring',
    zh: '绕城高速',
    en: 'Ring Expressway',
    line: closedSpline(drawn('-17.6,0.6 -15.6,7.4 -10.6,12.2 -3.4,13.6 4.2,12.6 9.4,8.6 11.0,3.6 10.4,-1.8 7.4,-5.2 1.4,-6.9 -5.2,-6.6 -11.2,-5.5 -15.8,-3.6'), 0.12),
  },
  {
    id: 'inner_ring',
    zh: '环城快速路',
    en: 'Inner Ring Road',
    line: closedSpline(drawn('-10.9,2.0 -9.8,4.6 -6.9,6.0 -2.6,5.7 1.6,5.2 3.2,2.4 2.6,-0.9 -0.8,-2.5 -5.0,-3.1 -8.8,-2.2 -10.8,-0.2'), 0.12),
  },
  way(
    'lin_east',
    ['临东高速', 'Lin East Expressway'],
    drawn('-60,8 -46,4 -32,-0.6 -22,-3.4 -15.8,-3.6 -9.6,-4.6 -3.4,-4.2 3.4,-2.9 10.2,-3.0 15.4,-5.2 20.4,-9.2 30,-15 58,-30 72,-37'),
  ),
  way('lin_south', ['临南高速', 'Lin South Expressway'], drawn('-14,56 -12,40 -8.4,24 -5.9,14 -5.2,8.4 -5.4,3.2 -5.8,-3.0 -5.2,-7.2 -5.9,-12.8 -4.2,-19.5 -6.2,-30 -5,-48 -5,-60')),
  way('coast_road', ['海塘快速路', 'Seawall Expressway'], drawn('3.2,2.4 5.4,1.75 8.2,1.7 11.0,3.1 14.6,5.6 17.4,7.2 20.0,8.1')),
  way('east_coast', ['滨海大道', 'Binhai Avenue'], drawn('19.6,11.6 20.2,8.1 20.9,5.4 20.3,2.6 19.4,-0.6 17.0,-2.9 15.4,-5.2 12.2,-8.4 11.6,-14 14,-22 12,-48 12,-60')),
  way('mouth_bridge', ['江海大桥连接线', 'Estuary Bridge Road'], drawn('14.6,5.6 13.4,9.4 11.8,13.6 12.8,20 17,28 18,40 18,56')),
];

/** Railways: the old line from the south-west and the fast line from the north; both meet at the hub. */
export const railways: readonly Way[] = [
  way(
    'old_line',
    ['临海铁路', 'Linhai Railway'],
    drawn('-60,-28 -46,-21.5 -31,-14.4 -24.4,-11.2 -18.0,-7.9 -12.6,-5.1 -6.4,-2.4 -0.6,-0.7 5.2,-1.2 9.8,-3.7 13.8,-7.0 20,-11.4 34,-18.5 58,-28 72,-34'),
  ),
  way('fast_line', ['沿江高铁', 'Riverside High-speed Railway'], drawn('-5,56 -4,40 -2.6,22 -1.4,12 -0.9,5.6 -0.6,-0.7 0.6,-5.4 3.6,-10.8 5.6,-16.6 7.4,-28 7,-48 7,-60')),
];

/** The airport's runways, as stretches from end to end. */
export const runways: readonly Line[] = [
  [
    [6.5, 2.95],
    [9.65, 4.35],
  ],
  [
    [6.95, 2.2],
    [9.9, 3.5],
  ],
];

/** Metro lines 1 to 4. */
export const metroLines: readonly Way[] = [
  way('line_1', ['1 号线', 'Line 1'], drawn('-13.6,1.6 -11.4,2.6 -8.6,2.4 -5.4,3.4 -2.4,3.3 0.6,3.4 3.6,4.3 6.3,4.0 8.2,4.6 11.0,5.6 13.2,6.5 16.2,8.0 18.9,9.4')),
  way('line_2', ['2 号线', 'Line 2'], drawn('-8.4,6.6 -7.0,5.2 -5.4,3.4 -3.4,1.6 -0.6,-0.7 0.9,-2.6 1.9,-4.4 4.4,-6.2 7.3,-7.3')),
  way('line_3', ['3 号线', 'Line 3'], drawn('-13.4,-2.2 -10.6,-1.2 -7.8,-0.6 -5.2,-1.6 -2.6,-1.4 -0.6,-0.7 3.2,-0.2 6.4,-0.3 9.8,-1.1 13.1,-0.9 16.0,0.8 18.3,2.8')),
  way('line_4', ['4 号线', 'Line 4'], drawn('-9.7,-6.6 -8.7,-3.6 -7.8,-0.6 -7.6,1.8 -5.4,3.4 -3.0,5.0 -0.4,6.0 2.2,9.4 3.4,12.4')),
];

// ---- canals ---------------------------------------------------------------------------------------------------------------
const meander = layeredNoise('meander', 3);
type CanalRow = readonly [id: string, zh: string, en: string, controls: Line];
/** Each from its upstream end (the hills, the polder's far side) down to the river or the sea. */
const canalRows: readonly CanalRow[] = [
  ['guan', '官河', 'Guan Canal', drawn('-14.9,-1.3 -12.0,-0.7 -8.5,0.2 -4.9,-0.5 -1.3,-1.5 2.1,-1.7 6.3,-2.4 10.2,-2.1 13.9,-2.4 17.3,-1.2 21.4,-0.2')],
  ['tangjiao', '塘脚河', 'Tangjiao Canal', drawn('-13.5,3.1 -11.4,4.2 -9.0,4.9 -5.8,5.5 -2.2,5.0 1.6,4.4 5.0,5.1 8.3,6.2 11.0,7.6 14.4,9.2 17.6,10.8 20.6,12.4 21.3,14.2')],
  ['daoxiang', '稻香渠', 'Daoxiang Canal', drawn('-14.6,1.9 -11.4,1.5 -8.3,2.3 -3.5,2.2 1.5,1.4 5.9,1.2 10.7,1.4 14.3,3.0 17.4,4.6 20.6,5.4 24.2,5.9')],
  ['wangchao', '望潮港', 'Wangchao Creek', drawn('-9.4,-9.0 -9.6,-6.3 -8.8,-3.2 -8.4,0.2 -8.4,2.4 -7.9,5.0 -8.2,8.0')],
  ['gulou', '鼓楼港', 'Gulou Creek', drawn('-4.4,-9.8 -3.0,-7.3 -2.5,-4.2 -3.2,-0.8 -3.5,2.3 -3.2,5.2 -3.6,8.2')],
  ['dongqiao', '东桥港', 'Dongqiao Creek', drawn('3.2,-11.0 3.5,-7.7 2.6,-4.6 2.1,-1.6 1.4,1.5 1.7,4.4 1.4,6.8')],
  ['meizhu', '梅渚港', 'Meizhu Creek', drawn('7.9,-9.0 7.3,-5.7 6.3,-2.3 6.0,1.1 5.0,3.9 5.3,5.4 5.9,7.6')],
  ['weiken', '围垦直河', 'Weiken Straight Canal', drawn('12.6,-8.7 11.5,-5.6 10.6,-2.1 10.7,1.4 11.2,4.6 11.0,7.6 10.3,10.6')],
  ['yancang', '盐仓直河', 'Yancang Straight Canal', drawn('13.9,-2.4 14.3,3.2 14.5,8.0 14.4,9.2 13.9,13.4')],
  ['chaoyin', '潮音直河', 'Chaoyin Straight Canal', drawn('17.2,-1.2 17.0,1.2 17.4,4.6 17.9,8.0 17.6,10.8 17.2,15')],
];

/** The canals, each cut where it meets tidal water. */
export const canals: readonly Way[] = canalRows.map(([id, zh, en, controls]) => {
  const line = spline(controls, 0.1);
  // Polder canals in the east were dug straight; older ones wander.
  const wander = (point: Point): number => (point[0] > 9 ? 0.05 : 0.22) * meander(point[0] * 0.5 + id.length * 13, point[1] * 0.5);
  const wandering = beside(line, (i) => wander(at(line, i)));
  const longest = stretches(wandering, (point) => !isTidal(point)).sort((a, b) => b.length - a.length)[0];
  return { id, zh, en, line: longest ?? wandering };
});
