/**
 * Takes the README's picture: the cell of a report, in light and dark.
 *
 *     node examples/screenshot.ts REPORT.html [FOLDER]
 *
 * REPORT.html is what `npm run demo` or `twincell report` wrote; FOLDER is `docs/images` where absent. Needs a Chromium
 * ($TWINCELL_CHROMIUM, or one on PATH).
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../test/browser/chromium.ts';

const WIDTH = 1280;
const MARGIN = 32;

async function takePictures(report: string, folder: string, executablePath: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: WIDTH, height: 1000 };
      const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
      await page.goto(pathToFileURL(report).href);
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      // From the section's title to the end of the drawing, without the bar that floats above.
      await page.locator('.bar').evaluate((bar) => bar.remove());
      const title = await page.locator('#cell-title').boundingBox();
      const stage = await page.locator('.stage').boundingBox();
      if (title === null || stage === null) throw new Error(`${report} shows no cell`);
      const path = join(folder, `report-${colorScheme}.png`);
      const height = stage.y + stage.height - title.y + 2 * MARGIN;
      const clip = { x: stage.x - MARGIN, y: title.y - MARGIN, width: stage.width + 2 * MARGIN, height };
      await page.screenshot({ path, fullPage: true, clip });
      console.log(path);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

const [report, folder = 'docs/images'] = process.argv.slice(2);
const chromiumPath = findChromium();
if (report === undefined || chromiumPath === null) {
  console.error(report === undefined ? 'usage: node examples/screenshot.ts REPORT.html [FOLDER]' : NO_CHROMIUM);
  process.exitCode = report === undefined ? 2 : 3;
} else {
  await takePictures(resolve(report), resolve(folder), chromiumPath);
}
