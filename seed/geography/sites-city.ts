/** Services, air and land: what a city has in its towns, its industrial parks, its fields and its hills. */
import { densityAt, heightAt } from './land.ts';
import { distance, nearestOn, type Point, smoothStep } from './plane.ts';
import { ashore, called, named, type Site, type Survey, scattered } from './siting.ts';
import { isAirfield } from './streets.ts';
import { lakes } from './waters.ts';
import { canals } from './ways.ts';

const onDryLand = (point: Point): number => (isAirfield(point) || lakes.some(({ centre, size }) => distance(centre, point) < size[0] * 1.2) ? 0 : 1);
/** More where more people live; `least` keeps some for the hills and the coast. */
const peopled =
  (least: number) =>
  (point: Point): number =>
    onDryLand(point) * Math.min(1, least + densityAt(point));
const inHills =
  (low: number, high: number) =>
  (point: Point): number => {
    const height = heightAt(point);
    return height > low && height < high ? 1 : 0;
  };
/** Open fields of the plain and the polders. */
const fields = (point: Point): number => onDryLand(point) * smoothStep(0.3, 0.1, densityAt(point)) * (heightAt(point) < 12 ? 1 : 0);

/** One beside each town's centre, then `more` scattered ones. */
function oneInEachTown(survey: Survey, purpose: string, more: number): Point[] {
  const turn = purpose.length;
  const central = survey.areas.map(({ centre: [x, y] }, i): Point => ashore([x + 0.35 * Math.cos(i + turn), y + 0.35 * Math.sin(i + turn)]));
  return [...central, ...scattered(purpose, more, (point) => (central.every((other) => distance(other, point) > 2.2) ? peopled(0.3)(point) : 0))];
}

export const weatherSites = (survey: Survey): Site[] => named(survey, oneInEachTown(survey, 'weather', 8), { purpose: 'weather', zh: '气象站', en: 'Weather Station' });
export const airSites = (survey: Survey): Site[] => named(survey, oneInEachTown(survey, 'air quality', 4), { purpose: 'air', zh: '空气站', en: 'Air Monitor' });
export const vocSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [14.9, -1.6],
      [12.1, 0.9],
      [15.6, 7.4],
      [11.7, 8.3],
      [8.9, 5.9],
      [9.6, -7.9],
      [20.6, 11.2],
      [-13.6, -9.7],
    ],
    [
      ['围垦化工园东', 'Weiken Chemical Park East'],
      ['围垦化工园西', 'Weiken Chemical Park West'],
      ['盐仓新材料园', 'Yancang Materials Park'],
      ['盐仓电镀园', 'Yancang Plating Park'],
      ['空港产业园', 'Konggang Industrial Park'],
      ['桑园印染园', 'Sangyuan Dyeing Park'],
      ['沙洲临港园', 'Shazhou Port Park'],
      ['石埭涂装园', 'Shidai Coating Park'],
    ],
  );
export const radiationSites = (survey: Survey): Site[] => named(survey, scattered('radiation', 4, onDryLand), { purpose: 'radiation', zh: '辐射监测站', en: 'Radiation Monitor' });

export const substationSites = (survey: Survey): Site[] => named(survey, scattered('substation', 30, peopled(0.16)), { purpose: 'substation', zh: '变电站', en: 'Substation' });
export const gasSites = (survey: Survey): Site[] => named(survey, scattered('gas', 34, peopled(0.06)), { purpose: 'gas', zh: '调压站', en: 'Gas Regulator' });
export const waterplantSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [-15.2, -3.2],
      [-12.9, -13.0],
      [-0.2, -10.2],
      [-10.6, 5.6],
      [9.6, -4.5],
    ],
    [
      ['柳浦水厂', 'Liupu Waterworks'],
      ['云溪水厂', 'Yunxi Waterworks'],
      ['松岚水厂', 'Songlan Waterworks'],
      ['望潮水厂', 'Wangchao Waterworks'],
      ['桑园水厂', 'Sangyuan Waterworks'],
    ],
  );
export const sewageSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [3.4, 5.6],
      [-14.4, 2.5],
      [15.9, 9.9],
      [20.9, 0.4],
    ].map(([x = 0, y = 0]) => ashore([x, y])),
    [
      ['东桥净水厂', 'Dongqiao Treatment Plant'],
      ['江口净水厂', 'Jiangkou Treatment Plant'],
      ['盐仓净水厂', 'Yancang Treatment Plant'],
      ['潮音净水厂', 'Chaoyin Treatment Plant'],
    ],
  );

const hospitals = [
  ['临江区第一人民医院', 'Linjiang First People’s Hospital', -4.3, 2.8],
  ['临江区第二人民医院', 'Linjiang Second People’s Hospital', 7.1, -0.9],
  ['临江区中医院', 'Linjiang Chinese Medicine Hospital', -8.7, 2.9],
  ['临江区妇幼保健院', 'Linjiang Maternity Hospital', -1.2, 1.9],
  ['临江区第三人民医院', 'Linjiang Third People’s Hospital', -9.1, -5.6],
  ['江口医院', 'Jiangkou Hospital', -12.6, 2.7],
  ['柳浦医院', 'Liupu Hospital', -12.1, -0.8],
  ['南塘医院', 'Nantang Hospital', -5.0, -2.4],
  ['东桥医院', 'Dongqiao Hospital', 1.3, 2.9],
  ['稻香医院', 'Daoxiang Hospital', 2.2, -4.6],
  ['空港医院', 'Konggang Hospital', 5.4, 4.6],
  ['滨海医院', 'Binhai Hospital', 13.8, -0.2],
  ['沙洲医院', 'Shazhou Hospital', 18.6, 8.8],
  ['南山医院', 'Nanshan Hospital', 0.4, -13.4],
] as const;
export const hospitalSites = (survey: Survey): Site[] =>
  called(
    survey,
    hospitals.map(([, , x, y]) => [x, y] as const),
    hospitals.map(([zh, en]) => [zh, en] as const),
  );

const venues = [
  ['鼓楼步行街', 'Gulou Pedestrian Street', -4.8, 3.75],
  ['文澜书院', 'Wenlan Academy', -9.9, 2.2],
  ['望潮公园', 'Wangchao Park', -7.4, 7.2],
  ['观潮城', 'Tidal Bore Terrace', 15.0, 11.9],
  ['临江枢纽站前广场', 'Linjiang Hub Forecourt', -0.86, -0.42],
  ['航站楼出发层', 'Airport Departures', 7.3, 3.55],
  ['鉴月湖景区', 'Jianyue Lake Scenic Area', -9.9, -3.6],
  ['荷花漾公园', 'Hehua Lake Park', 4.9, -3.6],
  ['东桥万象广场', 'Dongqiao Plaza', 0.2, 3.3],
  ['新河体育中心', 'Xinhe Sports Centre', -2.6, 0.1],
  ['区会展中心', 'Exhibition Centre', 4.2, 3.3],
  ['白鹭古镇', 'Bailu Old Town', -9.2, -6.9],
  ['云溪漂流', 'Yunxi Rafting', -13.7, -12.9],
  ['青岭森林公园', 'Qingling Forest Park', -8.4, -15.3],
  ['横山寺', 'Hengshan Temple', 1.5, -15.0],
  ['石门栈道', 'Shimen Boardwalk', -17.4, -10.4],
  ['稻香音乐节场地', 'Daoxiang Festival Ground', 0.6, -5.0],
  ['沙洲渔港', 'Shazhou Fishing Harbour', 21.9, 11.6],
  ['梅渚夜市', 'Meizhu Night Market', 5.8, 0.4],
  ['区人民广场', 'People’s Square', -3.9, 1.7],
] as const;
export const venueSites = (survey: Survey): Site[] =>
  called(
    survey,
    venues.map(([, , x, y]) => ashore([x, y])),
    venues.map(([zh, en]) => [zh, en] as const),
  );

/** Where the city grows: at the rims of the built-up parts. */
export const siteSites = (survey: Survey): Site[] =>
  named(
    survey,
    scattered('building', 28, (point) => onDryLand(point) * smoothStep(0.2, 0.45, densityAt(point)) * smoothStep(1.05, 0.6, densityAt(point))),
    { purpose: 'building', zh: '地块项目', en: 'Building Site' },
  );
export const schoolSites = (survey: Survey): Site[] => named(survey, scattered('school', 24, peopled(0.05)), { purpose: 'school', zh: '学校', en: 'School' });
export const elderSites = (survey: Survey): Site[] => named(survey, scattered('elder', 12, peopled(0.12)), { purpose: 'elder', zh: '养老院', en: 'Care Home' });
export const hallSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [-3.4, 1.35],
      [-12.9, -1.1],
      [6.0, -0.6],
      [13.5, -0.6],
      [-9.9, -5.9],
      [7.8, -7.0],
    ],
    [
      ['区政务服务中心', 'District Service Centre'],
      ['柳浦办事大厅', 'Liupu Service Hall'],
      ['梅渚办事大厅', 'Meizhu Service Hall'],
      ['围垦办事大厅', 'Weiken Service Hall'],
      ['白鹭办事大厅', 'Bailu Service Hall'],
      ['桑园办事大厅', 'Sangyuan Service Hall'],
    ],
  );

export const gateSites = (survey: Survey): Site[] => named(survey, scattered('gate', 10, inHills(40, 220)), { purpose: 'gate', zh: '林区卡口', en: 'Forest Gate' });
export const pestSites = (survey: Survey): Site[] =>
  named(
    survey,
    scattered('pest', 10, (point) => Math.max(fields(point), 0.8 * inHills(12, 80)(point))),
    { purpose: 'pest', zh: '测报灯', en: 'Pest Trap' },
  );
export const farmSites = (survey: Survey): Site[] => named(survey, scattered('farm', 12, fields), { purpose: 'farm', zh: '墒情站', en: 'Soil Station' });
export const slopeSites = (survey: Survey): Site[] => named(survey, scattered('slope', 14, inHills(60, 300)), { purpose: 'slope', zh: '滑坡隐患点', en: 'Landslide Point' });
export const portSites = (survey: Survey): Site[] =>
  called(
    survey,
    [ashore([10.6, 9.3]), ashore([22.3, 12.4])],
    [
      ['临江港盐仓作业区', 'Lin Port, Yancang Terminal'],
      ['临江港沙洲作业区', 'Lin Port, Shazhou Terminal'],
    ],
  );
export const incineratorSites = (survey: Survey): Site[] =>
  called(
    survey,
    [
      [-12.4, -10.2],
      [17.6, -2.1],
    ].map(([x = 0, y = 0]) => ashore([x, y])),
    [
      ['石埭环保能源厂', 'Shidai Energy Plant'],
      ['潮音环保能源厂', 'Chaoyin Energy Plant'],
    ],
  );

/** Soft ground sinks: the reclaimed east, and the old town along its canals. */
export const subsidenceSites = (survey: Survey): Site[] => {
  const nearCanal = (point: Point): number => (canals.some(({ line }) => nearestOn(line, point).distance < 0.6) ? 1 : 0.2);
  const points = scattered('subsidence', 12, (point) => onDryLand(point) * (heightAt(point) < 8 ? 1 : 0) * Math.max(point[0] > 8 ? 0.8 : 0, nearCanal(point) * densityAt(point)));
  return named(survey, points, { purpose: 'subsidence', zh: '沉降监测点', en: 'Subsidence Monitor' });
};
