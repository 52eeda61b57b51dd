/**
 * Takes the pictures of the docs, in light and dark: the cell of a report, or a live page in the moment of a dendrite's spike.
 *
 *     node examples/screenshot.ts PAGE.html [FOLDER]
 *
 * PAGE.html is what `npm run demo`, `twincell report` or `twincell page` wrote; FOLDER is `docs/images` where absent. Needs a
 * Chromium ($TWINCELL_CHROMIUM, or one on PATH).
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../test/browser/chromium.ts';

const WIDTH = 1280;
const MARGIN = 32;
/** When the reader of the live page excites the nexus, and when the picture is taken (ms of the trial). */
const EXCITED_MS = 236;
const SPIKE_MS = 240;

/** Lets a live page that stands still run to this moment. */
async function runTo(page: Page, ms: number): Promise<void> {
  const time = async () => Number.parseFloat((await page.locator('#moment-text').textContent()) ?? '');
  for (let now = await time(); now < ms - 1e-6; now++) {
    await page.locator('#advance').click();
    while ((await time()) < Math.min(ms, now + 1) - 1e-6) await page.waitForTimeout(1);
  }
}

/** Brings a live page to its moment. */
async function excite(page: Page): Promise<void> {
  await runTo(page, EXCITED_MS);
  for (let k = 0; k < 3; k++) await page.locator('#excite').click();
  await runTo(page, SPIKE_MS);
}

/** From a title to the end of the drawing. */
async function part(page: Page, title: string) {
  const top = await page.locator(title).boundingBox();
  const stage = await page.locator('.stage').boundingBox();
  if (top === null || stage === null) throw new Error('the page shows no cell');
  const height = stage.y + stage.height - top.y + 2 * MARGIN;
  return { x: stage.x - MARGIN, y: top.y - MARGIN, width: stage.width + 2 * MARGIN, height };
}

async function takePictures(file: string, folder: string, executablePath: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: WIDTH, height: 1000 };
      const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
      await page.goto(pathToFileURL(file).href);
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      const live = (await page.locator('#live').count()) > 0;
      if (live) await excite(page);
      // Without the bar that floats above.
      await page.locator('.bar').evaluate((bar) => bar.remove());
      const clip = await part(page, live ? '.masthead .eyebrow' : '#cell-title');
      const path = join(folder, `${live ? 'live' : 'report'}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, clip });
      console.log(path);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

const [file, folder = 'docs/images'] = process.argv.slice(2);
const chromiumPath = findChromium();
if (file === undefined || chromiumPath === null) {
  console.error(file === undefined ? 'usage: node examples/screenshot.ts PAGE.html [FOLDER]' : NO_CHROMIUM);
  process.exitCode = file === undefined ? 2 : 3;
} else {
  await takePictures(resolve(file), resolve(folder), chromiumPath);
}
