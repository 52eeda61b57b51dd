/** One module of the passes of all kinds of compartments of a circuit. */
import { ModuleBuilder } from '../assembler/index.ts';
import { ConstantPool, TABLE_BYTES, tablesAt, tableValues } from '../functions/index.ts';
import type { CompartmentPlan } from '../graph.ts';
import type { CodeOptions, CompiledKinds, KindFunctions, PlacedKind } from './layout.ts';
import { writePass } from './pass.ts';

/** More than the vector functions have. */
const CONSTANTS_OF_FUNCTIONS = 128;

/** Room for tables and constants of these plans, in bytes: an upper bound that is known before addresses are. */
export function staticBytes(plans: readonly CompartmentPlan[]): number {
  const nodes = plans.flatMap(({ current, state }) => [...current.nodes, ...state.nodes]);
  const constants = nodes.filter(({ op }) => op === 'constant').length;
  return TABLE_BYTES + 8 * (CONSTANTS_OF_FUNCTIONS + constants);
}

/** Compiles the passes of all kinds into one module. */
export function compileKinds(kinds: readonly PlacedKind[], options: CodeOptions): CompiledKinds {
  const { statics: start, features, contract = false, lanes = 4, pairable = false } = options;
  const module = new ModuleBuilder();
  const pool = new ConstantPool(start + TABLE_BYTES);
  const pass = { pool, tables: tablesAt(start), fused: contract && features.relaxedMadd, lanes, pairable };
  for (const [k, kind] of kinds.entries()) {
    if (kind.count % 4 !== 0) throw new RangeError(`A kind has ${kind.count} compartments: not a multiple of 4.`);
    for (const name of ['current', 'state'] as const) {
      module.function(`${name}${k}`, { parameters: [], results: [] }, (body) => {
        writePass(body, kind.plan[name], kind, pass);
      });
    }
  }
  const bytes = module.bytes();
  const statics = joined(tableValues(), pool.values());
  return {
    bytes,
    statics,
    instantiate(memory) {
      new Float64Array(memory.buffer, start, statics.length).set(statics);
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { twincell: { memory } });
      return kinds.map(
        (_, k): KindFunctions => ({ current: pick(exports, `current${k}`), state: pick(exports, `state${k}`) }),
      );
    },
  };
}

function pick(exports: WebAssembly.Exports, name: string): () => void {
  return exports[name] as () => void;
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
