/** A report as the text of one HTML page that needs nothing else. */
import { createHash } from 'node:crypto';
import type { ReportData } from './data.ts';
import { Html, html, jsonForScript } from './html.ts';
import { pageScript, pageStyle, plotLibrary } from './inline.ts';
import { payloadOf } from './payload.ts';
import { cellSection } from './sections/cell.ts';
import { crosscheckSection } from './sections/crosscheck.ts';
import { identitySection } from './sections/identity.ts';
import { inputSection } from './sections/input.ts';
import { neuronShareSection } from './sections/neuron-share.ts';
import { type Section, section } from './sections/parts.ts';
import { masthead } from './sections/summary.ts';
import { twinSection } from './sections/twin.ts';

/** Source expression that lets exactly this inline text run. */
function allow(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Only the page's own scripts and styles, and no connection to anywhere. */
function policy(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(allow).join(' ')}`,
    `style-src ${styles.map(allow).join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function navigation(sections: readonly Section[]): Html {
  const links = sections.map(
    ({ id, label }) => html`<a href="#${id}">${label}</a>
    `,
  );
  return html`
<header class="bar">
  <nav aria-label="Sections">${links}</nav>
  <button class="theme" type="button" id="theme" aria-pressed="false" aria-label="Dark theme" title="Light or dark"><span class="theme-mark" aria-hidden="true"></span></button>
</header>`;
}

/** The whole page. Equal data give equal bytes. */
export function renderReport(data: ReportData): string {
  const library = plotLibrary();
  const style = pageStyle();
  const script = pageScript();
  const sections = [
    cellSection(data),
    inputSection(data),
    crosscheckSection(data),
    neuronShareSection(data),
    twinSection(data),
    identitySection(data),
  ].filter((found) => found !== null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([library.script, script], [library.style, style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="twincell">
<title>${data.title ?? data.identity.experiment} – twincell report</title>
<link rel="icon" href="data:,">
<style>${new Html(library.style)}</style>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${navigation(sections)}
<main id="main">
${masthead(data)}
<noscript><p class="verdict bad">The plots need JavaScript; the numbers below do not.</p></noscript>
${sections.map(section)}
</main>
<footer><p>Written by twincell as one file; it loads nothing and sends nothing. Plots by uPlot (MIT licence).</p></footer>
<script type="application/json" id="payload">${jsonForScript(payloadOf(data))}</script>
<script>${new Html(library.script)}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}
