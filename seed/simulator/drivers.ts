/**
 * What moves the city: the driver fields that models couple to. Every driver has one meaning, one unit and a usual range, so that a gain
 * in a model table can be read without running anything. A driver `per: 'town'` differs from town to town; a place that lies in no town
 * meets the mean of all towns. Fields are computed in `world.ts`; scenarios add to those marked `raw`.
 */
export interface DriverInfo {
  per: 'city' | 'town';
  unit: string;
  /** Scenarios may add to it; the others follow from these. */
  raw?: true;
  what: string;
}

const info = <T extends Record<string, DriverInfo>>(table: T): T => table;

export const drivers = info({
  // ---- weather ----
  temp: { per: 'town', unit: '°C', raw: true, what: 'Air temperature: 0…8 in January, 25…36 in July.' },
  heat: { per: 'city', unit: '°C', what: 'By how much the mean of the last 24 h is above 26 °C: 0 most of the year, 2…4 in July, 6…9 in a heat wave.' },
  cold: { per: 'city', unit: '°C', what: 'By how much the mean of the last 24 h is below 10 °C: 0 from April to November, 3…8 in winter, 12 in a cold wave.' },
  drop24h: { per: 'town', unit: '°C', what: 'Temperature 24 h ago less the present one; −4…4, a cold front 8…14.' },
  rain: { per: 'town', unit: 'mm/h', raw: true, what: 'Rain rate: 0 on most days, 1…4 in steady rain, 10…40 in a storm cell, 60…100 in a typhoon’s bands.' },
  rain1h: { per: 'town', unit: 'mm', what: 'Rain of the last hour.' },
  rain3h: { per: 'town', unit: 'mm', what: 'Rain of the last 3 hours.' },
  rain6h: { per: 'town', unit: 'mm', what: 'Rain of the last 6 hours.' },
  rain12h: { per: 'town', unit: 'mm', what: 'Rain of the last 12 hours.' },
  rain24h: { per: 'town', unit: 'mm', what: 'Rain of the last 24 hours: 5…30 on a wet day.' },
  wind: { per: 'town', unit: 'm/s', raw: true, what: 'Mean wind of 10 minutes: 1…5, a windy day 8, a typhoon 20…35.' },
  thunder: { per: 'town', unit: '0…1', raw: true, what: 'Nearness of thunderstorms: 0, about 0.5…1 while a cell passes.' },
  fog: { per: 'town', unit: '0…1', raw: true, what: 'Fog before sunrise in autumn and winter: 0 on most days, 0.3…0.9 on foggy mornings.' },
  sun: { per: 'town', unit: '0…1', what: 'Sunlight as a share of a clear midsummer noon’s.' },
  humidity: { per: 'town', unit: '%', what: 'Relative humidity, 45…98.' },
  stagnation: { per: 'city', unit: '0…1', raw: true, what: 'Still air that keeps pollution: about 0.35, 0.8 in a winter episode, 0 in wind or rain.' },
  // ---- water ----
  wetness: { per: 'town', unit: '%', what: 'How full the soil is: 45…70, after days of rain 85…100.' },
  runoff: { per: 'town', unit: 'mm', what: 'Rain water in gutters and drains (half gone in 40 min): 0 when dry, 1…3 in rain, 10…25 in a storm.' },
  ponding: { per: 'town', unit: 'cm', what: 'Water on the street at an ordinary weak spot: 0, 3…15 in a storm, 30…60 in a cloudburst. Falls more slowly than it rises.' },
  canal: { per: 'town', unit: 'm', what: 'Canals above their usual level: 0…0.15, after heavy rain 0.5…1.2. Follows the rain by 2…4 h.' },
  river: { per: 'city', unit: 'm', what: 'The Lin above its usual level where it enters the district: 0…0.4, after a storm 1…2. Follows the rain by 8…14 h.' },
  tide: { per: 'city', unit: 'm', what: 'Sea at the mouth over mean sea level, surge included: −1.6…1.6.' },
  surge: { per: 'city', unit: 'm', raw: true, what: 'What wind and low pressure add to the tide: 0, in a typhoon 1…2.' },
  typhoon: { per: 'city', unit: '0…4', raw: true, what: 'Stage of the public typhoon warning: 0 none, 1 blue … 4 red. Only scenarios raise it.' },
  // ---- days ----
  workday: { per: 'city', unit: '0/1', what: '1 on working days (make-up workdays too), 0 on weekends and public holidays.' },
  holiday: { per: 'city', unit: '0/1', what: '1 on public holidays, 0 on ordinary weekends and working days.' },
  school: { per: 'city', unit: '0/1', what: '1 on school days in term, 0 else.' },
  rush: { per: 'city', unit: '0…1', what: 'Travel before and after long holidays: 0, 1 on the evening before and on the last day.' },
  away: { per: 'city', unit: '0…1', what: 'Share of newcomers who went home around the Spring Festival: 0, about 1 at New Year itself.' },
  festival: { per: 'city', unit: '0…1', raw: true, what: 'Crowds of a festival evening: 0; 0.5 on holiday evenings; 1 on the last evening of the year.' },
  // ---- people and networks ----
  traffic: { per: 'city', unit: '×', what: 'Traffic demand, 1 is the mean of the week: 0.2 at night, 1.8 at the peaks.' },
  congestion: { per: 'town', unit: '0…1', what: 'How jammed roads are: 0.05 at night, 0.35 at peaks, 0.5 in rain, 0.9 in a flood.' },
  powerLoad: { per: 'city', unit: '×', what: 'Electric load, 1 is the mean of the year: 0.75 on a spring night, 1.35 on a July afternoon, 1.5 in a heat wave.' },
  waterDemand: { per: 'city', unit: '×', what: 'Water drawn, 1 is the mean of the year: 0.5 at night, 1.4 at breakfast.' },
  gasDemand: { per: 'city', unit: '×', what: 'Gas drawn, 1 is the mean of the year: 0.4 at night, 2 on a winter evening.' },
  damage: { per: 'town', unit: '0…', what: 'Fallen trees and signs, by wind above 13 m/s: 0, a gale 0.2, a typhoon 1…3.' },
  powerCut: { per: 'town', unit: '% of homes', raw: true, what: 'Homes without electricity through storm, thunder or water: about 0.05, a thunderstorm 0.2, a typhoon 3…12.' },
  waterCut: { per: 'town', unit: '% of homes', raw: true, what: 'Homes without water: 0 but in scenarios.' },
  gasLeak: { per: 'town', unit: '0…1', raw: true, what: 'A gas pipe struck: 0 but in scenarios.' },
  opinion: { per: 'city', unit: '0…', raw: true, what: 'Excitement on the net and of callers: 0 when quiet, 1 a busy topic, 10 a wave of rumour.' },
  distress: {
    per: 'town',
    unit: '×',
    what: 'Extra need for help as a multiple of the usual: 0, 0.1 in rain, 0.5…1 in a storm, 3…6 in a typhoon. What calls, tickets and incidents couple to.',
  },
  repairs: { per: 'town', unit: '×', what: 'Distress of the past hours (half gone in 8 h): orders that are waiting to be worked off; follows calls by hours.' },
  flu: { per: 'city', unit: '0…1', what: 'Influenza: about 0.1 in summer, 0.5…0.9 at the winter peak.' },
});

export type Driver = keyof typeof drivers;
