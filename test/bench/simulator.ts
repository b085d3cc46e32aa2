/**
 * How fast the simulated city is made: values a second of one core over some days of every series, each at its own interval, oldest series
 * first as a back-fill asks for them; and an hour of the live stream, made and cut into seconds. Time is the processor's, so that a busy
 * machine tells the same.
 *
 * `npm run bench:simulator -- [days]`; writes test/bench/results/simulator.json.
 */
import { join } from 'node:path';
import { createSimulator } from '../../seed/simulator/simulator.ts';
import { loadCatalogue } from '../../server/catalogue/load.ts';
import { writeReport } from './support.ts';

const DAY = 86_400_000;
const days = Number(process.argv[2] ?? 60);
/** A back-fill of 400 days must be made within two minutes of one core. */
const REACH_NS = 300;

const loaded = await loadCatalogue(join(import.meta.dirname, '../../metrics-config/linjiang'));
if (!loaded.ok) throw new Error(`the city's folder has ${loaded.problems.length} problems`);
const end = Date.parse('2026-11-01T00:00:00+08:00');

/** Seconds of the processor that `work` takes. */
function timed<T>(work: () => T): { seconds: number; result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, result };
}

const { catalogue } = loaded;
const created = timed(() => createSimulator({ catalogue, seed: 1, scenarios: [] }));
const simulator = created.result;
const filled = timed(() => simulator.series.reduce((sum, _, index) => sum + simulator.readings(index, end - days * DAY, end).length, 0));
const hour = timed(() => simulator.deliveries(end, end + 1000).length);
const streamed = timed(() =>
  Array.from({ length: 3599 }, (_, second) => simulator.deliveries(end + (second + 1) * 1000, end + (second + 2) * 1000).length).reduce((sum, count) => sum + count, 0),
);

const rounded = (value: number): number => Math.round(value * 100) / 100;
const perValue = (filled.seconds * 1e9) / filled.result;
const results = {
  series: simulator.series.length,
  days,
  values: filled.result,
  nanosecondsPerValue: Math.round(perValue),
  valuesPerSecond: Math.round(filled.result / filled.seconds),
  secondsFor400Days: Math.round((filled.seconds * 400) / days),
  createSeconds: rounded(created.seconds),
  hourOfStreamSeconds: rounded(hour.seconds),
  streamedReadings: streamed.result,
  streamSecondsPerHour: rounded(streamed.seconds),
  reachNanosecondsPerValue: REACH_NS,
  reached: perValue <= REACH_NS,
};
writeReport('simulator', results);
console.log(JSON.stringify(results, null, 2));
