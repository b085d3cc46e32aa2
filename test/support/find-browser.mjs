/**
 * Finds the browser for the tests and the screenshots: `CHROME_PATH`, else a Chromium or Chrome on this machine, else Debian's
 * package when this process may install it. Plain JavaScript without packages.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execute, SetupError, step } from '../../server/progress.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const PLACES = [
  '/usr/bin/chromium',
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Browsers that a Playwright on this machine once downloaded. */
function playwrightBrowsers() {
  const folders = [process.env.PLAYWRIGHT_BROWSERS_PATH, join(homedir(), '.cache/ms-playwright'), join(homedir(), 'Library/Caches/ms-playwright')].filter(
    (folder) => folder && existsSync(folder),
  );
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort()
      .reverse()
      .flatMap((name) => ['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-mac/Chromium.app/Contents/MacOS/Chromium'].map((file) => join(folder, name, file))),
  );
}

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function installedBrowser() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES, ...playwrightBrowsers()].find(isExecutable) ?? null;
}

const HOW_TO = `No Chromium or Chrome was found. Install one, for example
  Debian, Ubuntu:  apt-get install chromium        (as root)
  Fedora:          dnf install chromium            (as root)
  macOS:           brew install --cask google-chrome
or set CHROME_PATH to the program of one that is installed.`;

/**
 * @returns {Promise<string>} the path of a browser that can be run
 * @throws {SetupError} with the way to get one
 */
export async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new SetupError(`CHROME_PATH is ${named}, which cannot be run.`);
  }
  const found = installedBrowser();
  if (found) return found;
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) throw new SetupError(HOW_TO);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await step('Installing the browser for the tests (Debian package chromium)', async () => {
      await execute('apt-get', ['update', '-q'], env);
      await execute('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env);
    });
  } catch (error) {
    throw new SetupError(`${HOW_TO}\nInstalling it here was tried and failed: ${error.message}`);
  }
  const installed = installedBrowser();
  if (!installed) throw new SetupError(HOW_TO);
  return installed;
}
