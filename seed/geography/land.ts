/**
 * The lie of the land: the river Lin from the south-west corner to its tidal mouth in the north-east, the coast, hills in the
 * south, and where people live. Everything else (towns, ways, stations, the map) is placed on this. Kilometres and metres.
 */
import { layeredNoise } from './chance.ts';
import { at, beside, distance, drawn, insideTest, type Line, nearestOn, type Point, smoothStep, spline } from './plane.ts';

/** What the basemap covers, in km: as far as a wide, tilted screen sees past the city's bounds. */
export const extent = { west: -52, south: -52, east: 66, north: 52 };

const riverControls: Line = drawn(
  '-60,-37 -46,-29.5 -36,-23.6 -30,-20.4 -26.4,-17.1 -23.1,-14.9 -20.5,-12.3 -18.5,-9.5 -17.2,-6.9 -16.6,-4.3 -15.8,-1.7 -15.5,0.9 -14.0,3.7 -12.2,6.1 -9.7,7.7 -6.9,8.4 -4.0,8.2 -1.4,7.4 0.7,6.7 2.8,6.4 5.1,6.8 7.4,7.9 9.9,9.6 12.4,11.6 15.0,13.6 17.8,15.5 21.0,17.2',
);
const bankRoughness = layeredNoise('bank', 4);

/** The middle of the river, upstream to the mouth, a point every 150 m. */
export const riverCentre: Line = spline(riverControls, 0.15);

/** Half the river's width at a point of its middle: 280 m among the hills, a funnel of kilometres at the mouth. */
function halfWidth([x, y]: Point): number {
  const inHills = 0.26 + 0.2 * smoothStep(-20, -9, y + 0.2 * x);
  return inHills + 0.3 * smoothStep(-10, 4, x) + 0.9 * smoothStep(4, 13, x) + 1.6 * smoothStep(11, 21, x);
}

const bank = (side: 1 | -1): Point[] =>
  beside(riverCentre, (i) => {
    const point = at(riverCentre, i);
    return side * (halfWidth(point) + 0.09 * bankRoughness(point[0] * 0.9 + side * 40, point[1] * 0.9));
  });

/** Shores from the mouth outward, as they were drawn by hand; reclaimed land has straight dikes, so little is added. */
const eastCoast: Line = drawn(
  '22.6,12.9 23.7,12.2 23.4,10.9 23.6,9.1 23.9,7.4 23.2,5.3 22.1,3.4 21.5,1.6 20.9,-0.2 20.6,-1.8 21.1,-3.5 22.9,-5.2 26.0,-7.2 30.5,-9.2 37.0,-11.8 46.0,-16.5 62.0,-24.0',
);
const northCoast: Line = drawn('22.0,20.6 26.0,22.2 31.0,24.6 38.0,28.5 46.0,34.5 62.0,46.0');
const shore = (controls: Line): Point[] => {
  const line = spline(controls, 0.15);
  return beside(line, (i) => (i === 0 ? 0 : 0.07 * bankRoughness(at(line, i)[0] * 1.1 + 80, at(line, i)[1] * 1.1)));
};

/** The south bank from upstream to the mouth, then the coast to the south-east: the district's wet border is a piece of it. */
export const southShore: Line = [...bank(1).filter((_, i) => at(riverCentre, i)[0] < 20.4), ...shore(eastCoast)];
const northShore: Line = [...bank(-1), ...shore(northCoast)];

/** River and sea as one ring, so that the map shows no seam at the mouth. */
export const tidalWater: Line = [...southShore, [72, -28], [72, 58], ...[...northShore].reverse(), at(southShore, 0)];

/** Where on the river's middle (km) it enters the district. */
export const riverStart = nearestOn(riverCentre, [-18.9, -11.6]).along;

/** Where the dry border leaves the coast, around the hills, back to the river. */
const dryControls: Line = drawn(
  '20.6,-1.8 18.6,-2.6 17.3,-3.7 15.6,-4.4 14.8,-6.2 13.9,-8.3 11.7,-9.6 9.5,-9.9 8.1,-10.8 7.9,-12.6 6.6,-14.5 5.0,-15.9 2.8,-17.1 0.6,-18.4 -2.0,-18.9 -4.6,-19.2 -6.6,-18.1 -8.6,-16.7 -11.0,-16.1 -13.4,-15.9 -15.6,-14.6 -17.4,-13.5 -19.3,-12.4',
);
const borderRoughness = layeredNoise('border', 4);

/** The district's outline, anticlockwise and closed: shore, then the dry border. */
export const outline: Line = (() => {
  const dry = spline(dryControls, 0.15);
  const wavy = beside(dry, (i) => 0.45 * Math.sin((Math.PI * i) / (dry.length - 1)) ** 0.3 * borderRoughness(at(dry, i)[0] * 0.55, at(dry, i)[1] * 0.55));
  const [from, to] = [nearestIndex(southShore, at(wavy, -1)), nearestIndex(southShore, at(wavy, 0))];
  const wet = southShore.slice(from, to + 1);
  const ring = [...wet, ...wavy.filter((point) => distance(point, at(wet, 0)) > 0.15 && distance(point, at(wet, -1)) > 0.15)];
  return [...ring, at(ring, 0)].reverse();
})();

function nearestIndex(line: Line, point: Point): number {
  let best = 0;
  for (const [i, candidate] of line.entries()) if (distance(candidate, point) < distance(at(line, best), point)) best = i;
  return best;
}

export const isInDistrict = insideTest(outline);
export const isTidal = insideTest(tidalWater);

// ---- hills ----------------------------------------------------------------------------------------------------------------
/** Valleys that carry a stream from the hills to the plain; reservoirs lie in them. */
export const valleys: readonly { id: string; zh: string; en: string; line: Line }[] = (
  [
    ['yun', '云溪', 'Yun Creek', drawn('-11.6,-15.9 -12.9,-14.6 -13.9,-13.4 -13.6,-12.1 -14.6,-10.9 -15.8,-10.2 -17.4,-9.8')],
    ['shi', '石埭溪', 'Shidai Creek', drawn('-12.2,-9.3 -13.6,-8.8 -14.7,-8.1 -15.6,-7.2 -16.5,-6.4')],
    ['qing', '青岭溪', 'Qingling Creek', drawn('-5.4,-18.2 -6.4,-16.9 -7.0,-15.4 -7.2,-13.9 -8.2,-12.5 -8.8,-10.9 -9.4,-9.0')],
    ['tan', '檀溪', 'Tan Creek', drawn('-2.4,-15.4 -3.6,-13.9 -4.5,-12.3 -4.7,-10.9 -4.4,-9.8')],
    ['heng', '横山溪', 'Hengshan Creek', drawn('2.6,-16.9 1.9,-15.8 1.1,-14.6 1.5,-13.2 2.6,-12.2 3.2,-11.0')],
    ['song', '松坞溪', 'Songwu Creek', drawn('0.0,-12.6 -0.9,-11.4 -1.9,-10.2 -2.5,-9.0 -3.0,-7.4')],
    ['outer-south', '', '', drawn('-22,-40 -18,-33 -20,-26 -23,-20 -24,-15.4')],
    ['outer-east', '', '', drawn('16,-34 15,-27 18,-20 22,-14 26,-8')],
  ] as const
).map(([id, zh, en, controls]) => ({ id, zh, en, line: spline(controls, 0.12) }));

const ridges = layeredNoise('ridges', 5);
const swell = layeredNoise('swell', 3);
/** Single hills on the plain: x, y, radius (km), height (m). */
const knolls = [
  [-13.4, -4.6, 0.8, 130],
  [-6.6, -4.6, 0.55, 75],
  [4.2, -5.9, 0.7, 95],
  [10.4, -5.2, 0.6, 85],
  [-12.1, -3.8, 0.45, 60],
  [17.4, 7.6, 0.4, 55],
  [-20, 4, 1.8, 190],
  [-24, -3, 2.4, 240],
  [-30, 8, 3, 260],
  [-16, 13.5, 1.3, 150],
  [-38, -8, 5, 330],
  [14, 24, 2, 160],
] as const;

/** Metres above the sea: the plain is a few metres, the hills in the south rise to five hundred. */
export function heightAt(point: Point): number {
  const [x, y] = point;
  const bent = [x + 1.1 * swell(x * 0.16, y * 0.16), y + 1.1 * swell(x * 0.16 + 9, y * 0.16 - 4)] as const;
  const inland = smoothStep(-6.4, -17.5, y + 0.16 * Math.max(0, x - 3) - 0.1 * x + 1.7 * swell(x * 0.2 - 7, y * 0.2));
  const ridged = 1 - Math.abs(ridges(bent[0] * 0.2, bent[1] * 0.2)) * 1.7;
  let height = 4 + inland * (110 + 410 * Math.max(0, ridged));
  for (const [kx, ky, radius, top] of knolls) {
    const plain = distance(point, [kx, ky]);
    if (plain > radius * 3.4) continue;
    const away = plain / (radius * (1 + 0.25 * swell(x * 1.3, y * 1.3)));
    if (away < 2.4) height += top * Math.exp(-away * away);
  }
  return 3 + (height - 3) * valleyFactor(point);
}

const valleyBoxes = new Map(
  valleys.map(({ line }) => [
    line,
    { west: Math.min(...line.map(([x]) => x)), east: Math.max(...line.map(([x]) => x)), south: Math.min(...line.map(([, y]) => y)), north: Math.max(...line.map(([, y]) => y)) },
  ]),
);
/** More than 4 km outside the box around a valley: no valley reaches that far. */
function isFarFrom(line: Line, [x, y]: Point): boolean {
  const box = valleyBoxes.get(line);
  return box === undefined || x < box.west - 4 || x > box.east + 4 || y < box.south - 4 || y > box.north + 4;
}

/** 0.12 at the bottom of a valley, 1 away from it; near the river the hills step back too. */
function valleyFactor(point: Point): number {
  let factor = 1;
  for (const { line } of valleys) {
    if (isFarFrom(line, point)) continue;
    const { distance: away, along } = nearestOn(line, point);
    const width = 0.28 + 0.09 * along;
    factor = Math.min(factor, 1 - 0.9 * Math.exp(-((away / width) ** 2)));
  }
  return factor;
}

// ---- people ---------------------------------------------------------------------------------------------------------------
/** Built-up places: x, y, radius (km), how dense their middle is (0–1). */
const settlements = [
  [-4.6, 3.4, 5.2, 1],
  [-8.6, 0.8, 4.6, 0.94],
  [0.2, 2.6, 4.2, 0.96],
  [-12.4, 1.2, 3.2, 0.86],
  [-5.4, -1.9, 3.6, 0.88],
  [-12.4, -2.2, 2.2, 0.74],
  [6.4, -0.2, 2.9, 0.76],
  [1.6, -3.9, 2.9, 0.76],
  [-9.6, -6.3, 2.3, 0.68],
  [5.6, 4.4, 2.2, 0.66],
  [12.9, -0.8, 2.7, 0.68],
  [12.6, 6.5, 1.9, 0.58],
  [18.9, 9.3, 1.7, 0.52],
  [18.4, 3.1, 1.8, 0.54],
  [7.4, -7.3, 1.8, 0.56],
  [-3.2, -8.1, 1.4, 0.52],
  [0.9, -13.9, 0.9, 0.44],
  [-7.4, -13.7, 0.9, 0.44],
  [-14.2, -11.9, 0.95, 0.46],
  [-15.3, -7.5, 1.15, 0.48],
  [-7, 13.6, 5, 0.6],
  [3.4, 12.2, 3.2, 0.5],
  [-17.8, 8, 2.4, 0.46],
  [-21, -3.4, 1.6, 0.42],
  [12.6, -14.4, 2.2, 0.46],
  [26, -12, 2.4, 0.44],
  [-24, 18, 3.4, 0.5],
  [18, 23, 2.6, 0.46],
  [-27, -13, 1.6, 0.4],
  [2, 24, 3, 0.44],
] as const;
const patchwork = layeredNoise('patchwork', 3);

/** How densely built it is around a point, 0 to 1. */
export function densityAt([x, y]: Point): number {
  let most = 0;
  for (const [sx, sy, radius, dense] of settlements) {
    const square = ((x - sx) ** 2 + (y - sy) ** 2) / (radius * radius);
    if (square < 6) most = Math.max(most, dense * Math.exp(-square));
  }
  return most * (1 + 0.28 * patchwork(x * 0.55, y * 0.55));
}
