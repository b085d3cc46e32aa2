/** Water: gauges along the river and the canals, reservoirs, tide, rain, pumps, and what watches waters for other reasons. */
import { chanceOf } from './chance.ts';
import { densityAt, heightAt, outline, riverCentre, southShore, valleys } from './land.ts';
import { at, crossings, type Line, lengthOf, nearestOn, type Point, pointAlong } from './plane.ts';
import { ashore, called, evenlyAlong, named, type Site, type Survey, scattered, spreadOver } from './siting.ts';
import { damOf, lakes, reservoirs, shoreOf, wetlands } from './waters.ts';
import { canals } from './ways.ts';

const riverNames = [
  ['石门水文站', 'Shimen Gauge'],
  ['云溪口水文站', 'Yunxikou Gauge'],
  ['下坞渡水位站', 'Xiawudu Gauge'],
  ['石埭渡水位站', 'Shidaidu Gauge'],
  ['乌石矶水位站', 'Wushiji Gauge'],
  ['鹭湾水位站', 'Luwan Gauge'],
  ['柳浦水位站', 'Liupu Gauge'],
  ['西浦渡水位站', 'Xipudu Gauge'],
  ['江口水文站', 'Jiangkou Gauge'],
  ['沈家埠水位站', 'Shenjiabu Gauge'],
  ['望潮水位站', 'Wangchao Gauge'],
  ['钓月台水位站', 'Diaoyuetai Gauge'],
  ['城关水文站', 'Chengguan Gauge'],
  ['鼓楼渡水位站', 'Guloudu Gauge'],
  ['东桥水位站', 'Dongqiao Gauge'],
  ['五里墩水位站', 'Wulidun Gauge'],
  ['雁落滩水位站', 'Yanluotan Gauge'],
  ['空港北水位站', 'Konggang North Gauge'],
  ['盐仓水文站', 'Yancang Gauge'],
  ['六灶水位站', 'Liuzao Gauge'],
  ['海塘头水位站', 'Haitangtou Gauge'],
  ['沙洲水位站', 'Shazhou Gauge'],
  ['尖嘴水位站', 'Jianzui Gauge'],
  ['潮闸水文站', 'Chaozha Gauge'],
] as const;

/** The district's piece of the south bank, upstream to the mouth. */
export const districtBank: Line = (() => {
  const onOutline = southShore.filter((point) => nearestOn(outline, point).distance < 1e-6);
  const mouth = onOutline.findIndex(([x]) => x > 22.4);
  return onOutline.slice(0, mouth);
})();

const levels = (rule: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).map(([level, value]) => `${rule}:${level}=${Math.round(value * 100) / 100}`);

/** From the hills to the mouth. Up the river a flood comes fast and stands high above the warning level before the banks give way. */
export function riverSites(survey: Survey): Site[] {
  const chance = chanceOf('river limits');
  const points = evenlyAlong(districtBank, riverNames.length).map(ashore);
  return called(survey, points, riverNames).map((site, i) => {
    const up = 1 - i / (riverNames.length - 1);
    const red = 0.45 + 0.75 * up + 0.12 * (chance() - 0.5);
    return { ...site, limits: levels('river_level_over_warning_high', { blue: -(0.25 + 0.3 * up), yellow: 0, orange: red * 0.55, red }) };
  });
}

/** Two on each canal, from its upper end down. Canals have little freeboard. */
export function canalSites(survey: Survey): Site[] {
  const chance = chanceOf('canal limits');
  return canals.flatMap(({ zh, en, line }) => {
    const points = [pointAlong(line, lengthOf(line) * 0.22), pointAlong(line, lengthOf(line) * 0.76)].map(ashore);
    return called(survey, points, [
      [`${zh}上段水位站`, `${en} Upper Gauge`],
      [`${zh}下段水位站`, `${en} Lower Gauge`],
    ]).map((site, i) => {
      const red = 0.38 + (i === 0 ? 0.14 : 0) + 0.1 * chance();
      return { ...site, limits: levels('river_level_over_warning_high', { blue: -0.25, yellow: 0, orange: red * 0.52, red }) };
    });
  });
}

export function reservoirSites(survey: Survey): Site[] {
  const chance = chanceOf('reservoir limits');
  return called(
    survey,
    reservoirs.map(damOf),
    reservoirs.map(({ zh, en }) => [zh, en] as const),
  ).map((site) => {
    const red = 0.8 + 0.7 * chance();
    return { ...site, limits: levels('reservoir_level_over_limit_high', { blue: 0, yellow: red * 0.3, orange: red * 0.6, red }) };
  });
}

export const tideSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [17.9, 12.6],
      [21.9, 13.0],
      [23.6, 8.2],
    ].map(([x = 0, y = 0]) => ashore([x, y])),
    [
      ['盐仓潮位站', 'Yancang Tide Gauge'],
      ['入海口潮位站', 'River Mouth Tide Gauge'],
      ['沙洲外海潮位站', 'Shazhou Outer Tide Gauge'],
    ],
  );

/** Hill catchments: two thirds up each valley, then the two largest once more at their heads. */
export function catchmentSites(survey: Survey): Site[] {
  const inner = valleys.filter(({ zh }) => zh !== '');
  const spots = [...inner.map((valley) => ({ ...valley, share: 0.42 })), ...inner.filter(({ id }) => id === 'yun' || id === 'qing').map((valley) => ({ ...valley, share: 0.08 }))];
  return spots.map(({ zh, en, line, share }) => ({
    point: ashore(pointAlong(line, lengthOf(line) * share)),
    name: survey.names.keep(share > 0.2 ? { zh: `${zh}小流域`, en: `${en} Catchment` } : { zh: `${zh}源头小流域`, en: `${en} Head Catchment` }),
  }));
}

export const rainSites = (survey: Survey): Site[] =>
  named(
    survey,
    scattered('rain', 44, (point) => 0.5 + 0.3 * densityAt(point) + Math.min(0.3, heightAt(point) / 600)),
    { purpose: 'rain', zh: '雨量站', en: 'Rain Gauge' },
  );

/** Drainage pumps stand where water must be lifted: at the canals' mouths, where canals meet, and along those of the low east. */
export function pumpSites(survey: Survey): Site[] {
  const mouths = canals.map(({ line }) => ({ point: pointAlong(line, lengthOf(line) - 0.25), worth: 1 }));
  const meetings = canals.flatMap(({ line }, i) =>
    canals.slice(i + 1).flatMap((other) => crossings(line, other.line).map(([x, y]) => ({ point: [x + 0.09, y + 0.07] as Point, worth: 0.8 }))),
  );
  const along = canals.flatMap(({ line }) => evenlyAlong(line, 9).map((point) => ({ point, worth: 0.45 + 0.3 * Math.min(1, Math.max(0, point[0] / 14)) })));
  const chosen = spreadOver([...mouths.map((m) => ({ ...m, point: ashore(m.point) })), ...meetings, ...along], { count: 36, weight: ({ worth }) => worth, purpose: 'pump' });
  return named(
    survey,
    chosen.map(({ point }) => point),
    { purpose: 'pump', zh: '排涝泵站', en: 'Pump Station' },
  );
}

/** Sections where water is sampled: six on the river, the others on canals above their mouths and on creeks. */
export function waterQualitySites(survey: Survey): Site[] {
  const river = evenlyAlong(districtBank, 6).map((point) => ashore([point[0] + 0.11, point[1] - 0.08]));
  const canal = canals.map(({ line }) => ashore(pointAlong(line, lengthOf(line) * 0.93)));
  const creeks = valleys
    .filter(({ zh }) => zh !== '')
    .slice(0, 4)
    .map(({ line }) => ashore(pointAlong(line, lengthOf(line) * 0.8)));
  return [
    ...named(survey, river, { purpose: 'river sections', zh: '断面（临江）', en: 'Section (Lin)' }),
    ...canals.map(({ zh, en }, i) => ({ point: at(canal, i), name: survey.names.keep({ zh: `${zh}断面`, en: `${en} Section` }) })),
    ...valleys
      .filter(({ zh }) => zh !== '')
      .slice(0, 4)
      .map(({ zh, en }, i) => ({ point: at(creeks, i), name: survey.names.keep({ zh: `${zh}断面`, en: `${en} Section` }) })),
  ];
}

export const lakeSites = (survey: Survey): Site[] =>
  lakes
    .filter(({ zh }) => zh !== '')
    .map((lake) => ({ point: at(shoreOf(lake, 0.5), 20), name: survey.names.keep({ zh: `${lake.zh}蓝藻监测点`, en: `${lake.en} Algae Monitor` }) }));

export const wetlandSites = (survey: Survey): Site[] =>
  wetlands.map((wetland) => ({ point: ashore(wetland.centre), name: survey.names.keep({ zh: `${wetland.zh}水位站`, en: `${wetland.en} Gauge` }) }));

/** On the shore, each looking over a reach of the river or the sea. */
export const waterwaySites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [-16.0, -4.6],
      [-12.4, 5.0],
      [1.6, 6.0],
      [12.2, 10.2],
      [21.3, 13.4],
      [23.4, 6.9],
    ].map(([x = 0, y = 0]) => ashore(nearestOn(outline, [x, y]).point)),
    [
      ['石埭水域', 'Shidai Reach'],
      ['江口水域', 'Jiangkou Reach'],
      ['东桥水域', 'Dongqiao Reach'],
      ['盐仓水域', 'Yancang Reach'],
      ['入海口水域', 'River Mouth Waters'],
      ['沙洲外海水域', 'Shazhou Offshore Waters'],
    ],
  );

/** Ship locks at the mouths of the two canals that carry barges. */
export const lockSites = (survey: Survey): Site[] =>
  ['dongqiao', 'weiken'].map((id) => {
    const canal = canals.find((candidate) => candidate.id === id) ?? at(canals, 0);
    const mouth = at(canal.line, -1);
    return { point: ashore([mouth[0] + 0.12, mouth[1] - 0.3]), name: survey.names.keep({ zh: `${canal.zh}船闸`, en: `${canal.en} Lock` }) };
  });

/** How far below the district's upper end a point of the river lies, in km along its middle. */
export const riverKm = (point: Point): number => nearestOn(riverCentre, point).along;
