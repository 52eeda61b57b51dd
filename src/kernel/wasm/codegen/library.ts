/** The vector functions that passes call: written once in a module, since their code in place would fill a cache. */
import type { FunctionBody, ModuleBuilder } from '../assembler/index.ts';
import {
  type ConstantPool,
  clampedExp,
  expm1,
  log,
  type Part,
  pow,
  type TableAddresses,
  type VectorWriter,
  vectorWriter,
} from '../functions/index.ts';

const FUNCTIONS = { exp: clampedExp, expm1, log, pow } as const;
export type LibraryName = keyof typeof FUNCTIONS;

type Maker = (w: VectorWriter, tables: TableAddresses, ...given: Part[]) => Part;

export interface LibraryOptions {
  readonly module: ModuleBuilder;
  readonly pool: ConstantPool;
  readonly tables: TableAddresses;
  readonly fused: boolean;
  /** Vectors that go through a function in one call. */
  readonly pairs: number;
}

export interface Library {
  /** Calls a function with the arguments of each pair; gives the results, kept. */
  call(body: FunctionBody, name: LibraryName, given: readonly (readonly Part[])[]): readonly Part[];
}

export function createLibrary({ module, pool, tables, fused, pairs }: LibraryOptions): Library {
  const indices = new Map<LibraryName, number>();
  const indexOf = (name: LibraryName): number => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    const arity = name === 'pow' ? 2 : 1;
    const vectors = (count: number) => Array.from({ length: count }, () => 'v128' as const);
    const signature = { parameters: vectors(arity * pairs), results: vectors(pairs) };
    const index = module.function(null, signature, (body) => {
      const w = vectorWriter(body, pool, fused, false);
      const results = Array.from({ length: pairs }, (_, pair) => {
        const given = Array.from({ length: arity }, (_, k) => w.get(arity * pair + k));
        return (FUNCTIONS[name] as Maker)(w, tables, ...given);
      });
      for (const result of results) result();
    });
    indices.set(name, index);
    return index;
  };
  return {
    call(body, name, given) {
      const index = indexOf(name);
      for (const parts of given) for (const part of parts) part();
      body.call(index);
      const locals = given.map(() => body.local('v128'));
      for (const local of locals.toReversed()) body.set(local);
      return locals.map((local) => () => body.get(local));
    },
  };
}
