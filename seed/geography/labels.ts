/**
 * The map's names apart from the towns', as GeoJSON: the page must know every letter before it draws one. Waters and hills are
 * points (`turn`: degrees clockwise, along the river), roads are lines. `kind` says how a name is drawn, `from` at which zoom.
 */

import { type Line, lengthOf, type Point, toDegrees } from './plane.ts';
import type { Street } from './street-lines.ts';
import { lakes, reservoirs } from './waters.ts';
import { expressways, railways } from './ways.ts';

type Kind = 'river' | 'sea' | 'water' | 'hill' | 'road';
interface Label {
  zh: string;
  en: string;
  kind: Kind;
  from: number;
}

const points: readonly (Label & { point: Point; turn: number })[] = [
  { zh: '临江', en: 'Lin River', kind: 'river', from: 8, point: [4.3, 7.15], turn: -8 },
  { zh: '临江', en: 'Lin River', kind: 'river', from: 10, point: [-16.35, -3.1], turn: -74 },
  { zh: '临江', en: 'Lin River', kind: 'river', from: 11, point: [-7.0, 8.35], turn: -4 },
  { zh: '入海口', en: 'Estuary', kind: 'sea', from: 8, point: [24.6, 15.6], turn: -22 },
  { zh: '东湾', en: 'East Bay', kind: 'sea', from: 8, point: [30.5, 2], turn: 0 },
  { zh: '青屏山', en: 'Qingping Hills', kind: 'hill', from: 10, point: [-10.2, -13.2], turn: 0 },
  { zh: '横翠山', en: 'Hengcui Hills', kind: 'hill', from: 10, point: [4.2, -12.6], turn: 0 },
  { zh: '云眠山', en: 'Yunmian Hills', kind: 'hill', from: 10, point: [-15.2, -14.0], turn: 0 },
  ...[...lakes, ...reservoirs]
    .filter(({ zh }) => zh !== '')
    .map(({ zh, en, centre }): Label & { point: Point; turn: number } => ({ zh, en, kind: 'water', from: 11, point: centre, turn: 0 })),
];

/** Every third point is enough for a name to follow. */
const coarse = (line: Line): Line => line.filter((_, i) => i % 3 === 0 || i === line.length - 1);

function roads(streets: readonly Street[]): (Label & { line: Line })[] {
  const longest = new Map<string, Label & { line: Line }>();
  for (const { line, name, rank } of streets) {
    const known = name === undefined ? undefined : longest.get(name.zh);
    if (name === undefined || lengthOf(line) < Math.max(1.5, known === undefined ? 0 : lengthOf(known.line))) continue;
    longest.set(name.zh, { zh: name.zh, en: name.en, kind: 'road', from: rank === 2 ? 13 : 14, line });
  }
  return [...[...expressways, ...railways].map(({ zh, en, line }): Label & { line: Line } => ({ zh, en, kind: 'road', from: 12, line })), ...longest.values()];
}

export function labelsText(streets: readonly Street[]): string {
  const feature = ({ zh, en, kind, from }: Label, more: Record<string, number>, geometry: object): string =>
    JSON.stringify({ type: 'Feature', properties: { kind, from, name_zh: zh, name_en: en, ...more }, geometry });
  const features = [
    ...points.map((label) => feature(label, { turn: label.turn }, { type: 'Point', coordinates: toDegrees(label.point) })),
    ...roads(streets).map((label) => feature(label, {}, { type: 'LineString', coordinates: coarse(label.line).map(toDegrees) })),
  ];
  return `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`;
}
