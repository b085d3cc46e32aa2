/** Roads, rails and crossings, and everything that stands at a street corner: ponding sensors, manholes, hydrants, pressure points. */
import { chanceOf } from './chance.ts';
import { densityAt, heightAt, isInDistrict, outline, riverCentre } from './land.ts';
import { at, crossings, distance, type Line, lengthOf, nearestOn, type Point, pointAlong, stretches } from './plane.ts';
import { ashore, called, evenlyAlong, named, type Site, type Survey, spreadOver } from './siting.ts';
import { type Corner, corners, isBuildable, roadAt, roadSpacing, streetPoint } from './streets.ts';
import type { Name } from './toponyms.ts';
import { expressways, metroLines, railways, type Way } from './ways.ts';

const crossingsOfRoads = corners(0);
const halfBlocks = corners(0.5);

const atCorner = ({ road, street }: Corner): Name => ({ zh: `${road.zh}${street.zh}口`, en: `${road.en} & ${street.en}` });

/** Street ponding: dense quarters, low ground. */
export const pondSites = (survey: Survey): Site[] =>
  spreadOver(crossingsOfRoads, { count: 80, weight: ({ density, point }) => density ** 0.8 * (heightAt(point) < 9 ? 1 : 0.4), purpose: 'pond' }).map((corner) => ({
    point: nudged(corner.point, 0.03, 'pond'),
    name: survey.names.keep({ zh: `${atCorner(corner).zh}积水点`, en: `${atCorner(corner).en} Ponding` }),
  }));

/** A few metres beside the exact crossing: a different corner for each purpose. */
function nudged([x, y]: Point, km: number, purpose: string): Point {
  const angle = chanceOf(`corner of ${purpose}`)() * 2 * Math.PI;
  return [x + km * Math.cos(angle), y + km * Math.sin(angle)];
}

interface Purpose {
  purpose: string;
  count: number;
  zh: string;
  en: string;
}
/** Spread over half blocks of the built-up parts; numbered where one road has several. */
function onRoads(survey: Survey, { purpose, count, zh, en }: Purpose): Site[] {
  const chosen = spreadOver(halfBlocks, { count, weight: ({ density }) => 0.25 + density, purpose });
  return chosen.map(({ point, road, street }) => ({
    point: nudged(point, 0.07, purpose),
    name: survey.names.keep({ zh: `${road.zh}${street.zh}东${zh}`, en: `${road.en} east of ${street.en} ${en}` }),
  }));
}
export const manholeSites = (survey: Survey): Site[] => onRoads(survey, { purpose: 'manhole', count: 60, zh: '检查井', en: 'Manhole' });
export const hydrantSites = (survey: Survey): Site[] => onRoads(survey, { purpose: 'hydrant', count: 30, zh: '消火栓', en: 'Hydrant' });
export const pressureSites = (survey: Survey): Site[] => onRoads(survey, { purpose: 'pressure', count: 40, zh: '测压点', en: 'Pressure Point' });
export const noiseSites = (survey: Survey): Site[] => onRoads(survey, { purpose: 'noise', count: 36, zh: '噪声监测点', en: 'Noise Monitor' });

/** Named roads of the built-up parts, as lines. */
function namedRoads(): { name: Name; line: Line }[] {
  const lines = (direction: 'u' | 'v', from: number, to: number): { name: Name; line: Line }[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((line) => {
      const points = Array.from({ length: 480 }, (_, step) => {
        const along = -24 + step * 0.1;
        return direction === 'u' ? streetPoint(line * roadSpacing, along) : streetPoint(along, line * roadSpacing);
      });
      return stretches(points, (point) => densityAt(point) > 0.16 && isBuildable(point)).map((piece) => ({ name: roadAt(direction, line), line: piece }));
    });
  return [...lines('u', -27, 32), ...lines('v', -22, 16)];
}

/** Where a named road dives under a railway or an expressway. Deep ones close earlier. */
export function underpassSites(survey: Survey): Site[] {
  const above = [...railways, ...expressways];
  const candidates = namedRoads().flatMap(({ name, line }) =>
    above.flatMap((way) => crossings(line, way.line).map((point) => ({ point, name: { zh: `${name.zh}${way.zh}下穿`, en: `${name.en} under ${way.en}` }, way }))),
  );
  const unique = candidates.filter(({ name }, i) => candidates.findIndex((other) => other.name.zh === name.zh) === i);
  const chance = chanceOf('underpass limits');
  return spreadOver(unique, { count: 36, weight: ({ point, way }) => (0.2 + densityAt(point)) * (railways.includes(way) ? 1.6 : 1), purpose: 'underpass' }).map(
    ({ point, name }) => {
      const isDeep = chance() < 0.3;
      return {
        point,
        name: survey.names.keep(name),
        ...(isDeep ? { limits: ['blue=4', 'yellow=10', 'orange=20', 'red=27'].map((limit) => `underpass_depth_high:${limit}`) } : {}),
      };
    },
  );
}

/** 24 on expressways, 64 at main crossings (the first 24 of them on the busiest), 8 where expressways enter the district. */
export function roadSites(survey: Survey): Site[] {
  const fast = expressways.flatMap((way) =>
    stretches(way.line, isInDistrict).flatMap((line) => evenlyAlong(line, Math.max(1, Math.round(lengthOf(line) / 2))).map((point) => ({ point, way }))),
  );
  const onFast = spreadOver(fast, { count: 24, weight: ({ point }) => 0.4 + densityAt(point), purpose: 'road fast' });
  const counts = new Map<string, number>();
  const expressway = onFast.map(({ point, way }) => {
    const number = (counts.get(way.id) ?? 0) + 1;
    counts.set(way.id, number);
    return { point, name: survey.names.keep({ zh: `${way.zh} ${number} 号断面`, en: `${way.en} Section ${number}` }) };
  });
  const busy = spreadOver(
    crossingsOfRoads.filter(({ isMain }) => isMain),
    { count: 64, weight: ({ density }) => 0.1 + density, purpose: 'road main' },
  );
  const ranked = [...busy].sort((a, b) => b.density - a.density);
  const main = ranked.map((corner) => ({ point: nudged(corner.point, 0.05, 'road'), name: survey.names.keep(atCorner(corner)) }));
  return [...expressway, ...main, ...entrySites(survey)];
}

/** Weighing sections just inside the outline, clockwise from the north. */
function entrySites(survey: Survey): Site[] {
  const entries = expressways.flatMap((way) => crossings(way.line, outline).map((point) => ({ point: ashore(point), way })));
  const chosen = spreadOver(entries, { count: 8, weight: () => 1, purpose: 'road entry' });
  return chosen.map(({ point, way }, i) => ({
    point,
    name: survey.names.keep({ zh: `${way.zh}${at('一二三四五六七八'.split(''), i)}号治超点`, en: `${way.en} Weighing Point ${i + 1}` }),
  }));
}

/** Tunnels: two under the Lin, three through the southern hills, three under the old town. */
export function tunnelSites(survey: Survey): Site[] {
  const south = expressways.find(({ id }) => id === 'lin_south') ?? at(expressways, 0);
  const hills = stretches(south.line, (point) => isInDistrict(point) && point[1] < -9);
  const hillLine = at(hills, 0);
  const spots: Point[] = [
    ashore([-8.9, 7.4]),
    ashore([3.9, 5.8]),
    ...[0.15, 0.5, 0.85].map((share) => pointAlong(hillLine, lengthOf(hillLine) * share)),
    [-6.9, 3.0],
    [-3.7, 0.9],
    [-1.1, 2.6],
  ];
  return called(survey, spots, [
    ['望潮过江隧道', 'Wangchao River Tunnel'],
    ['东桥过江隧道', 'Dongqiao River Tunnel'],
    ['松坞隧道', 'Songwu Tunnel'],
    ['青岭一号隧道', 'Qingling Tunnel 1'],
    ['青岭二号隧道', 'Qingling Tunnel 2'],
    ['钟楼地下通道', 'Bell Tower Tunnel'],
    ['染坊地下通道', 'Ranfang Tunnel'],
    ['新河地下通道', 'Xinhe Tunnel'],
  ]);
}

/** Where expressways, railways and the metro cross the river, at the south abutment; then the largest canal bridges. */
export function bridgeSites(survey: Survey): Site[] {
  const over = [...expressways, ...railways, ...metroLines].flatMap((way) => crossings(way.line, riverCentre).map((point) => ({ way, point })));
  const river = over.filter(({ point }, i) => nearestOn(outline, point).distance < 4 && over.findIndex((other) => distance(other.point, point) < 0.3) === i).slice(0, 8);
  const seen = new Map<string, number>();
  const onRiver = river.map(({ way, point }) => {
    const number = (seen.get(way.id) ?? 0) + 1;
    seen.set(way.id, number);
    const [zh, en] = [`${way.zh}临江${number > 1 ? '二' : ''}大桥`, `${way.en} Lin Bridge${number > 1 ? ' 2' : ''}`];
    return { point: ashore(towardSouth(way, point)), name: survey.names.keep({ zh, en }) };
  });
  return [
    ...onRiver,
    ...named(
      survey,
      [
        [2.0, -0.4],
        [10.6, 1.4],
        [14.3, 5.4],
        [-8.6, -2.4],
      ]
        .slice(0, 10 - onRiver.length)
        .map(([x = 0, y = 0]) => [x, y] as const),
      { purpose: 'bridge', zh: '大桥', en: 'Bridge' },
    ),
  ];
}

/** The spot where the way that crosses the river at `point` first touches the district. */
function towardSouth({ line }: Way, point: Point): Point {
  const touching = crossings(line, outline);
  return touching.sort((a, b) => distance(a, point) - distance(b, point))[0] ?? point;
}

const metroNames: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  line_1: [
    ['江口', 'Jiangkou'],
    ['采菱桥', 'Cailingqiao'],
    ['文澜', 'Wenlan'],
    ['鼓楼', 'Gulou'],
    ['东城门', 'Dongchengmen'],
    ['东桥', 'Dongqiao'],
    ['空港西', 'Konggang West'],
    ['航站楼', 'Airport Terminal'],
    ['盐仓', 'Yancang'],
    ['沙洲', 'Shazhou'],
  ],
  line_2: [
    ['望潮', 'Wangchao'],
    ['染坊弄', 'Ranfangnong'],
    ['鼓楼', 'Gulou'],
    ['枕水桥', 'Zhenshuiqiao'],
    ['临江枢纽', 'Linjiang Hub'],
    ['稻香', 'Daoxiang'],
    ['桑陌', 'Sangmo'],
    ['桑园', 'Sangyuan'],
  ],
  line_3: [
    ['柳浦', 'Liupu'],
    ['蒲荡', 'Pudang'],
    ['竹亭桥', 'Zhutingqiao'],
    ['南塘', 'Nantang'],
    ['临江枢纽', 'Linjiang Hub'],
    ['橘园', 'Juyuan'],
    ['梅渚', 'Meizhu'],
    ['围垦', 'Weiken'],
    ['潮音', 'Chaoyin'],
  ],
  line_4: [
    ['白鹭', 'Bailu'],
    ['鉴月湖', 'Jianyue Lake'],
    ['竹亭桥', 'Zhutingqiao'],
    ['书院弄', 'Shuyuannong'],
    ['鼓楼', 'Gulou'],
    ['钟楼巷', 'Zhonglouxiang'],
    ['北渡', 'Beidu'],
  ],
};
const interchanges: Readonly<Record<string, Point>> = { 鼓楼: [-5.4, 3.4], 临江枢纽: [-0.6, -0.7], 竹亭桥: [-7.8, -0.6] };

/** Line by line; an interchange belongs to the first line that calls there. */
export function metroSites(survey: Survey): Site[] {
  const placed = new Set<string>();
  return metroLines.flatMap(({ id, zh, en, line }) => {
    const stops = metroNames[id] ?? [];
    const inside = stretches(line, isInDistrict)[0] ?? line;
    return stopsAlong(
      inside,
      stops.map(([name]) => interchanges[name]),
    ).flatMap((point, i) => {
      const [stop, stopEn] = at(stops, i);
      if (placed.has(stop)) return [];
      placed.add(stop);
      return [{ point: ashore(point), name: survey.names.keep({ zh: `${stop}站（${zh}）`, en: `${stopEn} Station (${en})` }) }];
    });
  });
}

/** A point for each stop: given ones where they are, the others evenly between them and the line's ends. */
function stopsAlong(line: Line, fixed: readonly (Point | undefined)[]): Point[] {
  const length = lengthOf(line);
  const anchors = fixed.flatMap((point, i) => (point === undefined ? [] : [{ i, along: nearestOn(line, point).along }]));
  if (anchors[0]?.i !== 0) anchors.unshift({ i: 0, along: 0.1 });
  if (at(anchors, -1).i !== fixed.length - 1) anchors.push({ i: fixed.length - 1, along: length - 0.1 });
  return fixed.map((_, i) => {
    const after = anchors.find((anchor) => anchor.i >= i) ?? at(anchors, -1);
    const before = [...anchors].reverse().find((anchor) => anchor.i <= i) ?? at(anchors, 0);
    const share = after.i === before.i ? 0 : (i - before.i) / (after.i - before.i);
    return pointAlong(line, before.along + (after.along - before.along) * share);
  });
}

export const hubSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [-0.52, -0.86],
      [8.02, 3.98],
      [-11.9, -3.3],
      [17.9, 8.6],
    ],
    [
      ['临江枢纽（铁路）', 'Linjiang Rail Hub'],
      ['机场交通中心', 'Airport Transport Centre'],
      ['柳浦客运中心', 'Liupu Coach Station'],
      ['沙洲客运中心', 'Shazhou Coach Station'],
    ],
  );
export const airportSites = (survey: Survey): Site[] => called(survey, [[7.75, 3.3]], [['临江机场', 'Linjiang Airport']]);
