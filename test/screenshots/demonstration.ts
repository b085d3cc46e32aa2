/**
 * Makes the pictures of Linjiang in docs/screenshots again: on a quiet day, and in the 22nd hour of a typhoon; both languages, at the sizes
 * people use. Readings come from the simulator through the server's own doors; alerts need their hold times, so it takes some minutes.
 *
 * `npm run screenshots`
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { runFeed } from '../../seed/feed/run.ts';
import { scenarios } from '../../seed/scenarios/index.ts';
import { systemClock } from '../../server/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { LANGUAGES, openPage, pictures, shoot } from '../support/pictures.ts';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const HOUR = 3_600_000;
const SIZES = [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const;

interface Look {
  name: string;
  query: string;
  /** Waits for so many alerts. */
  alerts: number;
  /** Hours into a typhoon; null: a quiet day. */
  typhoonHours: number | null;
}

async function feedFor(test: TestServer, look: Look): Promise<() => Promise<void>> {
  const token = await test.server.identity.issueFeedToken();
  const typhoon = scenarios.get('typhoon');
  if (look.typhoonHours !== null && typhoon !== undefined) {
    const body = { scenario: typhoon.id, name: typhoon.name, durationMs: typhoon.durationMs, startsAt: Date.now() - look.typhoonHours * HOUR };
    const { status, text } = await test.call('POST', '/api/v1/simulation/scenarios', { body, token });
    if (status !== 201) throw new Error(`the typhoon was refused: ${text}`);
  }
  const ending = new AbortController();
  const clock = { now: systemClock.now, setTimer: systemClock.setTimer };
  let isLive: () => void = () => {};
  const live = new Promise<void>((resolve) => {
    isLive = resolve;
  });
  const log = (line: string): void => {
    console.log(line);
    if (line.includes('the city is live')) isLive();
  };
  const done = runFeed({ catalogue: test.server.catalogue(), url: test.url, token, clock, days: 8, log, signal: ending.signal });
  await Promise.race([live, done]);
  return async () => {
    ending.abort(new Error('enough'));
    await done.catch(() => {});
  };
}

async function untilAlerts(test: TestServer, count: number): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    const { json } = await test.call('GET', '/api/v1/alerts');
    const firing = json.alerts.filter(({ condition }: { condition: string }) => condition === 'firing').length;
    if (firing >= count) return console.log(`${firing} alerts`);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function picture(browser: Browser, look: Look): Promise<void> {
  const test = await startTestServer({ city: path.join(repository, 'metrics-config/linjiang') });
  const endFeed = await feedFor(test, look);
  await untilAlerts(test, look.alerts);
  for (const lang of LANGUAGES) {
    for (const [width, height] of SIZES) {
      const watched = await openPage(browser, test, { lang, width, height, query: look.query });
      await shoot(watched, `${look.name}-${lang}-${width}x${height}`);
      await watched.close();
    }
  }
  await endFeed();
  await test.stop();
}

mkdirSync(pictures, { recursive: true });
const browser = await launchBrowser();
try {
  await picture(browser, { name: 'quiet', query: '&indicator=hotline_calls&place=linjiang&window=24h', alerts: 1, typhoonHours: null });
  await picture(browser, { name: 'typhoon', query: '&indicator=river_level_over_warning&place=river_20&window=24h', alerts: 400, typhoonHours: 22 });
} finally {
  await browser.close();
}
