/** Numbers as people read them. Shared by the page and by what writes it. */

export interface VoltageUnit {
  readonly symbol: string;
  /** How many of it make one mV. */
  readonly perMv: number;
}

const MILLIVOLT: VoltageUnit = { symbol: 'mV', perMv: 1 };
const VOLTAGE_UNITS: readonly VoltageUnit[] = [
  MILLIVOLT,
  { symbol: 'µV', perMv: 1e3 },
  { symbol: 'nV', perMv: 1e6 },
  { symbol: 'pV', perMv: 1e9 },
  { symbol: 'fV', perMv: 1e12 },
  { symbol: 'aV', perMv: 1e15 },
];
const SMALLEST: VoltageUnit = { symbol: 'aV', perMv: 1e15 };

/** The largest unit in which a voltage (mV), rounded to three digits, is at least one; mV for zero and for no number. */
export function voltageUnit(mv: number): VoltageUnit {
  const size = Math.abs(mv);
  if (size === 0 || !Number.isFinite(size)) return MILLIVOLT;
  return VOLTAGE_UNITS.find((unit) => Number((size * unit.perMv).toPrecision(3)) >= 1) ?? SMALLEST;
}

/** A voltage (mV) in the unit that fits it: `12.3 pV`. */
export function formatVoltage(mv: number, digits = 3): string {
  const unit = voltageUnit(mv);
  return `${formatNumber(mv * unit.perMv, digits)} ${unit.symbol}`;
}

/** Up to `digits` significant digits, a real minus sign, no trailing zeros, powers of ten only where unavoidable. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e15)
      ? rounded.toExponential().replace('e', ' × 10^').replace('^+', '^')
      : rounded.toLocaleString('en-US', { maximumFractionDigits: 20 });
  return text.replaceAll('-', '−');
}

const SUPERSCRIPT: Readonly<Record<string, string>> = Object.fromEntries(
  [...'0123456789'].map((digit, i) => [digit, '⁰¹²³⁴⁵⁶⁷⁸⁹'[i] ?? digit]),
);

/** A number beside an axis: plain where short, else with a power of ten. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(6))).replace('-', '−');
  const [digits = '', power = ''] = value.toExponential(2).split('e');
  const raised = power
    .replace('+', '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => SUPERSCRIPT[digit] ?? digit);
  const factor = Number(digits) === 1 ? '' : `${Number(digits)}·`;
  return `${factor}10${raised}`.replace('-', '−');
}

/** A whole number with separators: `47,682`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US').replace('-', '−');
}

/** A fraction as per cent: `96.6 %`. */
export function formatPercent(fraction: number, decimals = 1): string {
  if (!Number.isFinite(fraction)) return formatNumber(fraction);
  return `${(fraction * 100).toFixed(decimals).replace('-', '−')} %`;
}

/** Wall time (s): `850 ms`, `12.3 s`, `4 min 05 s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
