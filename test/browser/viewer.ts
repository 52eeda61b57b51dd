/** Opens pages in a Chromium, for the test files beside this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { type ReportData, writeReport } from '../../src/report/index.ts';
import { findChromium, NO_CHROMIUM } from './chromium.ts';

const executablePath = findChromium();

let folder = '';
let browser: Browser;
let count = 0;

/** A place in this file's own folder, which is removed when its tests are done. */
export function place(name: string): string {
  return join(folder, name);
}

/** A page showing a report, and everything it complained of or asked for. */
export interface Shown {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

/** Writes a report and opens it, ready to be used. */
export async function show(report: ReportData, options: BrowserContextOptions = {}): Promise<Shown> {
  const { file } = await writeReport(report, place(`${count++}.html`));
  return showFile(file, options);
}

/** Opens a page that has been written, ready to be used where it works. */
export async function showFile(file: string, options: BrowserContextOptions = {}, works = true): Promise<Shown> {
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  if (works) await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  return { page, complaints, requests };
}

/** A page of one's own, with what `show` does not offer. */
export function emptyPage(options: BrowserContextOptions): Promise<Page> {
  return browser.newPage(options);
}

/** Tests in one browser; where there is none they are skipped, and their name says why. */
export function describeInChromium(name: string, tests: () => void): void {
  describe.skipIf(executablePath === null)(`${name} (${executablePath ?? NO_CHROMIUM})`, () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'twincell-page-'));
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    });

    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    tests();
  });
}
