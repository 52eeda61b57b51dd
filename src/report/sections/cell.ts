/** The drawing of the cell, with its player. */
import type { CellView, ReportData, VoltageMovie } from '../data.ts';
import { type Html, html } from '../html.ts';
import { REGION_LABEL, REGIONS, type Region } from '../page/regions.ts';
import { formatCount, formatNumber } from '../page/units.ts';
import { plot, type Section, zoomBar } from './parts.ts';

/** Compartments of each region that has any. */
function regionCounts(cell: CellView): readonly { readonly region: Region; readonly compartments: number }[] {
  const isCompartment = (row: number) => (cell.segment[row] ?? -1) >= 0;
  return REGIONS.map((region) => ({
    region,
    compartments: cell.sectionType.filter((type, row) => type === region && isCompartment(row)).length,
  })).filter(({ compartments }) => compartments > 0);
}

function legend(cell: CellView): Html {
  return html`
<ul class="legend" id="region-legend" aria-label="Regions">${regionCounts(cell).map(
    ({ region, compartments }) =>
      html`<li><span class="swatch region-${region}"></span>${REGION_LABEL[region]}
    <span class="legend-count">${formatCount(compartments)}</span></li>`,
  )}</ul>`;
}

function player(movie: VoltageMovie): Html {
  const last = movie.samples - 1;
  return html`
<div class="player">
  <button type="button" class="play" id="play" aria-label="Play" aria-pressed="false"><span class="play-mark" aria-hidden="true"></span></button>
  <label class="unseen" for="moment">Time in the trial (ms)</label>
  <input class="moment" type="range" id="moment" min="0" max="${last}" step="1" value="0">
  <output class="moment-text" id="moment-text" for="moment" aria-live="off"></output>
</div>
<div class="options">
  <fieldset class="choice" id="colouring">
    <legend class="choice-name">Colour</legend>
    <label class="choice-label"><input class="choice-input" type="radio" name="colouring" value="voltage" checked><span class="choice-text">Voltage</span></label>
    <label class="choice-label"><input class="choice-input" type="radio" name="colouring" value="region"><span class="choice-text">Region</span></label>
  </fieldset>
  <label class="speed">Speed
    <select class="speed-choice" id="speed">
      <option value="10">10 ms per second</option>
      <option value="25">25 ms per second</option>
      <option value="100" selected>100 ms per second</option>
      <option value="500">500 ms per second</option>
    </select>
  </label>
</div>`;
}

/** `from 1200 to 2200 ms`, or `over 6 s` from the trial's start. */
function stretch({ samples, startMs, stepMs }: VoltageMovie): string {
  if (startMs === 0) return `over ${formatNumber((samples * stepMs) / 1000, 4)} s`;
  return `from ${formatNumber(startMs, 6)} to ${formatNumber(startMs + samples * stepMs, 6)} ms`;
}

export function cellSection(data: ReportData): Section | null {
  const { cell, movie } = data;
  if (cell === undefined) return null;
  const sections = formatCount(cell.sectionNames.length);
  const compartments = regionCounts(cell).reduce((sum, region) => sum + region.compartments, 0);
  const counts = regionCounts(cell).map((region) => `${region.compartments} ${region.region}`);
  const text = `Drawing of the cell ${cell.name}: ${compartments} compartments (${counts.join(', ')}) in ${sections} sections.`;
  const time = movie && stretch(movie);
  return {
    id: 'cell',
    label: 'Cell',
    title: movie ? 'The cell, as its voltage changes' : 'The cell',
    lead: movie
      ? html`Every branch of <b>${cell.name}</b>, cut into ${formatCount(compartments)} compartments and coloured by the
  voltage ${movie.engine ? `${movie.engine} computed` : 'computed'} there, ${time} of
  trial ${movie.trial}: press play, drag the slider, or point at a branch.`
      : html`Every branch of <b>${cell.name}</b>, cut into ${formatCount(compartments)} compartments in ${sections} sections.`,
    body: html`
<div class="stage${movie ? '' : ' alone'}">
  <figure class="plate">
    <canvas class="plate-canvas" id="cell-canvas" role="img" aria-label="${text}"></canvas>
    ${legend(cell)}
    ${
      movie &&
      html`<div class="colourbar" id="colourbar" hidden><span class="colourbar-strip" id="colourbar-strip"></span>
      <span class="colourbar-ticks" id="colourbar-ticks"></span></div>`
    }
    <p class="probe" id="probe"></p>
  </figure>
  ${
    movie &&
    html`<div class="side">
    ${player(movie)}
    ${plot('movie-plot', 'Voltage at the soma, the nexus and the branch you click', text, 'tall')}
    ${zoomBar('movie', 'Zoom the time of the trial')}
    <p class="small">Colours are stored in steps of <span id="movie-step"></span>; traces here come from the same numbers.
    Arrow keys move the slider by 1 ms, Page Up and Page Down by more, the space bar plays. Click a trace to go to that moment.</p>
  </div>`
  }
</div>`,
  };
}
