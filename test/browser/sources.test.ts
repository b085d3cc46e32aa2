/** The health of the sources on the page, in a real browser on a real server: what is refused is seen with its reason, read again, let go. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchBrowser, newPage, type WatchedPage } from '../support/browser.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let clock: MovableClock;
let test: TestServer;
let browser: Browser;
const pages: WatchedPage[] = [];
const MARKUP = '<img src=x onerror="document.title=`broken`">';
const MINUTE = 60_000;

beforeAll(async () => {
  clock = movableClock();
  [test, browser] = await Promise.all([startTestServer({ clock }), launchBrowser()]);
  await post('imperial', { place: 'nowhere', value: 3 });
  await post('imperial', { place: 'underpass_1', value: MARKUP.repeat(20) });
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

async function post(source: string, reading: { place: string; value: unknown }): Promise<void> {
  const { status } = await test.call('POST', `/api/v1/readings?source=${source}`, { body: { readings: [{ indicator: 'flood_depth', observedAt: clock.now(), ...reading }] } });
  expect(status).toBe(200);
}

async function open(lang: 'zh' | 'en', query = ''): Promise<WatchedPage> {
  const watched = await newPage(browser, { width: 1280, height: 800, expectedErrors: [/401 \(Unauthorized\)/] });
  pages.push(watched);
  await watched.page.goto(`${test.url}/sign-in?lang=${lang}${query}#token=${await test.server.identity.issueSignInLink()}`);
  await fact(watched.page).locator('.source-mark').first().waitFor();
  return watched;
}

const fact = (page: Page) => page.locator('.fact-sources');
const row = (page: Page, name: string) => page.getByRole('row', { name });

const expectFocus = (page: Page, selector: string) => expect.poll(() => page.evaluate((at) => document.activeElement?.matches(at), selector)).toBe(true);

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('.sources-dialog').include('.fact-sources').analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    grave.map(({ id, nodes }) => [id, nodes.map((node) => node.target)]),
    what,
  ).toEqual([]);
}

it.each([
  {
    lang: 'zh',
    failing: '1 故障',
    title: '数据来源',
    name: '英制来源',
    state: '故障',
    show: /^查看英制来源的隔离/,
    of: '隔离：英制来源',
    reasons: ['值的类型不对', '目录中没有这个地点'],
    more: /^展开全文/,
  },
  {
    lang: 'en',
    failing: '1 failing',
    title: 'Sources',
    name: 'Imperial source',
    state: 'failing',
    show: /^Show the quarantine of Imperial source/,
    of: 'Quarantine: Imperial source',
    reasons: ['value of the wrong type', 'place not in the catalogue'],
    more: /^Show all/,
  },
] as const)('tells in $lang what a source sent wrong, as plain text, worked by keyboard, and axe finds nothing serious at any width', async (words) => {
  const { page, assertNoErrors } = await open(words.lang);
  await fact(page).getByText(words.failing).waitFor();
  await fact(page).press('Enter');
  await page.getByRole('dialog', { name: words.title }).waitFor();
  await row(page, words.name).getByText(words.state, { exact: true }).waitFor();
  await expectAccessible(page, 'all sources');

  await page.getByRole('button', { name: words.show }).press('Enter');
  await page.getByRole('dialog', { name: words.of }).waitFor();
  const entries = page.locator('.quarantine-entry');
  await expect.poll(() => entries.locator('strong').allTextContents()).toEqual(words.reasons);
  await entries.first().getByRole('button', { name: words.more }).click();
  expect(JSON.parse((await entries.first().locator('pre').textContent()) ?? '')).toMatchObject({ value: MARKUP.repeat(20) });
  expect([await page.locator('.sources-dialog img').count(), await page.title()]).toEqual([0, expect.not.stringContaining('broken')]);
  await expectAccessible(page, 'quarantine');

  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, 'quarantine, narrow');
  expect(await page.locator('.sources-dialog').evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: words.title }).waitFor();
  await expectAccessible(page, 'all sources, narrow');
  for (const part of ['.sources-dialog', '.sources-scroll', 'html']) {
    expect([part, await page.locator(part).evaluate((element) => element.scrollWidth - element.clientWidth)]).toEqual([part, 0]);
  }
  await expectFocus(page, '.source-open');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expectFocus(page, '.fact-sources');
  assertNoErrors();
});

it('opens from its address, reads again what has been mended, and lets go only what was confirmed', async () => {
  const { page, assertNoErrors } = await open('zh', '&sources=imperial');
  const entries = page.locator('.quarantine-entry');
  await expect.poll(() => entries.count()).toBe(2);

  const stations = path.join(test.city, 'places/stations.yaml');
  const before = test.server.catalogue().version;
  await writeFile(stations, (await readFile(stations, 'utf8')).replace('id: underpass_3', 'id: nowhere'));
  await expect.poll(() => test.server.catalogue().version, { timeout: 10_000 }).not.toBe(before);
  await page.getByRole('button', { name: '全部重新读取' }).click();
  await page.getByText('读了 2 条：1 条已入库并离开，1 条留下。').waitFor();
  await page.getByText('读数：新增 1，重复 0，更正 0。').waitFor();
  await expect.poll(() => entries.count()).toBe(1);

  await entries.getByRole('button', { name: '丢弃' }).click();
  await entries.getByRole('button', { name: '保留' }).click();
  await entries.getByRole('button', { name: '丢弃' }).click();
  await entries.getByRole('button', { name: '确定丢弃' }).click();
  await page.getByText('没有隔离的原文').waitFor();
  expect((await test.call('GET', '/api/v1/sources/imperial/quarantine')).json.total).toBe(0);
  await page.getByRole('button', { name: '全部来源' }).click();
  await page.getByRole('dialog', { name: '数据来源' }).waitFor();
  await page.goBack();
  await page.getByRole('dialog', { name: '隔离：英制来源' }).waitFor();
  assertNoErrors();
});

it('tells of a source that falls silent while the page is open', async () => {
  const { page, assertNoErrors } = await open('zh');
  await post('imperial', { place: 'underpass_1', value: 3 });
  await fact(page).getByText('全部正常').or(fact(page).getByText('从未收到')).first().waitFor();
  clock.advance(30 * MINUTE);
  await fact(page).getByText('1 静默').waitFor();
  await fact(page).click();
  await row(page, '英制来源').getByText('静默', { exact: true }).waitFor();
  assertNoErrors();
});
