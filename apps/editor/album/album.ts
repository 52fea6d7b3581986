// An album of every page and state, light and dark, at three sizes, with an accessibility check of each:
//   node apps/editor/album/album.ts --url http://localhost:4000 --email me@example.com --password … --out /tmp/album [--only inbox,runs] [--language es]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { testBrowser } from '@holdfast/test-kit/browser';
import type { Browser, BrowserContext, Page } from './browser-types.ts';
import { openApi } from './api.ts';
import { axeCheck } from './axe-check.ts';
import { scenes, type Scene, type Seeded } from './scenes.ts';
import { seed } from './seed.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000' },
    email: { type: 'string', default: 'ana@example.com' },
    password: { type: 'string', default: 'a long enough password' },
    out: { type: 'string', default: 'album-out' },
    only: { type: 'string' },
    language: { type: 'string', default: 'en' },
    size: { type: 'string' },
    scheme: { type: 'string' },
  },
});

const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 900, height: 700 },
  { name: 'phone', width: 390, height: 844 },
].filter(({ name }) => !values.size || values.size === name);
const schemes = (['light', 'dark'] as const).filter((scheme) => !values.scheme || values.scheme === scheme);
const settleMs = 500;

interface Look {
  scheme: 'light' | 'dark';
  size: (typeof sizes)[number];
}

async function openContext(browser: Browser, { scheme, size }: Look, cookie: string | null): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: size.width, height: size.height },
    colorScheme: scheme,
    locale: values.language,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  await context.addInitScript(
    `localStorage.setItem('holdfast.theme', '${scheme}'); localStorage.setItem('holdfast.language', '${values.language}');`,
  );
  if (cookie !== null)
    await context.addCookies(
      cookie.split('; ').map((pair) => ({
        name: pair.slice(0, pair.indexOf('=')),
        value: decodeURIComponent(pair.slice(pair.indexOf('=') + 1)),
        url: values.url,
      })),
    );
  return context;
}

async function show(page: Page, scene: Scene, path: string): Promise<void> {
  await scene.intercept?.(page);
  await page.goto(`${values.url}${path}`, { waitUntil: 'domcontentloaded' });
  // A live stream never ends, so an idle network is no sign; a page is there when its shell is and its first reads are.
  await page
    .locator('h1, h2')
    .first()
    .waitFor({ timeout: 8_000 })
    .catch(() => undefined);
  await page.waitForTimeout(settleMs);
  await scene.arrange?.(page);
}

const problems: string[] = [];
/** Told at once: a run that is stopped early has said what it saw. */
const tell = (problem: string) => {
  problems.push(problem);
  process.stdout.write(`${problem}\n`);
};

async function picture(context: BrowserContext, scene: Scene, path: string, look: Look): Promise<void> {
  const page = await context.newPage();
  const name = `${scene.name}-${look.size.name}-${look.scheme}${values.language === 'en' ? '' : `-${values.language}`}`;
  page.on('pageerror', (error) => tell(`${name}: page error ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      tell(`${name}: console ${message.text().slice(0, 400)}`);
  });
  try {
    await show(page, scene, path);
    await page.screenshot({ path: join(values.out, `${name}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) tell(`${name}: ${wide} px wider than the window`);
    for (const violation of await axeCheck(page)) tell(`${name}: ${violation}`);
  } catch (error) {
    tell(`${name}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  } finally {
    await page.close();
  }
}

const wanted = values.only?.split(',');
const isWanted = ({ name }: Scene) => wanted === undefined || wanted.includes(name);

async function shoot(browser: Browser, look: Look, seeded: Seeded, cookie: string): Promise<void> {
  for (const isSignedOut of [false, true]) {
    const context = await openContext(browser, look, isSignedOut ? null : cookie);
    for (const scene of scenes.filter((each) => Boolean(each.isSignedOut) === isSignedOut && isWanted(each))) {
      const path = scene.path(seeded);
      if (path !== null) await picture(context, scene, path, look);
    }
    await context.close();
  }
}

/** The first page of all can be pictured only while nobody owns this Holdfast. */
async function shootSetup(browser: Browser): Promise<void> {
  const state = await fetch(`${values.url}/api/setup`);
  if (!((await state.json()) as { isOpen: boolean }).isOpen) return; // the contract of setupState
  for (const scheme of schemes)
    for (const size of sizes) {
      const context = await openContext(browser, { scheme, size }, null);
      await picture(context, { name: 'setup', path: () => '/setup' }, '/setup', { scheme, size });
      await context.close();
    }
}

await mkdir(values.out, { recursive: true });
const browser = await testBrowser();
try {
  await shootSetup(browser);
  const api = await openApi(values.url, { email: values.email, password: values.password });
  const seeded = await seed(api);
  for (const scheme of schemes) for (const size of sizes) await shoot(browser, { scheme, size }, seeded, api.cookie);
} finally {
  await browser.close();
}
await writeFile(join(values.out, `problems${values.language === 'en' ? '' : `-${values.language}`}.txt`), `${problems.join('\n')}\n`);
process.stdout.write(`${problems.length} problems\n`);
