/**
 * Makes the pictures of the city of recordings again: at the height of New York's floods, without data, and with the
 * server gone; both languages, at the sizes people use. The server's clock is set to early afternoon on the flood's day, whatever the time is here.
 *
 * `npm run screenshots`
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startReplay } from '../../seed/replay.ts';
import { zoneClock } from '../../seed/wall-time.ts';
import { offsetClock } from '../../server/clock.ts';
import { launchBrowser, newPage } from '../support/browser.ts';
import { LANGUAGES, openPage, pictures, shoot } from '../support/pictures.ts';
import { INGEST_TOKEN, repository, startTestServer } from '../support/server.ts';

const city = path.join(repository, 'metrics-config/open-data');
/** When the water stood in most streets at once. */
const FLOOD_HOUR = { hour: 13, minute: 36 };
const SIZES = [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const;

/** How far the clock must be moved for it to be `FLOOD_HOUR` of the present day in New York. */
function offsetToFlood(): number {
  const now = Date.now();
  const zone = zoneClock('America/New_York');
  const minutes = Math.floor(zone.wallOf(now) / 60_000) % 1440;
  return (FLOOD_HOUR.hour * 60 + FLOOD_HOUR.minute - minutes) * 60_000;
}

async function flood(browser: Browser): Promise<void> {
  const clock = offsetClock(offsetToFlood());
  const test = await startTestServer({ clock, city });
  const ending = new AbortController();
  const replay = startReplay({ catalogue: test.server.catalogue(), url: test.url, token: INGEST_TOKEN, clock, log: () => {}, signal: ending.signal });
  await replay.caughtUp;
  await test.server.settled();
  // The deepest flood is what a visitor looks at first.
  const { json } = await test.call('GET', '/api/v1/latest?indicator=street_flood_depth');
  const deepest = [...json.latest].sort((a: { value: number }, b: { value: number }) => b.value - a.value)[0];
  const query = `&indicator=street_flood_depth&place=${deepest.place}&window=24h`;
  for (const lang of LANGUAGES) {
    for (const [width, height] of SIZES) {
      const watched = await openPage(browser, test, { lang, width, height, query });
      await shoot(watched, `flood-${lang}-${width}x${height}`);
      if (width === 1920) {
        await test.server.stop();
        await watched.page
          .getByText(lang === 'zh' ? '与服务器的连接已中断' : /Connection to the server lost/)
          .first()
          .waitFor();
        await watched.page.waitForTimeout(3000);
        await shoot(watched, `disconnected-${lang}-${width}x${height}`);
        await test.restart();
      }
      await watched.close();
    }
  }
  ending.abort();
  await replay.done.catch(() => {});
  await test.stop();
}

async function empty(browser: Browser): Promise<void> {
  const test = await startTestServer({ city });
  for (const lang of LANGUAGES) {
    const watched = await openPage(browser, test, { lang, width: 1280, height: 800 });
    await shoot(watched, `empty-${lang}-1280x800`);
    await watched.close();
  }
  const signIn = await newPage(browser, { width: 1280, height: 800, expectedErrors: [/401/] });
  await signIn.page.goto(`${test.url}/?lang=zh`);
  await signIn.page.waitForTimeout(1500);
  await shoot(signIn, 'sign-in-zh-1280x800');
  await signIn.close();
  await test.stop();
}

mkdirSync(pictures, { recursive: true });
const browser = await launchBrowser();
try {
  await flood(browser);
  await empty(browser);
} finally {
  await browser.close();
}
