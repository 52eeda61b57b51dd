/** The page's text: what the reader sees before the script draws. */
import { dendriteRows } from '../model/index.ts';
import { facts, type Html, html, number, plot, type Section, section, table, tile } from '../report/index.ts';
import type { SolverMode } from '../solver/index.ts';
import type { CellPage } from './data.ts';

/** Offered speeds: ms of the cell's time a second; 0 for as fast as it goes. */
const SPEEDS = [
  [10, '10 ms per second'],
  [25, '25 ms per second'],
  [100, '100 ms per second'],
  [250, '250 ms per second'],
  [1000, 'real time'],
  [0, 'as fast as it goes'],
] as const;
const USUAL_SPEED = 100;

/** What a mode does and how near it comes, in a sentence or two. */
const MODES: Readonly<Record<SolverMode, Html>> = {
  reference: html`Your browser does NEURON’s arithmetic in NEURON’s order, in JavaScript (mode <code>reference</code>).`,
  exact: html`From them your browser makes WebAssembly vector code for this very cell. The numbers are those of twincell’s
  mode <code>exact</code>, within 1e-6 mV of NEURON’s.`,
  fast: html`From them your browser makes WebAssembly vector code for this very cell, with tables in place of most
  exponentials. The numbers are those of twincell’s mode <code>fast</code>.`,
};

function count(value: number): Html {
  return number(value, value.toLocaleString('en-US'));
}

function compartments({ cell }: CellPage): number {
  return cell.snapshot.segment.filter((segment) => segment >= 0).length;
}

/** One excitatory and one inhibitory on every dendritic segment. */
function synapses({ cell }: CellPage): number {
  return cell.synapses === null ? 0 : 2 * dendriteRows(cell.snapshot).length;
}

export function masthead(page: CellPage): Html {
  const input = synapses(page) === 0 ? '' : html`, ${count(synapses(page))} synapses under a shower of random input`;
  return html`
<div class="masthead">
  <p class="eyebrow">twincell · ${page.model} · computed in this tab</p>
  <h1>A nerve cell, computed as you watch</h1>
  <p class="intro">Nothing here was recorded. Your browser solves the equations of ${count(compartments(page))} compartments
  ${page.condition === 'passive' ? 'without channels' : 'with their ion channels'}${input}, ${count(Math.round(1 / page.cell.dt))} times for each millisecond of the cell’s life.</p>
</div>`;
}

function slider(id: string, label: string): Html {
  return html`
<div class="strength"><label for="${id}">${label}</label>
  <input class="moment" type="range" id="${id}" min="0" max="2" step="0.05" value="1" disabled>
  <output id="${id}-text" for="${id}">× 1.00</output></div>`;
}

function controls({ seed }: CellPage): Html {
  return html`
<div class="player">
  <button type="button" class="play" id="play" aria-label="Play" aria-pressed="false" disabled><span class="play-mark" aria-hidden="true"></span></button>
  <button type="button" class="zoom-button" id="advance" disabled title="One millisecond further">+ 1 ms</button>
  <button type="button" class="zoom-button" id="restart" disabled>Restart</button>
  <button type="button" class="zoom-button" id="save" disabled>Save</button>
  <output class="moment-text live-time" id="moment-text" aria-live="off">loading …</output>
</div>
<div class="options">
  <label class="speed">Speed
    <select class="speed-choice" id="speed" disabled>${SPEEDS.map(
      ([value, text]) => html`
      <option value="${value}"${value === USUAL_SPEED && html` selected`}>${text}</option>`,
    )}
    </select>
  </label>
  <label class="speed">Seed of the input
    <input class="speed-choice seed" type="number" id="seed" min="0" max="9007199254740991" step="1" value="${seed}" required disabled>
  </label>
</div>`;
}

function drawing(page: CellPage): Html {
  const text = `Drawing of the cell ${page.model}: every branch coloured by its voltage, as it is computed.`;
  return html`
<figure class="plate">
  <canvas class="plate-canvas" id="cell-canvas" role="img" aria-label="${text}"></canvas>
  <div class="colourbar" id="colourbar"><span class="colourbar-strip" id="colourbar-strip"></span>
  <span class="colourbar-ticks" id="colourbar-ticks"></span></div>
  <p class="probe" id="probe"></p>
</figure>`;
}

export function liveSection(page: CellPage): Html {
  const plotText = 'The voltages of the last 300 ms at the soma, the nexus and the branch you click.';
  return html`
<section id="live" class="live" aria-label="The cell, live">
<div class="stage">
  ${drawing(page)}
  <div class="side">
    ${controls(page)}
    ${plot('voltage-plot', 'Voltage at the soma, the nexus and the branch you click', plotText)}
    ${
      synapses(page) > 0 &&
      html`${plot('input-plot', 'Input spikes on the whole tree', 'Excitatory and inhibitory input spikes per ms.', 'small')}
    <div class="strengths">${slider('excitatory-strength', 'Excitation')}${slider('inhibitory-strength', 'Inhibition')}</div>
    <p class="excite"><button type="button" class="zoom-button" id="excite" disabled>Excite</button>
    <span class="hint">the 100 synapses nearest to the branch you clicked, or to the nexus</span></p>`
    }
  </div>
</div>
<dl class="tiles">
  ${tile('Output spikes', html`<span id="spike-count">0</span>`, html`<span id="spike-rate">in this trial</span>`)}
  ${tile('Computing runs at', html`<span id="speed-ratio">–</span>`, html`<span id="speed-note">real time on one core</span>`)}
  ${tile('A step of a compartment takes', html`<span id="step-cost">–</span>`, html`all its channels and synapses, <span id="fused"></span>`)}
  ${tile('Ready to run in', html`<span id="ready-time">–</span>`, 'from the page’s data to compiled code')}
</dl>
<p class="small wide">Colours show the highest voltage since the picture before. Point at a branch to read it, click it to plot it; excite it
three times in a row and the dendrite spikes. A new trial follows each that ends. What Save gives (CSV) is every step of this trial so
far at the soma and the nexus, every digit.</p>
</section>`;
}

/** What is computed, for those who want to know exactly. */
export function madeSection(page: CellPage): Html {
  const { cell, condition, licences, placed } = page;
  const mechanisms = cell.programs.map(({ name, kind, ions }, k) => ({
    label: name,
    cells: [
      kind === 'point' ? 'point process' : 'membrane',
      ions.map(({ ion }) => ion).join(', ') || '–',
      count(placed[k] ?? 0),
    ],
  }));
  const made: Section = {
    id: 'made',
    label: 'What is computed',
    title: 'What is computed here',
    lead: html`${page.title}. The page holds its compartments and its mechanisms as checked arithmetic. ${MODES[cell.mode]}`,
    body: html`
${facts([
  { term: 'Compartments', value: count(compartments(page)) },
  { term: 'Synapses', value: count(synapses(page)) },
  { term: 'Condition', value: condition },
  { term: 'Time step', value: html`${number(cell.dt, String(cell.dt))} ms` },
  { term: 'Method', value: cell.order === 1 ? 'backward Euler' : 'staggered Crank–Nicolson' },
  { term: 'A trial', value: html`${number(cell.durationMs, String(cell.durationMs / 1000))} s` },
])}
${table('Mechanisms of the cell', ['Mechanism', 'Kind', 'Ions', 'On compartments'], mechanisms)}
<h3>Model</h3>
<p>Not part of twincell, and under its own terms, which hold for this page too.</p>
${table(
  'Licences of the model',
  ['What', 'Licence', 'Source'],
  licences.map(({ what, licence, source }) => ({ label: what, cells: [licence, source] })),
)}`,
  };
  return section(made);
}
