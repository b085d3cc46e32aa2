/** The demonstration city's page: its groups on the wall, the way from the wall down to a place, hundreds of alerts, and marked events. */
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage, type WatchedPage } from '../support/browser.ts';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const HOUR = 3_600_000;
/** Street flood sensors that are given a depth: more alerts than one portion of cards. */
const FLOODED = 60;

let test: TestServer;
let browser: Browser;
/** One page for all of it, as an officer's stays open through a shift: each test leaves it on the wall. */
let watched: WatchedPage;
beforeAll(async () => {
  test = await startTestServer({ city: path.join(repository, 'metrics-config/linjiang') });
  await addEvent();
  browser = await launchBrowser();
  watched = await newPage(browser, { width: 1920, height: 1080, expectedErrors: [/401 \(Unauthorized\)/] });
  const { page } = watched;
  page.setDefaultTimeout(20_000);
  await page.goto(`${test.url}/sign-in?lang=zh#token=${await test.server.identity.issueSignInLink()}`);
  await page.locator('.tile').first().waitFor({ timeout: 60_000 });
  // The base map is drawn on the page's own thread where there is no graphics card; until then every key waits for it.
  await page.locator('.city-map[aria-busy=false]').waitFor({ timeout: 60_000 });
});
afterEach(() => watched.assertNoErrors());
afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

async function addEvent(): Promise<void> {
  const now = Date.now();
  const { status } = await test.call('POST', '/api/v1/events', {
    cookie: await test.signIn(),
    body: { kind: 'storm', name: { zh: '昨夜暴雨', en: 'Last night’s storm' }, from: now - 20 * HOUR, to: now - 12 * HOUR },
  });
  expect(status).toBe(201);
}

/** Time for a page that a loaded machine holds up. */
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 });

const param = (key: string): string | null => new URL(watched.page.url()).searchParams.get(key);

describe('the wall', () => {
  it('shows a row for each of the city’s groups, all of them at once on a screen of 1920×1080', async () => {
    const { page } = watched;
    const { json } = await test.call('GET', '/api/v1/city');
    await eventually(() => page.locator('.wall-row').count()).toBe(json.groups.length);
    expect(await page.locator('.vitals-scroll').evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  });

  it('changes to another layout, which the address holds', async () => {
    const { page } = watched;
    const { json } = await test.call('GET', '/api/v1/city');
    const [, second] = json.walls;
    await page.getByRole('button', { name: second.name.zh, exact: true }).click();
    await eventually(() => param('wall')).toBe(second.id);
    await eventually(() => page.locator('.tile').count()).toBe(second.tiles.length);
    await page.goBack();
    await eventually(() => param('wall')).toBeNull();
  });
});

describe('from the wall to a place', () => {
  it('goes by keyboard from a search to an indicator’s places and takes one to the chart, and Escape leads back step by step', async () => {
    const { page } = watched;
    await page.keyboard.press('/');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.type('pond_depth');
    await page.getByText('找到 1 项指标').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => param('list')).toBe('pond_depth');
    await page.locator('.browse-place').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => param('place')).toMatch(/^pond_\d+$/);
    expect(param('indicator')).toBe('pond_depth');
    await page.keyboard.press('Escape');
    await page.getByText('找到 1 项指标').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('pond_depth');
    await page.keyboard.press('Escape');
    await eventually(() => param('find')).toBeNull();
    await page.keyboard.press('Escape');
    await page.locator('.wall-row').first().waitFor();
  });

  it('opens a group from its head, says so when a search finds nothing, and axe finds nothing serious on either', async () => {
    const { page } = watched;
    await page.locator('.wall-head[data-group="flood"]').click();
    await page.locator('.browse-domain').first().waitFor();
    const grave = async () => (await new AxeBuilder({ page }).include('.vitals').analyze()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(await grave()).toEqual([]);
    await page.getByRole('searchbox').fill('没有这样的指标');
    await page.getByText('没有叫“没有这样的指标”的指标。').waitFor();
    expect(await grave()).toEqual([]);
    await page.getByRole('searchbox').press('Escape');
    await page.locator('.browse-domain').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.wall-row').first().waitFor();
  });
});

describe('many alerts', () => {
  it('shows the first of them and how many are left, one level alone on request, and moves beyond what is shown', async () => {
    const observedAt = Date.now() - 1000;
    const { json: places } = await test.call('GET', '/api/v1/places');
    const ponds = places.places.filter((place: { id: string }) => place.id.startsWith('pond_')).slice(0, FLOODED);
    // A hold time passes between the first breach and the alert.
    const at = (offset: number) => ponds.map((place: { id: string }) => ({ indicator: 'pond_depth', place: place.id, observedAt: observedAt + offset, value: 60 }));
    await test.call('POST', '/api/v1/readings', { body: { readings: [...at(-10 * 60_000), ...at(-5 * 60_000), ...at(0)] } });
    await expect
      .poll(async () => (await test.call('GET', '/api/v1/alerts')).json.alerts.filter((alert: { condition: string }) => alert.condition === 'firing').length, { timeout: 30_000 })
      .toBeGreaterThanOrEqual(FLOODED);
    const { page } = watched;
    await page.getByRole('button', { name: /再看一些/ }).waitFor();
    const shown = await page.locator('.card').count();
    expect(shown).toBeLessThan(FLOODED);
    await page.locator('.levels-one:not([disabled])').first().click();
    await eventually(() => param('level')).not.toBeNull();
    for (let i = 0; i <= shown; i++) await page.keyboard.press('j');
    await eventually(() => page.locator('.card').count()).toBeGreaterThan(shown);
  });
});

describe('marked events', () => {
  it('stand in the chart’s menu and set its window, which the address holds', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: '事件' }).click();
    await page.getByRole('menuitemradio', { name: /昨夜暴雨/ }).click();
    await eventually(() => param('window')).toMatch(/^\d+-\d+$/);
    await page.getByRole('button', { name: '昨夜暴雨' }).waitFor();
    await page.getByRole('button', { name: '24 小时' }).click();
    await eventually(() => param('window')).toBe('24h');
  });
});
