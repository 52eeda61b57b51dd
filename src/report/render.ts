/** A report as the text of one HTML page that needs nothing else. */
import type { ReportData } from './data.ts';
import { navigation, renderDocument } from './document.ts';
import { html, jsonForScript } from './html.ts';
import { pageScript, pageStyle, plotLibrary } from './inline.ts';
import { payloadOf } from './payload.ts';
import { cellSection } from './sections/cell.ts';
import { crosscheckSection } from './sections/crosscheck.ts';
import { identitySection } from './sections/identity.ts';
import { inputSection } from './sections/input.ts';
import { neuronShareSection } from './sections/neuron-share.ts';
import { section } from './sections/parts.ts';
import { masthead } from './sections/summary.ts';
import { twinSection } from './sections/twin.ts';

/** The whole page. Equal data give equal bytes. */
export function renderReport(data: ReportData): string {
  const library = plotLibrary();
  const sections = [
    cellSection(data),
    inputSection(data),
    crosscheckSection(data),
    neuronShareSection(data),
    twinSection(data),
    identitySection(data),
  ].filter((found) => found !== null);
  return renderDocument({
    title: `${data.title ?? data.identity.experiment} – twincell report`,
    styles: [library.style, pageStyle()],
    scripts: [library.script, pageScript()],
    body: html`${navigation(sections)}
<main id="main">
${masthead(data)}
<noscript><p class="verdict bad">The plots need JavaScript; the numbers below do not.</p></noscript>
${sections.map(section)}
</main>
<footer><p>Written by twincell as one file; it loads nothing and sends nothing. Plots by uPlot (MIT licence).</p></footer>
<script type="application/json" id="payload">${jsonForScript(payloadOf(data))}</script>`,
  });
}
