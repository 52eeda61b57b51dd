import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { VoltageMovie } from '../../src/report/index.ts';
import { syntheticReport } from './synthetic.ts';
import { describeInChromium, show } from './viewer.ts';

const data = syntheticReport({ seed: 5, samples: 600 });

/** The pixels of a canvas, as the browser would save them. */
function pixels(page: Page, selector: string): Promise<string> {
  return page.locator(selector).evaluate((node) => (node as HTMLCanvasElement).toDataURL());
}

/** Two frames, after which what was asked for has been drawn. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
}

/** Mean lightness (0 to 255) of what is painted on the cell's canvas, away from legend and scale. */
function lightnessOfCell(page: Page): Promise<number> {
  return page.locator('#cell-canvas').evaluate((node) => {
    const canvas = node as HTMLCanvasElement;
    const height = Math.floor(canvas.height * 0.85);
    const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, height).data ?? [];
    let sum = 0;
    let painted = 0;
    for (let i = 0; i < image.length; i += 4) {
      if (image[i + 3] !== 255) continue;
      sum += 0.2126 * (image[i] ?? 0) + 0.7152 * (image[i + 1] ?? 0) + 0.0722 * (image[i + 2] ?? 0);
      painted++;
    }
    return painted === 0 ? Number.NaN : sum / painted;
  });
}

/** Lightness (0 to 255) of the page's ground. */
function ground(page: Page): Promise<number> {
  return page.evaluate(() => {
    const parts = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
    return parts.slice(0, 3).reduce((sum, part) => sum + Number(part) / 3, 0);
  });
}

const moment = (page: Page) => page.locator('#moment').inputValue().then(Number);
const noSidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

describeInChromium('using the report', () => {
  test('complains of nothing and asks nobody for anything', async () => {
    const { page, complaints, requests } = await show(data);
    await page.locator('#play').click();
    await page.locator('#theme').click();
    await page.mouse.wheel(0, 4000);
    await drawn(page);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => url !== 'data:,')).toEqual([]);
    await page.close();
  });

  test('has every section and paints every panel', async () => {
    const { page } = await show(data);
    const titles = await page.locator('main h2').allTextContents();
    expect(titles).toHaveLength(5);
    const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const link of links) expect(await page.locator(link).count()).toBe(1);
    const panels = page.locator('.plot');
    expect(await panels.count()).toBe(13);
    for (const panel of await panels.all()) {
      const canvas = panel.locator('canvas');
      const painted = await canvas.evaluate((node) => {
        const { width, height } = node as HTMLCanvasElement;
        const image = (node as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        return image.some((part) => part !== 0);
      });
      expect(painted, (await panel.getAttribute('id')) ?? '').toBe(true);
      expect(await panel.getAttribute('aria-description')).not.toBe('');
    }
    await page.close();
  });

  test('needs no sideways scrolling on a narrow phone', async () => {
    const { page } = await show(data, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.setViewportSize({ width: 320, height: 740 });
    await drawn(page);
    await page.setViewportSize({ width: 1000, height: 740 });
    await drawn(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await drawn(page);
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.close();
  });

  test('the slider changes the drawing, by keyboard too, and back again', async () => {
    const { page } = await show(data);
    const slider = page.locator('#moment');
    await slider.fill('100');
    const before = await pixels(page, '#cell-canvas');
    await slider.focus();
    for (let k = 0; k < 5; k++) await page.keyboard.press('ArrowRight');
    expect(await moment(page)).toBe(105);
    expect(await page.locator('#moment-text').textContent()).toBe('105 ms');
    expect(await slider.getAttribute('aria-valuetext')).toBe('105 ms');
    expect(await pixels(page, '#cell-canvas')).not.toBe(before);
    for (let k = 0; k < 5; k++) await page.keyboard.press('ArrowLeft');
    expect(await pixels(page, '#cell-canvas')).toBe(before);
    await page.close();
  });

  test('a higher voltage is a lighter colour', async () => {
    const { cell } = data;
    const compartments = data.movie?.compartments ?? 0;
    const samples = 41;
    // -80 mV in every compartment at first, 1 mV more each ms.
    const values = Float32Array.from({ length: compartments * samples }, (_, i) => -80 + (i % samples));
    const movie: VoltageMovie = { trial: 0, compartments, samples, startMs: 0, stepMs: 1, values };
    const { page } = await show({ identity: data.identity, ...(cell && { cell }), movie });
    let last = Number.NEGATIVE_INFINITY;
    for (const ms of [0, 10, 20, 30, 40]) {
      await page.locator('#moment').fill(String(ms));
      const lightness = await lightnessOfCell(page);
      expect(lightness).toBeGreaterThan(last);
      last = lightness;
    }
    await page.close();
  });

  test('plays, pauses, and stops at the end', async () => {
    const { page } = await show(data);
    const play = page.locator('#play');
    await page.locator('#moment').fill('10');
    await play.click();
    expect(await play.getAttribute('aria-label')).toBe('Pause');
    await page.waitForFunction(() => Number((document.getElementById('moment') as HTMLInputElement).value) > 12);
    await page.locator('#moment').focus();
    await page.keyboard.press('Space');
    expect(await play.getAttribute('aria-label')).toBe('Play');
    const stopped = await moment(page);
    await drawn(page);
    expect(await moment(page)).toBe(stopped);
    await page.locator('#moment').fill('590');
    await play.click();
    await page.waitForFunction(() => document.getElementById('play')?.getAttribute('aria-pressed') === 'false');
    expect(await moment(page)).toBe(599);
    await page.close();
  });

  test('with reduced motion it plays as still pictures', async () => {
    const { page } = await show(data, { reducedMotion: 'reduce' });
    await page.locator('#moment').fill('0');
    const jumps = await page.evaluate(
      () =>
        new Promise<number[]>((done) => {
          const slider = document.getElementById('moment') as HTMLInputElement;
          const seen = [0];
          const watch = () => {
            const value = Number(slider.value);
            if (value !== seen.at(-1)) seen.push(value);
            if (seen.length < 3) requestAnimationFrame(watch);
            else done(seen.slice(1).map((at, i) => at - (seen[i] ?? 0)));
          };
          document.getElementById('play')?.click();
          watch();
        }),
    );
    // Half a second apart at the least, at 100 ms a second.
    for (const jump of jumps) expect(jump).toBeGreaterThanOrEqual(49);
    await page.close();
  });

  test('colours by region, with a legend in place of the colour bar', async () => {
    const { page } = await show(data);
    const byVoltage = await pixels(page, '#cell-canvas');
    expect(await page.locator('#colourbar').isVisible()).toBe(true);
    expect(await page.locator('#colourbar').textContent()).toContain('mV');
    await page.getByText('Region', { exact: true }).click();
    expect(await pixels(page, '#cell-canvas')).not.toBe(byVoltage);
    expect(await page.locator('#colourbar').isVisible()).toBe(false);
    expect(await page.locator('#region-legend').isVisible()).toBe(true);
    await page.close();
  });

  test('says what is under the pointer, and draws the trace of what is clicked', async () => {
    const { page } = await show(data);
    const box = await page.locator('#cell-canvas').boundingBox();
    if (box === null) throw new Error('the cell has no place');
    // Somewhere on a grid over the drawing there is a branch.
    let found = '';
    for (let k = 0; k < 400 && found === ''; k++) {
      const at = { x: ((k % 20) + 0.5) / 20, y: (Math.floor(k / 20) + 0.5) / 20 };
      await page.mouse.move(box.x + at.x * box.width, box.y + at.y * box.height);
      found = (await page.locator('#probe').textContent()) ?? '';
    }
    expect(found).toMatch(
      /^(soma|axon|basal|apical)\[\d+\] · \w+ · segment \d+, \d+ µm along the branch · −?\d+\.\d mV$/,
    );
    await page.mouse.down();
    await page.mouse.up();
    const legend = await page.locator('#movie-plot .u-legend').textContent();
    expect(legend).toContain(found.split(' ')[0]);
    await page.close();
  });

  test('dark follows the system, and the button overrules it', async () => {
    const { page } = await show(data, { colorScheme: 'light' });
    const light = await ground(page);
    const plot = await pixels(page, '#crosscheck-plot canvas');
    await page.emulateMedia({ colorScheme: 'dark' });
    await drawn(page);
    expect(light - (await ground(page))).toBeGreaterThan(150);
    expect(await pixels(page, '#crosscheck-plot canvas')).not.toBe(plot);
    await page.locator('#theme').click();
    await drawn(page);
    expect(await ground(page)).toBe(light);
    expect(await page.locator('#theme').getAttribute('aria-pressed')).toBe('false');
    await page.close();
  });

  test('dragging across one panel zooms its partner, and Reset shows everything again', async () => {
    const { page } = await show(data);
    const partner = '#difference-plot canvas';
    await page.locator('#crosscheck-plot').scrollIntoViewIfNeeded();
    const whole = await pixels(page, partner);
    const box = await page.locator('#crosscheck-plot .u-over').boundingBox();
    if (box === null) throw new Error('the plot has no place');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await drawn(page);
    expect(await pixels(page, partner)).not.toBe(whole);
    await page.locator('[data-group="crosscheck"] [data-zoom="reset"]').click();
    await drawn(page);
    expect(await pixels(page, partner)).toBe(whole);
    await page.close();
  });

  test('the cursor of one panel reads the other at the same time', async () => {
    const { page } = await show(data);
    const reading = page.locator('#difference-plot .u-value').first();
    await page.locator('#crosscheck-plot .u-over').hover({ position: { x: 200, y: 60 } });
    const here = await page.locator('#crosscheck-plot .u-value').first().textContent();
    expect(here).toMatch(/^\d/);
    expect(await reading.textContent()).toBe(here);
    await page.close();
  });
});
