/** Play and pause, speed, seed, strengths, and the trace as a file. */
import { element } from '../../report/page/elements.ts';

export interface ControlActions {
  play(): void;
  pause(): void;
  /** Back to the start of trial 0 of the seed. */
  restart(): void;
  /** Speed or strength has changed. */
  changed(): void;
  /** One ms further, and no more. */
  advance(): void;
  /** Excites the chosen branch. */
  excite(): void;
  save(): void;
}

export interface Controls {
  readonly seed: number;
  /** ms of the cell's time a second; null: as many as the machine can. */
  readonly msPerSecond: number | null;
  readonly strength: { readonly excitatory: number; readonly inhibitory: number };
  showPlaying(playing: boolean): void;
  /** Lets the reader use them. */
  enable(): void;
}

export function setUpControls(actions: ControlActions): Controls {
  const button = element('play', HTMLButtonElement);
  const speed = element('speed', HTMLSelectElement);
  const seed = element('seed', HTMLInputElement);
  const sliders = (['excitatory', 'inhibitory'] as const).map((sign) => element(`${sign}-strength`, HTMLInputElement));
  let playing = false;
  let wanted = Number(seed?.value ?? 0);

  button?.addEventListener('click', () => (playing ? actions.pause() : actions.play()));
  document.getElementById('restart')?.addEventListener('click', () => actions.restart());
  document.getElementById('advance')?.addEventListener('click', () => actions.advance());
  document.getElementById('excite')?.addEventListener('click', () => actions.excite());
  document.getElementById('save')?.addEventListener('click', () => actions.save());
  speed?.addEventListener('change', () => actions.changed());
  seed?.addEventListener('change', () => {
    if (!seed.checkValidity() || seed.value === '') {
      seed.value = String(wanted);
      return;
    }
    wanted = Number(seed.value);
    actions.restart();
  });
  for (const slider of sliders) {
    slider?.addEventListener('input', () => {
      sayStrength(slider);
      actions.changed();
    });
    slider?.addEventListener('dblclick', () => {
      slider.value = '1';
      slider.dispatchEvent(new Event('input'));
    });
  }

  return {
    get seed() {
      return wanted;
    },
    get msPerSecond() {
      const value = Number(speed?.value ?? 100);
      return value > 0 ? value : null;
    },
    get strength() {
      const [excitatory = 1, inhibitory = 1] = sliders.map((slider) => Number(slider?.value ?? 1));
      return { excitatory, inhibitory };
    },
    showPlaying(now) {
      playing = now;
      button?.setAttribute('aria-pressed', String(now));
      button?.setAttribute('aria-label', now ? 'Pause' : 'Play');
    },
    enable() {
      for (const control of document.querySelectorAll<HTMLButtonElement>('.live :disabled')) control.disabled = false;
    },
  };
}

function sayStrength(slider: HTMLInputElement): void {
  const text = `× ${Number(slider.value).toFixed(2)}`;
  const output = document.getElementById(`${slider.id}-text`);
  if (output) output.textContent = text;
  slider.setAttribute('aria-valuetext', text);
}

/** Offers a text as a file to keep. */
export function saveText(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  // The browser takes it up in its own time.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
