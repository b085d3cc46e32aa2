import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import { type Crossings, countCrossings } from './crossings.ts';
import { cityDay, demonstrationCity } from './simulator/city.fixture.ts';
import type { Occurrence } from './simulator/simulator.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await demonstrationCity();
});

const count = (
  from: number,
  days: number,
  { only, scenarios = [] }: { only: (series: { indicator: string; place: string }) => boolean; scenarios?: readonly Occurrence[] },
): Crossings => countCrossings({ catalogue, seed: 1, scenarios, from, to: from + days * 86_400_000, only });
const ofDomains =
  (...domains: string[]) =>
  ({ indicator }: { indicator: string }): boolean =>
    domains.includes(catalogue.indicators.get(indicator)?.domain ?? '');

describe('crossings', () => {
  it('are few on quiet days, whatever the domain', () => {
    const { total, watched } = count(cityDay('2026-11-03'), 3, { only: ofDomains('flood', 'weather', 'traffic', 'port', 'gas', 'fire', 'water') });
    expect(watched).toBeGreaterThan(1_000);
    expect(total / 3).toBeLessThan(30);
    expect(total).toBeGreaterThan(3);
  });

  it('are more than 500 in a typhoon, of all levels, in flood and weather alone', () => {
    const startsAt = cityDay('2025-09-17') + 2 * 3_600_000;
    const { total, levels, rules } = count(startsAt, 3, { only: ofDomains('flood', 'weather'), scenarios: [{ scenario: 'typhoon', startsAt }] });
    expect(total).toBeGreaterThan(500);
    for (const level of Object.values(levels)) expect(level).toBeGreaterThan(50);
    expect(rules.length).toBeGreaterThan(12);
  });

  it('of a dead sensor are none: a city whose sensors rot raises hardly more than a quiet one', () => {
    const startsAt = cityDay('2026-11-03');
    const only = ofDomains('gas', 'water');
    const rotten = count(startsAt, 3, { only, scenarios: [{ scenario: 'sensor_rot', startsAt }] });
    expect(rotten.total).toBeLessThan(count(startsAt, 3, { only }).total + 12);
  });

  it('add up by rule and level', () => {
    const { total, levels, rules } = count(cityDay('2026-07-20'), 3, { only: ofDomains('transit', 'weather') });
    expect(rules.reduce((sum, rule) => sum + rule.total, 0)).toBe(total);
    expect(Object.values(levels).reduce((sum, number) => sum + number, 0)).toBe(total);
    expect(rules.map((rule) => rule.total)).toEqual(rules.map((rule) => rule.total).toSorted((a, b) => b - a));
  });
});
