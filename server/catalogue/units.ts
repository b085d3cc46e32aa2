/**
 * The table of units: what a value may be measured in, how it is printed, and how one converts to another of the same
 * dimension. Conversion happens once, at the door; inside there is only the indicator's own unit.
 */
import type { Bilingual } from '../contract/index.ts';

interface Unit {
  dimension: string;
  /** value × factor + offset = value in the dimension's base unit. */
  factor: number;
  offset?: number;
  label: Bilingual;
}

const same = (text: string): Bilingual => ({ zh: text, en: text });

/** Things counted one by one: each kind is a dimension of its own. */
function counts(labels: Record<string, readonly [zh: string, en: string]>): Record<string, Unit> {
  return Object.fromEntries(Object.entries(labels).map(([id, [zh, en]]) => [id, { dimension: id, factor: 1, label: { zh, en } }]));
}

const units: Record<string, Unit> = {
  // length (base: metre)
  mm: { dimension: 'length', factor: 0.001, label: same('mm') },
  cm: { dimension: 'length', factor: 0.01, label: same('cm') },
  m: { dimension: 'length', factor: 1, label: same('m') },
  km: { dimension: 'length', factor: 1000, label: same('km') },
  inch: { dimension: 'length', factor: 0.0254, label: same('in') },
  foot: { dimension: 'length', factor: 0.3048, label: same('ft') },
  // temperature (base: kelvin)
  celsius: { dimension: 'temperature', factor: 1, offset: 273.15, label: same('℃') },
  fahrenheit: { dimension: 'temperature', factor: 5 / 9, offset: 255.372_222_222_222_2, label: same('℉') },
  kelvin: { dimension: 'temperature', factor: 1, label: same('K') },
  // speed (base: metre per second)
  m_per_s: { dimension: 'speed', factor: 1, label: same('m/s') },
  km_per_h: { dimension: 'speed', factor: 1 / 3.6, label: same('km/h') },
  m_per_h: { dimension: 'speed', factor: 1 / 3600, label: same('m/h') },
  mm_per_s: { dimension: 'speed', factor: 0.001, label: same('mm/s') },
  mm_per_d: { dimension: 'speed', factor: 0.001 / 86_400, label: { zh: 'mm/日', en: 'mm/day' } },
  mm_per_y: { dimension: 'speed', factor: 0.001 / 31_557_600, label: { zh: 'mm/年', en: 'mm/year' } },
  // mass concentration (base: µg/m³)
  ug_per_m3: { dimension: 'mass_concentration', factor: 1, label: same('µg/m³') },
  mg_per_m3: { dimension: 'mass_concentration', factor: 1000, label: same('mg/m³') },
  mg_per_l: { dimension: 'mass_concentration', factor: 1_000_000, label: same('mg/L') },
  // ratio (base: 1)
  ratio: { dimension: 'ratio', factor: 1, label: same('') },
  percent: { dimension: 'ratio', factor: 0.01, label: same('%') },
  // pressure (base: pascal)
  hpa: { dimension: 'pressure', factor: 100, label: same('hPa') },
  kpa: { dimension: 'pressure', factor: 1000, label: same('kPa') },
  mpa: { dimension: 'pressure', factor: 1_000_000, label: same('MPa') },
  // time (base: second)
  second: { dimension: 'time', factor: 1, label: { zh: '秒', en: 's' } },
  minute: { dimension: 'time', factor: 60, label: { zh: '分', en: 'min' } },
  hour: { dimension: 'time', factor: 3600, label: { zh: '小时', en: 'h' } },
  day: { dimension: 'time', factor: 86_400, label: { zh: '天', en: 'days' } },
  // power, energy, flow
  kw: { dimension: 'power', factor: 1000, label: same('kW') },
  mw: { dimension: 'power', factor: 1_000_000, label: same('MW') },
  kwh: { dimension: 'energy', factor: 3_600_000, label: same('kWh') },
  mwh: { dimension: 'energy', factor: 3_600_000_000, label: same('MWh') },
  m3_per_s: { dimension: 'flow', factor: 1, label: same('m³/s') },
  m3_per_h: { dimension: 'flow', factor: 1 / 3600, label: same('m³/h') },
  m3_per_d: { dimension: 'flow', factor: 1 / 86_400, label: same('m³/d') },
  l_per_s: { dimension: 'flow', factor: 0.001, label: same('L/s') },
  db: { dimension: 'sound', factor: 1, label: same('dB') },
  dbz: { dimension: 'radar_reflectivity', factor: 1, label: same('dBZ') },
  hz: { dimension: 'frequency', factor: 1, label: same('Hz') },
  nsv_per_h: { dimension: 'dose_rate', factor: 1, label: same('nSv/h') },
  ntu: { dimension: 'turbidity', factor: 1, label: same('NTU') },
  ppm: { dimension: 'mole_fraction', factor: 1, label: same('ppm') },
  percent_lel: { dimension: 'explosive_limit', factor: 1, label: same('%LEL') },
  cells_10k_per_l: { dimension: 'cell_density', factor: 1, label: { zh: '万个/L', en: '10k cells/L' } },
  persons_per_m2: { dimension: 'crowd_density', factor: 1, label: { zh: '人/m²', en: 'people/m²' } },
  reposts_per_min: { dimension: 'repost_rate', factor: 1, label: { zh: '次/分', en: 'reposts/min' } },
  tonne: { dimension: 'mass', factor: 1, label: { zh: '吨', en: 't' } },
  tonne_10k: { dimension: 'mass', factor: 10_000, label: { zh: '万吨', en: '10k t' } },
  cny_10k: { dimension: 'money', factor: 1, label: { zh: '万元', en: '10k CNY' } },
  // counts: each its own dimension, so that vehicles are never taken for calls
  ...counts({
    alarm: ['次', 'alarms'],
    bin: ['个', 'bins'],
    burst: ['次', 'bursts'],
    call: ['次', 'calls'],
    case: ['件', 'cases'],
    cluster: ['起', 'clusters'],
    complaint: ['件', 'complaints'],
    count: ['个', ''],
    device: ['台', 'devices'],
    entity: ['户', 'entities'],
    event: ['起', 'events'],
    feed: ['路', 'feeds'],
    firm: ['家', 'firms'],
    flight: ['架次', 'flights'],
    gate: ['座', 'gates'],
    hazard: ['处', 'hazards'],
    hit: ['次', 'hits'],
    home: ['套', 'homes'],
    hotspot: ['处', 'hotspots'],
    household: ['户', 'households'],
    incident: ['起', 'incidents'],
    insect: ['只', 'insects'],
    item: ['项', 'items'],
    meal: ['份', 'meals'],
    merchant: ['家', 'merchants'],
    order: ['单', 'orders'],
    post: ['条', 'posts'],
    report: ['件', 'reports'],
    review: ['条', 'reviews'],
    ride: ['次', 'rides'],
    site: ['处', 'places'],
    strike: ['次', 'strikes'],
    task: ['件', 'tasks'],
    ticket: ['件', 'tickets'],
    vehicle: ['辆', 'vehicles'],
    vessel: ['艘', 'vessels'],
    visit: ['人次', 'visits'],
    warning: ['条', 'warnings'],
  }),
  person: { dimension: 'person', factor: 1, label: { zh: '人', en: 'people' } },
  persons_10k: { dimension: 'person', factor: 10_000, label: { zh: '万人', en: '10k people' } },
  parcels_10k: { dimension: 'parcel', factor: 10_000, label: { zh: '万件', en: '10k parcels' } },
  index: { dimension: 'index', factor: 1, label: same('') },
  rank: { dimension: 'rank', factor: 1, label: { zh: '名', en: '' } },
};

export const unitIds: readonly string[] = Object.keys(units);

/** What is printed after a number in `unit`. */
export function unitLabel(unit: string): Bilingual {
  return units[unit]?.label ?? same(unit);
}

/** How to turn a value in `from` into one in `to` (value × factor + offset), or null when their dimensions differ. */
export function conversion(from: string, to: string): { factor: number; offset: number } | null {
  const a = units[from];
  const b = units[to];
  if (a === undefined || b === undefined || a.dimension !== b.dimension) return null;
  if (from === to) return { factor: 1, offset: 0 };
  return { factor: a.factor / b.factor, offset: ((a.offset ?? 0) - (b.offset ?? 0)) / b.factor };
}
