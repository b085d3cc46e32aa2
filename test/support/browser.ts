/**
 * A real browser for the tests. Every page collects what went wrong on it (an uncaught error, a `console.error`), and a test
 * that does not ask `assertNoErrors()` at its end has not looked.
 */
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Without these a machine without a graphics card draws the map at a few frames per second or not at all. `--no-sandbox` because
 * the tests run as root in containers; they open only pages of their own server.
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-accelerated-2d-canvas',
];

/** Starts the browser that `npm test` found. @throws when CHROME_PATH is not set: run the tests through `npm test -- browser`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME_PATH'];
  if (!executablePath) throw new Error('CHROME_PATH is not set: run `npm test -- browser`, which finds a browser, or set it.');
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

export interface PageOptions {
  width: number;
  height: number;
  /** What the browser says it speaks: `zh-CN` by default. */
  lang?: string;
  /** Messages of the browser that a test provokes on purpose, such as a refused sign-in's 401. */
  expectedErrors?: RegExp[];
}

export interface WatchedPage {
  page: Page;
  /** What went wrong so far, oldest first. */
  errors: readonly string[];
  /** @throws when anything went wrong on the page, naming all of it. */
  assertNoErrors(): void;
  close(): Promise<void>;
}

/** Opens a page in a context of its own: no cookie, no storage of another page. Sizes are CSS pixels. */
export async function newPage(browser: Browser, options: PageOptions): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: options.width, height: options.height }, locale: options.lang ?? 'zh-CN' });
  const page = await context.newPage();
  const errors: string[] = [];
  const note = (text: string) => {
    if (!options.expectedErrors?.some((expected) => expected.test(text))) errors.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console.error: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => errors.push('the page crashed'));
  return {
    page,
    errors,
    assertNoErrors() {
      if (errors.length > 0) throw new Error(`The page had ${errors.length} error(s):\n${errors.join('\n')}`);
    },
    close: () => context.close(),
  };
}
