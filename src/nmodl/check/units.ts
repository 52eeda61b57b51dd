/**
 * Factors between units, as NEURON's own table gives them: `FARADAY = (faraday) (coulomb)`. A unit is a factor and powers of
 * seven base units; factors are multiplied in NEURON's order, so that the last bit is the same.
 */

/** Powers of m, kg, sec, coul, candela, bit, K; every other quantity is made of these. */
type Dimensions = readonly number[];

interface Unit {
  readonly factor: number;
  readonly dimensions: Dimensions;
}

const BASES = ['m', 'kg', 'sec', 'coul', 'candela', 'bit', 'K'];

/** Definitions, in terms of units above them. Constants are those of CODATA 2018. */
const DEFINITIONS: readonly (readonly [name: string, definition: string])[] = [
  ['fuzz', '1'],
  ['pi', '3.14159265358979323846'],
  ['two', '2'],
  ['c', '2.99792458+8 m/sec fuzz'],
  ['g', '9.80665 m/sec2'],
  ['mole', '6.02214076+23 fuzz'],
  ['e', '1.602176634-19 coul fuzz'],
  ['radian', '.5 / pi'],
  ['degree', '1|180 pi-radian'],
  ['second', 'sec'],
  ['s', 'sec'],
  ['minute', '60 sec'],
  ['min', 'minute'],
  ['hour', '60 min'],
  ['hr', 'hour'],
  ['day', '24 hr'],
  ['ms', 'millisec'],
  ['us', 'microsec'],
  ['gram', 'millikg'],
  ['gm', 'gram'],
  ['mg', 'milligram'],
  ['meter', 'm'],
  ['metre', 'meter'],
  ['cm', 'centimeter'],
  ['mm', 'millimeter'],
  ['km', 'kilometer'],
  ['nm', 'nanometer'],
  ['micron', 'micrometer'],
  ['angstrom', 'decinanometer'],
  ['inch', '2.54 cm'],
  ['cc', 'cm3'],
  ['liter', 'kilocc'],
  ['litre', 'liter'],
  ['ml', 'milliliter'],
  ['newton', 'kg-m/sec2'],
  ['nt', 'newton'],
  ['N', 'newton'],
  ['joule', 'nt-m'],
  ['cal', '4.1868 joule'],
  ['coulomb', 'coul'],
  ['C', 'coul'],
  ['ampere', 'coul/sec'],
  ['amp', 'ampere'],
  ['watt', 'joule/sec'],
  ['volt', 'watt/amp'],
  ['V', 'volt'],
  ['ohm', 'volt/amp'],
  ['mho', '/ohm'],
  ['siemens', '/ohm'],
  ['farad', 'coul/volt'],
  ['hertz', '/sec'],
  ['Hz', 'hertz'],
  ['hz', '/sec'],
  ['faraday', 'e-mole'],
  ['boltzmann', '1.380649-23 joule/K'],
  ['k', 'boltzmann'],
  ['gasconstant', 'k-mole'],
  ['R', 'gasconstant'],
  ['degC', 'K'],
  ['kelvin', 'K'],
  ['degF', '5|9 degC'],
  ['percent', '1|100'],
  ['%', '1|100'],
  ['atmosphere', '1.01325+5 nt/m2'],
  ['atm', 'atmosphere'],
  ['pascal', 'nt/m2'],
  ['planck', '6.62607015-34 joule-sec'],
  ['ns', 'nanosec'],
  ['kilohm', 'kiloohm'],
  ['megohm', 'megaohm'],
];

const PREFIXES: readonly (readonly [name: string, factor: number])[] = [
  ['atto', 1e-18],
  ['femto', 1e-15],
  ['pico', 1e-12],
  ['nano', 1e-9],
  ['micro', 1e-6],
  ['milli', 1e-3],
  ['centi', 1e-2],
  ['deci', 1e-1],
  ['deka', 1e1],
  ['hecta', 1e2],
  ['hecto', 1e2],
  ['kilo', 1e3],
  ['mega', 1e6],
  ['meg', 1e6],
  ['giga', 1e9],
  ['tera', 1e12],
];

/** Known units; a mechanism's UNITS adds its own. */
export class UnitTable {
  readonly #units: Map<string, Unit>;

  constructor() {
    this.#units = new Map(BASES.map((name, i) => [name, { factor: 1, dimensions: BASES.map((_, j) => +(i === j)) }]));
    // `milli/liter`: a prefix of nothing is a number.
    this.#units.set('', { factor: 1, dimensions: BASES.map(() => 0) });
    for (const [name, definition] of DEFINITIONS) this.define(name, definition);
  }

  /** `(mV) = (millivolt)`; a unit that exists stays as it is. Returns the name that is not known, or null. */
  define(name: string, definition: string): string | null {
    const unit = this.#evaluate(definition);
    if (typeof unit === 'string') return unit;
    if (!this.#units.has(name)) this.#units.set(name, unit);
    return null;
  }

  /** How many of `to` one `from` is; or the name that is not known. The dimensions are not compared, as NEURON does not. */
  factor(from: string, to: string): number | { readonly unknown: string } {
    const a = this.#evaluate(from);
    if (typeof a === 'string') return { unknown: a };
    const b = this.#evaluate(to);
    if (typeof b === 'string') return { unknown: b };
    return a.factor / b.factor;
  }

  #evaluate(text: string): Unit | string {
    const { value, rest } = leadingNumber(text);
    let factor = value === 0 ? 1 : value;
    const dimensions = BASES.map(() => 0);
    let below = false;
    for (const [, name = '', mark = ''] of rest.matchAll(/([^1-9\-/ \t]*)([1-9\-/ \t]|$)/g)) {
      if (name !== '') {
        const unit = this.#find(name);
        if (unit === null) return name;
        const power = mark >= '2' && mark <= '9' ? Number(mark) : 1;
        for (let i = 0; i < power; i++) {
          if (below) factor /= unit.factor;
          else factor *= unit.factor;
          unit.dimensions.forEach((d, axis) => {
            dimensions[axis] = (dimensions[axis] ?? 0) + (below ? -d : d);
          });
        }
      }
      if (mark === '/') below = true;
    }
    return { factor, dimensions };
  }

  /** A unit with any prefixes, and with a plural s. */
  #find(name: string): Unit | null {
    let rest = name;
    let scale = 1;
    for (;;) {
      const unit = this.#units.get(rest);
      if (unit !== undefined) return { factor: unit.factor * scale, dimensions: unit.dimensions };
      const prefix = PREFIXES.find(([word]) => rest.startsWith(word));
      if (prefix !== undefined) {
        scale *= prefix[1];
        rest = rest.slice(prefix[0].length);
      } else if (rest.length > 1 && rest.endsWith('s')) rest = rest.slice(0, -1);
      else return null;
    }
  }
}

/** `1.6-19` is 1.6e-19 and `1|180` a quotient. */
function leadingNumber(text: string): { value: number; rest: string } {
  const [all = '', digits = '', exponent = ''] = /^[ \t]*([0-9]*\.?[0-9]*)([+-][0-9]*)?/.exec(text) ?? [];
  const rest = text.slice(all.length);
  const value =
    digits === '' && exponent === '' ? 0 : Number(`${digits || '0'}${exponent === '' ? '' : `e${exponent}`}`);
  const known = Number.isFinite(value) ? value : 0;
  if (!rest.startsWith('|')) return { value: known, rest };
  const below = leadingNumber(rest.slice(1));
  return { value: known / below.value, rest: below.rest };
}
