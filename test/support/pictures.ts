/** What makes pictures: a page that is signed in and drawn, and where a picture goes. */
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { newPage, type WatchedPage } from './browser.ts';
import { repository, type TestServer } from './server.ts';

export const pictures = path.join(repository, 'docs/screenshots');
export const LANGUAGES = ['zh', 'en'] as const;

export async function openPage(browser: Browser, test: TestServer, view: { lang: string; width: number; height: number; query?: string }): Promise<WatchedPage> {
  const watched = await newPage(browser, { ...view, expectedErrors: [/401/, /WebSocket/, /ERR_CONNECTION/] });
  const token = await test.server.identity.issueSignInLink();
  await watched.page.goto(`${test.url}/sign-in?lang=${view.lang}#token=${token}`);
  await watched.page.waitForURL((url) => url.pathname === '/');
  await watched.page.goto(`${test.url}/?lang=${view.lang}${view.query ?? ''}`);
  await watched.page.locator('.city-map[aria-busy=false]').waitFor({ timeout: 60_000 });
  // The map says when it has its ground; the stations and columns are drawn after that, and a picture has no event for "drawn".
  await watched.page.waitForTimeout(4000);
  return watched;
}

export async function shoot(watched: WatchedPage, name: string): Promise<void> {
  await watched.page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
  console.log(`docs/screenshots/${name}.png`);
}
