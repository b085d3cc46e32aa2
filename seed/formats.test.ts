import { describe, expect, it } from 'vitest';
import { knownRecordings, placeId, rowMapper } from './formats.ts';
import { defaultRecordings, readRecording } from './read-recording.ts';
import type { Recorded, Recording } from './recorded.ts';
import { parseWall } from './wall-time.ts';

const open = (id: string): Promise<Recording> => readRecording(id, defaultRecordings());
const pick = ({ readings }: Recording, wall: string, match: Partial<Recorded> = {}): Recorded[] =>
  readings.filter((reading) => reading.wall === parseWall(wall) && Object.entries(match).every(([key, value]) => reading[key as keyof Recorded] === value));

describe('recordings', { timeout: 30_000 }, () => {
  it('writes place ids in snake case, without accents', () => {
    expect(placeId('BX-louis-niñé-bl-southern-bl-0pmu80')).toBe('bx_louis_nine_bl_southern_bl_0pmu80');
    expect(placeId('Q-1st-st-104th-st-1a5t00')).toBe('q_1st_st_104th_st_1a5t00');
  });

  it('maps FloodNet depths in inches, zeros included', async () => {
    const floodnet = await open('floodnet_2023_09');
    expect(floodnet.intervalMs).toBe(0);
    expect(pick(floodnet, '2023-09-25T18:47:00')).toEqual([
      { wall: parseWall('2023-09-25T18:47:00'), indicator: 'street_flood_depth', place: 'q_beach_84_st_0me680', facet: null, value: 0 },
    ]);
    expect(pick(floodnet, '2023-09-25T19:02:44')[0]?.value).toBe(0.59);
    const day = floodnet.readings.filter(({ wall }) => wall >= (parseWall('2023-09-29') ?? 0) && wall < (parseWall('2023-09-30') ?? 0));
    const deepest = day.reduce((a, b) => (b.value > a.value ? b : a));
    expect(deepest).toMatchObject({ place: 'bk_carroll_st_4th_av_0ery00', value: 35.94 });
  });

  it('turns the UTC of USGS into the gauge’s own clock, with its qualifiers', async () => {
    const plumtree = await open('usgs_plumtree_2018_08');
    expect(pick(plumtree, '2018-08-31T19:30')).toEqual([{ wall: parseWall('2018-08-31T19:30'), indicator: 'stream_stage', place: 'usgs_01581752', facet: null, value: 6.63 }]);
    const provisional = pick(await open('usgs_deadrun_sligo_2019_05'), '2019-05-11T12:00', { place: 'usgs_01650800' });
    expect(provisional).toMatchObject([{ qualityReason: 'provisional' }]);
    expect(provisional[0]?.quality).toBeUndefined();
    const estimated = rowMapper('usgs_plumtree_2018_08')?.map({ observed_at_utc: '2018-08-31T23:30:00Z', site: '01581752', stage_ft: '2.5', qualifier: 'A:e' });
    expect(estimated).toMatchObject([{ quality: 'suspect', qualityReason: 'estimated' }]);
  });

  it('maps Seattle’s hours', async () => {
    const seattle = await open('seattle_calls_2021_06');
    expect(seattle.intervalMs).toBe(3_600_000);
    expect(pick(seattle, '2021-06-20T00:00')).toEqual([{ wall: parseWall('2021-06-20'), indicator: 'emergency_dispatches', place: 'seattle', facet: null, value: 17 }]);
  });

  it('maps Beijing’s nine values of an hour and leaves blanks out', async () => {
    const beijing = await open('beijing_air_2016_12');
    const hour = pick(beijing, '2016-12-14T00:00', { place: 'beijing_aotizhongxin' });
    expect(Object.fromEntries(hour.map(({ indicator, value }) => [indicator, value]))).toEqual({
      pm25: 19,
      pm10: 19,
      so2: 5,
      no2: 40,
      co: 500,
      o3: 38,
      air_temperature: -1.7,
      rain: 0,
      wind_speed: 1.2,
    });
    const carbon = (day: string): number =>
      beijing.readings.filter(({ indicator, wall }) => indicator === 'co' && wall >= (parseWall(day) ?? 0) && wall < (parseWall(day) ?? 0) + 86_400_000).length;
    expect(carbon('2016-12-19')).toBe(12 * 24);
    expect(carbon('2016-12-20')).toBe(12 * 24 - 13);
  });

  it('passes I-94’s odd values and repeated hours on as published', async () => {
    const i94 = await open('i94_2016_07');
    expect(pick(i94, '2016-07-11T17:00', { indicator: 'road_rain' })).toMatchObject([{ place: 'i94_atr_301', value: 9831.3 }]);
    expect(pick(i94, '2016-07-11T23:00', { indicator: 'road_traffic' }).map(({ value }) => value)).toEqual([995, 995]);
    const freezing = rowMapper('i94_2016_07')?.map({ temp: '0.0', rain_1h: '0.0', snow_1h: '0.0', clouds_all: '0', date_time: '2014-01-31 03:00:00', traffic_volume: '361' });
    expect(freezing?.find(({ indicator }) => indicator === 'road_air_temperature')?.value).toBe(0);
  });

  it('maps Washington’s rides', async () => {
    const rides = pick(await open('dc_bike_2012_10'), '2012-10-18T00:00');
    expect(rides.map(({ indicator, place, value }) => [indicator, place, value])).toEqual([
      ['bike_rides', 'washington_dc', 57],
      ['bike_rides_casual', 'washington_dc', 4],
      ['bike_rides_registered', 'washington_dc', 53],
    ]);
  });

  it('maps Bogotá’s groups to facets and their sum to the total', async () => {
    const hour = pick(await open('bogota_medical_2025_11'), '2025-10-29T00:00');
    const total = hour.find(({ indicator }) => indicator === 'medical_incidents_total');
    const groups = hour.filter(({ indicator }) => indicator === 'medical_incidents');
    expect(total?.facet).toBeNull();
    expect(groups.find(({ facet }) => facet === 'injury')?.value).toBe(2);
    expect(groups.reduce((sum, { value }) => sum + value, 0)).toBe(total?.value);
  });

  it('reads every recording that has a format, in order of time', async () => {
    for (const id of knownRecordings) {
      const { readings } = await open(id);
      expect(readings.length).toBeGreaterThan(400);
      expect(readings.every(({ wall }, i) => i === 0 || wall >= (readings[i - 1]?.wall ?? 0))).toBe(true);
    }
  });

  it('says what is wrong with a recording that cannot be read', async () => {
    await expect(open('unheard_of')).rejects.toThrow('No format is known for the recording "unheard_of"');
    await expect(readRecording('i94_2016_07', '/nowhere')).rejects.toThrow('/nowhere/i94_2016_07.csv.gz cannot be read');
  });
});
