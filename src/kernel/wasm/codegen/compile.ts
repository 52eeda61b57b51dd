/** One module of the passes of all kinds of compartments of a circuit. */
import { ModuleBuilder } from '../assembler/index.ts';
import { ConstantPool, TABLE_BYTES, tablesAt, tableValues } from '../functions/index.ts';
import type { CompartmentPlan, Graph, GuardedGraph } from '../graph.ts';
import type { CodeOptions, CompiledKinds, KindFunctions, PlacedKind } from './layout.ts';
import { createLibrary } from './library.ts';
import { writePass } from './pass.ts';

/** More than the vector functions have. */
const CONSTANTS_OF_FUNCTIONS = 128;

/** Room for tables and constants of these plans, in bytes: an upper bound that is known before addresses are. */
export function staticBytes(plans: readonly CompartmentPlan[]): number {
  const graphs = plans.flatMap(({ current, state, near, nearCurrent }) => [current, state, near, nearCurrent]);
  const nodes = graphs.flatMap((graph) => graph?.nodes ?? []);
  const constants = nodes.filter(({ op }) => op === 'constant').length;
  return TABLE_BYTES + 16 * (CONSTANTS_OF_FUNCTIONS + constants);
}

/** Compiles the passes of all kinds into one module. */
export function compileKinds(kinds: readonly PlacedKind[], options: CodeOptions): CompiledKinds {
  const { statics: start, features, contract = false, lanes = 4, pairable = false } = options;
  const module = new ModuleBuilder();
  const pool = new ConstantPool(start + TABLE_BYTES);
  const fused = contract && features.relaxedMadd;
  const library = createLibrary({ module, pool, tables: tablesAt(start), fused, pairs: lanes / 2 });
  const pass = { pool, library, contract, fused, lanes, pairable };
  const indices: Partial<Record<PassName, number>>[] = [];
  for (const [k, kind] of kinds.entries()) {
    if (kind.count % 4 !== 0) throw new RangeError(`A kind has ${kind.count} compartments: not a multiple of 4.`);
    const { current, state, near, nearCurrent } = kind.plan;
    const mine: Partial<Record<PassName, number>> = {};
    indices.push(mine);
    const write = (name: PassName, graph: Graph, guarded?: GuardedGraph): void => {
      mine[name] = module.function(`${name}${k}`, { parameters: [], results: [] }, (body) => {
        writePass(body, kind, pass, graph, guarded);
      });
    };
    write('current', current);
    write('state', state);
    if (nearCurrent !== undefined) write('nearCurrent', current, nearCurrent);
    if (near !== undefined) write('nearState', state, near);
  }
  for (const name of ['current', 'state', 'nearCurrent', 'nearState'] as const) {
    const full = name.endsWith('tate') ? 'state' : 'current';
    module.function(name, { parameters: [], results: [] }, (body) => {
      for (const mine of indices) body.call(mine[name] ?? mine[full] ?? 0);
    });
  }
  const bytes = module.bytes();
  const statics = joined(tableValues(), pool.values());
  const instance = (memory: WebAssembly.Memory): WebAssembly.Exports => {
    new Float64Array(memory.buffer, start, statics.length).set(statics);
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { twincell: { memory } }).exports;
  };
  return {
    bytes,
    statics,
    instantiate(memory) {
      const exports = instance(memory);
      return kinds.map((_, k) => functionsOf(exports, String(k)));
    },
    instantiateTogether: (memory) => functionsOf(instance(memory), ''),
  };
}

type PassName = keyof KindFunctions;

/** Of one kind by its number, or of all together. */
function functionsOf(exports: WebAssembly.Exports, k: string): KindFunctions {
  const pass = (name: PassName): (() => void) | undefined => exports[`${name}${k}`] as (() => void) | undefined;
  const nothing = (): void => {};
  const current = pass('current') ?? nothing;
  const state = pass('state') ?? nothing;
  return { current, state, nearCurrent: pass('nearCurrent') ?? current, nearState: pass('nearState') ?? state };
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
