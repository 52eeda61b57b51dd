/** Brings the page to life: a worker computes the cell, this draws what it says. */
import { CellCanvas, unpackCell } from '../../report/page/cell.ts';
import { element } from '../../report/page/elements.ts';
import { setUpProbe } from '../../report/page/probe.ts';
import { VoltageScale } from '../../report/page/scale.ts';
import { onThemeChange, reducedMotion, setUpTheme } from '../../report/page/theme.ts';
import type { Frame } from '../protocol.ts';
import { connect } from './connection.ts';
import { saveText, setUpControls } from './controls.ts';
import { Readout } from './readout.ts';
import { Recording } from './recording.ts';
import type { PageSettings } from './settings.ts';
import { Traces } from './traces.ts';

/** Voltages (mV) that the colour map's ends stand for: rest is dark, a spike is bright. */
const COLOURS_MV = { low: -80, high: 0 } as const;
/** With reduced motion there are still pictures this far apart (ms of wall time). */
const STILL_MS = 500;

async function start(): Promise<void> {
  setUpTheme();
  const settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as PageSettings;
  const canvas = element('cell-canvas', HTMLCanvasElement);
  if (canvas === null) throw new Error('the page has no place for the cell');
  const cell = await unpackCell(settings.drawing);
  const view = new CellCanvas(canvas, cell);
  const scale = new VoltageScale(COLOURS_MV);
  const recording = new Recording(settings.dt, settings.durationMs);
  const traces = new Traces(recording, cell);
  const readout = new Readout(recording, settings.durationMs);
  let highest = new Float32Array(cell.nodes).fill(Number.NaN);
  let chosen = -1;
  let trial = 0;
  let playing = false;
  let asking = false;
  let drawnMs = 0;

  const paint = () => view.draw((node) => scale.colourOf(highest[node] ?? Number.NaN));
  const say = setUpProbe({
    view,
    voltageOf: (node) => highest[node] ?? Number.NaN,
    onChoose(node) {
      chosen = node;
      recording.chosen.fill(Number.NaN);
      connection.send({ do: 'choose', node });
      traces.choose(node);
      paint();
    },
  });
  scale.drawBar();

  const connection = connect({
    loaded(message) {
      readout.loaded(message);
      controls.enable();
      restart();
      if (!reducedMotion()) play();
    },
    started(message) {
      recording.clear();
      readout.restart();
      traces.start(message);
      if (playing) connection.send({ do: 'run', msPerSecond: controls.msPerSecond });
      connection.askFrame();
    },
    frame: show,
    failed({ message }) {
      const place = document.getElementById('failure');
      if (place) {
        place.textContent = `The cell stopped: ${message}`;
        place.hidden = false;
      }
      pause();
    },
  });

  function show(frame: Frame): void {
    recording.add(frame, chosen);
    highest = frame.highest as Float32Array<ArrayBuffer>;
    readout.frame(frame, performance.now(), !playing);
    paint();
    say();
    traces.draw();
    document.documentElement.setAttribute('data-ready', '');
    if (frame.ended && playing) {
      trial += 1;
      begin();
    } else ask();
  }

  /** Asks for the next frame when the screen is ready for it. */
  function ask(): void {
    if (!playing || asking) return;
    asking = true;
    requestAnimationFrame((now) => {
      asking = false;
      if (reducedMotion() && now - drawnMs < STILL_MS) {
        setTimeout(ask, STILL_MS - (now - drawnMs));
        return;
      }
      drawnMs = now;
      if (playing) connection.askFrame();
    });
  }

  function begin(): void {
    connection.send({ do: 'start', seed: controls.seed, trial });
  }

  function restart(): void {
    trial = 0;
    begin();
  }

  function play(): void {
    playing = true;
    controls.showPlaying(true);
    connection.send({ do: 'run', msPerSecond: controls.msPerSecond });
    ask();
  }

  function pause(): void {
    playing = false;
    controls.showPlaying(false);
    connection.send({ do: 'pause' });
    connection.askFrame();
  }

  const controls = setUpControls({
    play,
    pause,
    restart,
    advance() {
      if (playing) pause();
      connection.send({ do: 'advance', steps: Math.max(1, Math.round(1 / settings.dt)) });
      connection.askFrame();
    },
    changed() {
      connection.send({ do: 'strength', ...controls.strength });
      if (playing) connection.send({ do: 'run', msPerSecond: controls.msPerSecond });
    },
    excite() {
      connection.send({ do: 'excite', node: chosen < 0 ? cell.nexusNode : chosen });
    },
    save() {
      saveText(`${settings.model}-seed-${controls.seed}-trial-${trial}.csv`, recording.csv());
    },
  });
  new ResizeObserver(() => {
    view.fit();
    paint();
  }).observe(canvas);
  onThemeChange(paint);
}

start().catch((error: unknown) => console.error(error));
