/** A cell as the text of one HTML page that computes it: it needs no network, and no leave to make code from text. */
import {
  cellPayload,
  cellView,
  Html,
  html,
  jsonForScript,
  navigation,
  pageStyle,
  plotLibrary,
  renderDocument,
  scriptText,
} from '../report/index.ts';
import { encode } from './codec.ts';
import type { CellPage } from './data.ts';
import { browserScript, kernelScript } from './scripts.ts';
import { liveSection, madeSection, masthead } from './sections.ts';
import { liveStyle } from './style.ts';

/** The whole page. Equal data give equal bytes. */
export async function renderCellPage(data: CellPage): Promise<string> {
  const { cell, model, seed } = data;
  const library = plotLibrary();
  const [page, worker, text] = await Promise.all([browserScript('page'), browserScript('worker'), encode(cell)]);
  const style = `${pageStyle()}\n${liveStyle()}`;
  const drawing = cellPayload(cellView(model, cell.snapshot));
  const { dt, durationMs } = cell;
  return renderDocument({
    title: `${model}, computed live – twincell`,
    styles: [library.style, style],
    scripts: [library.script, scriptText(page)],
    // It compiles its kernels, in a worker that it makes of its own text.
    allowed: { script: "'wasm-unsafe-eval'", worker: 'blob:' },
    body: html`${navigation([
      { id: 'live', label: 'Cell' },
      { id: 'made', label: 'What is computed' },
    ])}
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
<script type="text/plain" id="worker">${new Html(scriptText(kernelScript(cell.programs) + worker))}</script>`,
  });
}
