import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { playBodySchema } from '../../server/contract/index.ts';
import { demonstrationCity } from '../simulator/city.fixture.ts';
import { HOUR } from '../simulator/model.ts';
import { curve } from '../simulator/script.ts';
import { scenarios } from './index.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await demonstrationCity();
});

const all = [...scenarios.values()];
const overlays = all.flatMap((scenario) => (scenario.overlays ?? []).map((overlay) => ({ scenario, overlay })));

describe('the scenarios', () => {
  it.each(all)('$id can be asked for at the server, and says what it is in both languages', ({ id, name, summary, durationMs }) => {
    expect(playBodySchema.safeParse({ scenario: id, name, durationMs }).success).toBe(true);
    for (const text of [name.zh, name.en, summary.zh, summary.en]) expect(text?.length).toBeGreaterThan(2);
  });

  it('lay nothing over a series before they begin or after their end', () => {
    for (const { scenario, overlay } of overlays) {
      expect(overlay.from).toBeGreaterThanOrEqual(0);
      expect(overlay.to).toBeGreaterThan(overlay.from);
      expect(overlay.to * HOUR).toBeLessThanOrEqual(scenario.durationMs);
    }
  });

  it('name only indicators, places, facets and types that the city has', () => {
    const types = new Set([...catalogue.places.keys()].map((place) => place.replace(/_\d+$/, '')));
    const strangers = overlays.flatMap(({ scenario: { id }, overlay: { indicators = [], places = [], facets = [], types: named = [] } }) =>
      [
        ...indicators.filter((indicator) => !catalogue.definitions.has(indicator)),
        ...places.filter((place) => !catalogue.places.has(place)),
        ...named.filter((type) => !types.has(type)),
        ...facets.filter((facet) => !indicators.some((indicator) => catalogue.definitions.get(indicator)?.facets.some((one) => one.id === facet))),
      ].map((stranger) => `${id}: ${stranger}`),
    );
    expect(strangers).toEqual([]);
  });

  it('begin and end gently: drivers are small at both ends', () => {
    for (const { id, durationMs, drivers = {} } of all) {
      for (const [driver, effect] of Object.entries(drivers)) {
        if (driver === 'typhoon') continue;
        for (const hours of [0, durationMs / HOUR - 0.01]) expect(Math.abs(effect(hours, null)), `${id} ${driver} after ${hours} h`).toBeLessThan(1);
      }
    }
  });
});

describe('a curve', () => {
  it('runs straight from point to point and stays where it began and ended', () => {
    const line = curve([1, 10], [3, 20], [4, 0]);
    expect([0, 1, 2, 3, 3.5, 4, 9].map(line)).toEqual([10, 10, 15, 20, 10, 0, 0]);
  });
});
