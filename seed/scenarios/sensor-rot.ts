/** Nothing happens to the city, but its sensors rot: some fall silent, some stick, some stutter. What is shown must say so, and raise nothing. */
import { HOUR } from '../simulator/model.ts';
import type { Scenario } from '../simulator/scenario.ts';

const physical = ['rain', 'river', 'canal', 'pond', 'underpass', 'pump', 'manhole', 'weather', 'air', 'road', 'gas', 'water', 'substation', 'noise', 'bridge', 'slope'];

export const sensorRot: Scenario = {
  id: 'sensor_rot',
  name: { zh: '传感器老化失效', en: 'Sensors rotting away' },
  summary: {
    zh: '三天里城市平静，传感器却陆续失联、卡死或跳变：页面应说明数据不可信，不应产生假告警。',
    en: 'Three calm days in which sensors fall silent, stick or stutter one after the other: the page has to say so and must not cry wolf.',
  },
  durationMs: 72 * HOUR,
  overlays: [
    { types: physical, share: 0.05, from: 2, to: 72, what: { kind: 'silent' } },
    { types: physical, share: 0.06, from: 14, to: 40, what: { kind: 'silent' } },
    { types: physical, share: 0.06, from: 8, to: 72, what: { kind: 'stuck' } },
    { types: physical, share: 0.05, from: 30, to: 72, what: { kind: 'stuck' } },
    { indicators: ['noise_leq', 'air_temp', 'gas_pressure_dev', 'substation_load_rate'], share: 0.1, from: 20, to: 66, what: { kind: 'noisy', sd: 3 } },
    { types: ['bridge', 'slope'], from: 36, to: 44, what: { kind: 'silent' } },
  ],
};
