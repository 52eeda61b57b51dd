/** What is under the pointer on the drawing, in words; a click chooses it. */
import { type CellCanvas, describeNode } from './cell.ts';

export interface ProbeParts {
  readonly view: CellCanvas;
  /** The voltage now (mV) at a node; NaN where there is none. */
  readonly voltageOf: (node: number) => number;
  /** Called after a click, -1 for nowhere; the view has it selected. */
  readonly onChoose: (node: number) => void;
}

/** Sets it up; what is given back says it again, after the voltage has changed. */
export function setUpProbe({ view, voltageOf, onChoose }: ProbeParts): () => void {
  const probe = document.getElementById('probe');
  let pointed = -1;
  let chosen = -1;
  const say = () => {
    const node = pointed >= 0 ? pointed : chosen;
    if (!probe) return;
    if (node < 0) {
      probe.textContent = '';
      return;
    }
    const voltage = voltageOf(node);
    probe.textContent =
      describeNode(view.cell, node) + (Number.isNaN(voltage) ? '' : ` · ${voltage.toFixed(1).replace('-', '−')} mV`);
  };
  view.canvas.addEventListener('pointermove', (event) => {
    pointed = view.nodeAt(event.offsetX, event.offsetY);
    say();
  });
  view.canvas.addEventListener('pointerleave', () => {
    pointed = -1;
    say();
  });
  view.canvas.addEventListener('click', (event) => {
    chosen = view.nodeAt(event.offsetX, event.offsetY);
    view.select(chosen);
    onChoose(chosen);
    say();
  });
  return say;
}
