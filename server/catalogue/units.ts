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
  // power, energy, flow
  kw: { dimension: 'power', factor: 1000, label: same('kW') },
  mw: { dimension: 'power', factor: 1_000_000, label: same('MW') },
  kwh: { dimension: 'energy', factor: 3_600_000, label: same('kWh') },
  mwh: { dimension: 'energy', factor: 3_600_000_000, label: same('MWh') },
  m3_per_s: { dimension: 'flow', factor: 1, label: same('m³/s') },
  m3_per_h: { dimension: 'flow', factor: 1 / 3600, label: same('m³/h') },
  db: { dimension: 'sound', factor: 1, label: same('dB') },
  // counts: each its own dimension, so that vehicles are never taken for calls
  count: { dimension: 'count', factor: 1, label: { zh: '个', en: '' } },
  call: { dimension: 'call', factor: 1, label: { zh: '次', en: 'calls' } },
  vehicle: { dimension: 'vehicle', factor: 1, label: { zh: '辆', en: 'vehicles' } },
  ride: { dimension: 'ride', factor: 1, label: { zh: '次', en: 'rides' } },
  person: { dimension: 'person', factor: 1, label: { zh: '人', en: 'people' } },
  household: { dimension: 'household', factor: 1, label: { zh: '户', en: 'households' } },
  index: { dimension: 'index', factor: 1, label: same('') },
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
