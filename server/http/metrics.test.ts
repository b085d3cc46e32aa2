import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const none = { liveClients: () => 0, thinnedFrames: () => 0, series: () => 0, openAlerts: () => 0, catalogueProblems: () => 0 };

it('shows when the newest backup was taken and how many failed, as they are at each look; nothing of it where there are none', async () => {
  const metrics = createMetrics(none);
  expect(await metrics.registry.metrics()).not.toContain('backup');
  let state: { at: number | null; failures: number } = { at: null, failures: 0 };
  metrics.backups({ lastAt: () => state.at, failures: () => state.failures });
  expect(await metrics.registry.metrics()).toMatch(/^city_vitals_backup_last_success_seconds 0$/m);
  state = { at: 1_795_000_000_500, failures: 2 };
  for (let look = 0; look < 2; look++) {
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/^city_vitals_backup_last_success_seconds 1795000000\.5$/m);
    expect(text).toMatch(/^city_vitals_backup_failures_total 2$/m);
  }
});
