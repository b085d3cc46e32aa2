/** All scenarios, by id. */
import type { Scenario } from '../simulator/scenario.ts';
import { cloudburst } from './cloudburst.ts';
import { heatwave } from './heatwave.ts';
import { hotlineRumour } from './hotline-rumour.ts';
import { newYear } from './new-year.ts';
import { sensorRot } from './sensor-rot.ts';
import { typhoon } from './typhoon.ts';
import { waterMainBreak } from './water-main-break.ts';

const list: readonly Scenario[] = [typhoon, cloudburst, heatwave, waterMainBreak, hotlineRumour, sensorRot, newYear];

export const scenarios: ReadonlyMap<string, Scenario> = new Map(list.map((scenario) => [scenario.id, scenario]));
