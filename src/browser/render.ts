/** A cell as the text of one HTML page that computes it: it needs no network, and no leave to make code from text. */
import { createHash } from 'node:crypto';
import {
  cellPayload,
  cellView,
  Html,
  html,
  jsonForScript,
  pageStyle,
  plotLibrary,
  scriptText,
} from '../report/index.ts';
import { encode } from './codec.ts';
import type { CellPage } from './data.ts';
import { browserScript, kernelScript } from './scripts.ts';
import { liveSection, madeSection, masthead } from './sections.ts';
import { liveStyle } from './style.ts';

/** Source expression that lets exactly this inline text run. */
function allow(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Only the page's own scripts and styles, its worker, WebAssembly, and no connection to anywhere. */
function policy(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(allow).join(' ')} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src ${styles.map(allow).join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The whole page. Equal data give equal bytes. */
export async function renderCellPage(data: CellPage): Promise<string> {
  const { cell, model, seed } = data;
  const library = plotLibrary();
  const [page, worker, text] = await Promise.all([browserScript('page'), browserScript('worker'), encode(cell)]);
  const style = `${pageStyle()}\n${liveStyle()}`;
  const drawing = cellPayload(cellView(model, cell.snapshot));
  const { dt, durationMs } = cell;
  const script = scriptText(page);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([library.script, script], [library.style, style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="twincell">
<title>${model}, computed live – twincell</title>
<link rel="icon" href="data:,">
<style>${new Html(library.style)}</style>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
  <nav aria-label="Sections"><a href="#live">Cell</a> <a href="#made">What is computed</a></nav>
  <button class="theme" type="button" id="theme" aria-pressed="false" aria-label="Dark theme" title="Light or dark"><span class="theme-mark" aria-hidden="true"></span></button>
</header>
<main id="main">
${masthead(data)}
<noscript><p class="verdict bad">The cell is computed by this page’s script, which needs JavaScript and WebAssembly.</p></noscript>
<p class="verdict bad" id="failure" role="alert" hidden></p>
${liveSection(data)}
${madeSection(data)}
</main>
<footer><p>Written by twincell as one file; it loads nothing and sends nothing. Plots by uPlot (MIT licence).</p></footer>
<script type="application/json" id="settings">${jsonForScript({ model, seed, dt, durationMs, drawing })}</script>
<script type="text/plain" id="cell">${new Html(text)}</script>
<script type="text/plain" id="worker">${new Html(scriptText(kernelScript(cell.programs) + worker))}</script>
<script>${new Html(library.script)}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
