/**
 * The colour map of the voltages: a path through OKLab (Ottosson 2020) from indigo through magenta and orange to pale
 * yellow, on which lightness only rises and equal steps of voltage are equal steps of perceived colour. It reads the same
 * to colour-blind eyes and in grey.
 */

export type Triple = readonly [number, number, number];

/** Linear sRGB of an OKLab colour; outside [0, 1] where the screen cannot show it. */
function linearRgb([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function shown(lab: Triple): boolean {
  return linearRgb(lab).every((part) => part >= 0 && part <= 1);
}

/** A point of the path before its steps are made equal, t from 0 to 1; chroma yields where the screen ends. */
function pathAt(t: number): Triple {
  const hue = ((285 + 175 * t) * Math.PI) / 180;
  const at = (chroma: number): Triple => [0.36 + 0.59 * t, chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const wanted = 0.06 + 0.15 * Math.sin(Math.PI * Math.min(1, 0.15 + 0.8 * t));
  if (shown(at(wanted))) return at(wanted);
  let [least, most] = [0, wanted];
  for (let k = 0; k < 24; k++) {
    const middle = (least + most) / 2;
    if (shown(at(middle))) least = middle;
    else most = middle;
  }
  return at(least);
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Colours of the map in OKLab, at equal distances along the path. */
export function voltageMapLab(count: number): readonly Triple[] {
  const fine = Array.from({ length: 2048 }, (_, i) => pathAt(i / 2047));
  const along = [0];
  for (let i = 1; i < fine.length; i++) {
    along.push((along[i - 1] ?? 0) + distance(fine[i - 1] ?? [0, 0, 0], fine[i] ?? [0, 0, 0]));
  }
  const total = along.at(-1) ?? 1;
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    while (next < fine.length - 1 && (along[next] ?? 0) < (total * i) / (count - 1) - 1e-9) next++;
    return fine[next] ?? [0, 0, 0];
  });
}

function encoded(part: number): number {
  const clipped = Math.min(1, Math.max(0, part));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

/** The map as CSS colours. */
export function voltageMap(count: number): readonly string[] {
  return voltageMapLab(count).map((lab) => `rgb(${linearRgb(lab).map(encoded).join(' ')})`);
}

/** Voltages (mV) that the map's ends stand for: nearly all that occur, spikes clipped, on multiples of 5 mV. */
export function voltageDomain(levels: Int16Array, stepMv: number): { readonly low: number; readonly high: number } {
  const stride = Math.max(1, Math.floor(levels.length / 200_003));
  const sample: number[] = [];
  for (let i = 0; i < levels.length; i += stride) {
    const level = levels[i] ?? -32768;
    if (level !== -32768) sample.push(level * stepMv);
  }
  sample.sort((a, b) => a - b);
  const quantile = (q: number) => sample[Math.floor(q * (sample.length - 1))] ?? 0;
  const low = Math.floor(quantile(0.002) / 5) * 5;
  const high = Math.ceil(quantile(0.998) / 5) * 5;
  return { low, high: Math.max(high, low + 5) };
}
