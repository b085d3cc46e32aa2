/** Weather: what stations read of the air, and what is reckoned from it. */
import { atPlace, fromDriver, fromDrivers } from '../simulator/custom.ts';
import { HOUR, MINUTE, type ModelTable } from '../simulator/model.ts';

/** The highest of four rising bounds that a value has reached: 1 blue … 4 red, 0 none. A level that does not exist has a bound of Infinity. */
const stage = (value: number, bounds: readonly [number, number, number, number]): number => bounds.findLastIndex((bound) => value >= bound) + 1;
const NEVER = Number.POSITIVE_INFINITY;

/** Radar echo of a rain rate, by the Marshall–Palmer relation (Z = 200 R^1.6); mist below a tenth of a millimetre. */
const echo = (rain: number): number => (rain <= 0.1 ? 12 : 23 + 16 * Math.log10(rain));

export const weatherModels: ModelTable = {
  air_temp: { base: 18, distribution: 'gauge', noise: { sd: 0.2, persistence: HOUR }, spread: 0.35, custom: fromDriver('temp', (temp) => temp) },
  temp_drop_24h: { base: 2, distribution: 'gauge', min: 0, noise: { sd: 0.15 }, spread: 0, custom: fromDriver('drop24h', (drop) => drop) },
  wind_mean: { base: 2.5, distribution: 'gauge', min: 0, noise: { sd: 0.25, persistence: 20 * MINUTE }, spread: 0.1, custom: atPlace('wind', [0.88, 1.15]) },
  wind_gust: {
    base: 4,
    distribution: 'gauge',
    min: 0,
    noise: { sd: 0.45, persistence: 10 * MINUTE },
    spread: 0.15,
    custom: fromDrivers(['wind', 'thunder'], ([wind = 0, thunder = 0]) => 1.42 * wind + 2.5 * thunder + 0.5),
  },
  visibility: {
    base: 8000,
    distribution: 'gauge',
    min: 30,
    noise: { sd: 250, persistence: 2 * HOUR },
    spread: 500,
    custom: fromDrivers(['fog', 'stagnation', 'rain'], ([fog = 0, still = 0, rain = 0]) => {
      const clear = 16_500 * (1 - 0.75 * Math.min(1, still));
      return (clear * (1 - fog) ** 1.7) / (1 + 0.03 * rain);
    }),
  },
  lightning_strikes: { base: 0, distribution: 'poisson', couplings: [{ driver: 'thunder', effect: 'add', gain: 7, shape: 'above', from: 0.25 }] },
  snow_12h: {
    base: 0,
    distribution: 'gauge',
    min: 0,
    custom: fromDrivers(['rain12h', 'temp'], ([rain = 0, temp = 0]) => rain * Math.max(0, Math.min(1, (1.5 - temp) / 2))),
  },
  // Dark roads are far warmer than the air in the sun, and a little warmer at night.
  road_surface_temp: {
    base: 15,
    distribution: 'gauge',
    noise: { sd: 0.3, persistence: HOUR },
    spread: 0.3,
    custom: fromDrivers(['temp', 'sun', 'rain'], ([temp = 0, sun = 0, rain = 0]) => temp + 1.6 + 17 * sun - Math.min(1.5, 0.5 * rain)),
  },
  humidity: { base: 75, distribution: 'share', noise: { sd: 1, persistence: HOUR }, spread: 1.5, custom: fromDriver('humidity', (damp) => damp) },
  uv_index: { base: 4, distribution: 'gauge', min: 0, custom: fromDriver('sun', (sun) => 10.5 * sun ** 1.15) },
  weather_warning_level: {
    base: 0,
    distribution: 'stock',
    custom: fromDrivers(['rain3h', 'rain12h', 'wind', 'heat', 'drop24h', 'typhoon'], ([three = 0, twelve = 0, wind = 0, heat = 0, drop = 0, typhoon = 0]) =>
      Math.max(
        stage(three, [NEVER, NEVER, 50, 100]),
        stage(twelve, [50, 70, 100, 150]),
        stage(wind, [10.8, 17.2, 24.5, 32.7]),
        stage(heat, [NEVER, 5, 6.5, 8.5]),
        stage(drop, [10, 12, 14, 18]),
        Math.round(typhoon),
      ),
    ),
  },
  radar_dbz_max: { base: 15, distribution: 'gauge', min: 0, noise: { sd: 0.9, persistence: 20 * MINUTE }, spread: 0.6, custom: fromDriver('rain', echo) },
};
