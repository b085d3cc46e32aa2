/** The 22 towns: where each has its centre (km), how many live there (2.7 million in all), and what kind of land it is. */
import type { Point } from './plane.ts';

export type Terrain = 'urban' | 'plain' | 'hill' | 'coast';

export interface Town {
  id: string;
  zh: string;
  en: string;
  centre: Point;
  population: number;
  terrain: Terrain;
  /** How far a town reaches: 1 is an old town's quarter, 2 a hill town. */
  reach: number;
}

const town = (id: string, [zh, en]: readonly [string, string], rest: Pick<Town, 'centre' | 'population' | 'terrain' | 'reach'>): Town => ({ id, zh, en, ...rest });

export const towns: readonly Town[] = [
  town('wangchao', ['望潮街道', 'Wangchao Subdistrict'], { centre: [-8.0, 5.8], population: 158_300, terrain: 'urban', reach: 1 }),
  town('jiangkou', ['江口街道', 'Jiangkou Subdistrict'], { centre: [-12.2, 3.5], population: 126_400, terrain: 'urban', reach: 1 }),
  town('gulou', ['鼓楼街道', 'Gulou Subdistrict'], { centre: [-4.9, 4.2], population: 211_800, terrain: 'urban', reach: 1 }),
  town('dongqiao', ['东桥街道', 'Dongqiao Subdistrict'], { centre: [0.6, 3.8], population: 205_100, terrain: 'urban', reach: 1.1 }),
  town('wenlan', ['文澜街道', 'Wenlan Subdistrict'], { centre: [-9.5, 1.7], population: 171_700, terrain: 'urban', reach: 1 }),
  town('liupu', ['柳浦街道', 'Liupu Subdistrict'], { centre: [-12.8, -1.5], population: 176_200, terrain: 'urban', reach: 1.1 }),
  town('bailu', ['白鹭镇', 'Bailu Town'], { centre: [-9.6, -6.2], population: 118_500, terrain: 'plain', reach: 1.3 }),
  town('xinhe', ['新河街道', 'Xinhe Subdistrict'], { centre: [-1.8, 0.8], population: 224_300, terrain: 'urban', reach: 1 }),
  town('nantang', ['南塘街道', 'Nantang Subdistrict'], { centre: [-5.9, -1.6], population: 207_600, terrain: 'urban', reach: 1.15 }),
  town('meizhu', ['梅渚镇', 'Meizhu Town'], { centre: [6.5, -0.2], population: 142_400, terrain: 'plain', reach: 1.2 }),
  town('daoxiang', ['稻香街道', 'Daoxiang Subdistrict'], { centre: [1.4, -3.8], population: 168_200, terrain: 'plain', reach: 1.3 }),
  town('shidai', ['石埭镇', 'Shidai Town'], { centre: [-14.6, -7.4], population: 61_800, terrain: 'hill', reach: 1.3 }),
  town('yunxi', ['云溪镇', 'Yunxi Town'], { centre: [-13.7, -12.3], population: 47_600, terrain: 'hill', reach: 1.7 }),
  town('qingling', ['青岭镇', 'Qingling Town'], { centre: [-7.1, -14.1], population: 41_200, terrain: 'hill', reach: 1.8 }),
  town('hengshan', ['横山镇', 'Hengshan Town'], { centre: [0.8, -14.2], population: 44_900, terrain: 'hill', reach: 1.9 }),
  town('songwu', ['松坞镇', 'Songwu Town'], { centre: [-3.3, -8.6], population: 68_300, terrain: 'hill', reach: 1.6 }),
  town('sangyuan', ['桑园镇', 'Sangyuan Town'], { centre: [7.5, -7.4], population: 95_700, terrain: 'plain', reach: 1.7 }),
  town('weiken', ['围垦街道', 'Weiken Subdistrict'], { centre: [13.2, -0.9], population: 132_100, terrain: 'coast', reach: 1.6 }),
  town('konggang', ['空港街道', 'Konggang Subdistrict'], { centre: [7.0, 4.6], population: 120_800, terrain: 'urban', reach: 1.2 }),
  town('yancang', ['盐仓镇', 'Yancang Town'], { centre: [13.0, 6.7], population: 65_900, terrain: 'coast', reach: 1.4 }),
  town('chaoyin', ['潮音镇', 'Chaoyin Town'], { centre: [18.8, 3.1], population: 58_700, terrain: 'coast', reach: 1.6 }),
  town('shazhou', ['沙洲镇', 'Shazhou Town'], { centre: [19.5, 9.6], population: 52_500, terrain: 'coast', reach: 1.5 }),
];
