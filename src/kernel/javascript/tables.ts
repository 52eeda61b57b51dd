/** FUNCTION_TABLEs: values that the user gives at increasing abscissae, between which they are interpolated. */
import { UsageError } from '../../errors.ts';
import type { KernelProgram } from '../program.ts';

export interface Tables {
  readonly set: (name: string, abscissae: Float64Array, values: Float64Array) => void;
  readonly has: (table: number) => boolean;
  readonly look: (table: number, x: number) => number;
}

interface Table {
  readonly abscissae: Float64Array;
  readonly values: Float64Array;
}

export function createTables(program: KernelProgram): Tables {
  const tables: (Table | undefined)[] = program.functionTables.map(() => undefined);
  return {
    set(name, abscissae, values) {
      const index = program.functionTables.findIndex((table) => table.name === name);
      const declared = program.functionTables[index];
      if (declared === undefined) throw new UsageError(`mechanism ${program.name} has no FUNCTION_TABLE ${name}`);
      // One number stands for all arguments, however many.
      if (declared.arguments !== 1 && values.length !== 1) {
        throw new UsageError(`FUNCTION_TABLE ${name} of ${program.name} takes ${declared.arguments} arguments`, {
          remedy: 'Give one number for all arguments, or a table of one argument.',
        });
      }
      check(name, abscissae, values);
      tables[index] = { abscissae: abscissae.slice(), values: values.slice() };
    },
    has: (table) => tables[table] !== undefined,
    look: (table, x) => interpolate(tables[table] as Table, x),
  };
}

function check(name: string, abscissae: Float64Array, values: Float64Array): void {
  if (abscissae.length === 0 || abscissae.length !== values.length) {
    throw new UsageError(`FUNCTION_TABLE ${name} has ${abscissae.length} abscissae and ${values.length} values`);
  }
  for (let k = 1; k < abscissae.length; k++) {
    if (!((abscissae[k] as number) > (abscissae[k - 1] as number))) {
      throw new UsageError(`FUNCTION_TABLE ${name}: abscissa ${k} (${abscissae[k]}) is not above the one before it`);
    }
  }
}

/** NEURON's interpolation: the ends clamp. */
function interpolate({ abscissae, values }: Table, x: number): number {
  const at = (array: Float64Array, k: number): number => array[k] as number;
  const last = abscissae.length - 1;
  if (x <= at(abscissae, 0)) return at(values, 0);
  if (x >= at(abscissae, last)) return at(values, last);
  let low = 0;
  let high = last;
  while (low < high - 1) {
    const middle = (low + high) >> 1;
    if (at(abscissae, middle) <= x) low = middle;
    else high = middle;
  }
  const fraction = (x - at(abscissae, low)) / (at(abscissae, low + 1) - at(abscissae, low));
  return fraction > 0 ? (1 - fraction) * at(values, low) + fraction * at(values, low + 1) : at(values, low);
}
