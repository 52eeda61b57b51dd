/** The names of one routine while it is being compiled. */
import type { Place } from '../../kernel/program.ts';
import type { CType } from '../verbatim/syntax.ts';

export type LocalName =
  | { readonly kind: 'local'; readonly name: string; readonly length: number; readonly counter: boolean }
  /** An argument of NET_RECEIVE, by its place. */
  | { readonly kind: 'weight'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  /** A variable of VERBATIM's C. */
  | {
      readonly kind: 'c';
      readonly name: string;
      readonly length: number;
      readonly type: CType;
      readonly fixed: boolean;
    }
  /** A name that a solve method gave a meaning. */
  | { readonly kind: 'place'; readonly place: Place };

/** Blocks inside each other; a name is looked for from the innermost outwards. */
export class Scope {
  readonly locals: { name: string; length: number }[] = [];
  readonly #blocks: Map<string, LocalName>[] = [new Map()];
  readonly #taken = new Set<string>();
  /** The local that a FUNCTION returns. */
  result: string | null = null;
  /** The local that says whether the result was assigned, where that is not certain. */
  hasResult: string | null = null;
  /** Type of the result, in C. */
  resultType: CType = 'double';
  /** Locals that were assigned somewhere before, and parameters: any other is refused where it is read. */
  readonly assigned = new Set<string>();
  /** Locals that begin as NaN, so that a read before anything is assigned is seen where it happens. */
  readonly guarded = new Set<string>();
  /** Locals that were assigned on some ways to this place but not on all. */
  #uncertain = new Set<string>();

  assign(name: string): void {
    this.assigned.add(name);
    this.#uncertain.delete(name);
  }

  /** Whether a local was assigned on some ways to this place only. */
  isUncertain(name: string): boolean {
    return this.#uncertain.has(name);
  }

  /** Compiles branches of which a run takes one: what only some of them assign is uncertain after them. */
  branches<T>(runs: readonly (() => T)[]): T[] {
    const uncertain = new Set<string>();
    const start = new Set(this.assigned);
    const before = this.#uncertain;
    const ends: { readonly assigned: ReadonlySet<string>; readonly uncertain: ReadonlySet<string> }[] = [];
    const results = runs.map((run) => {
      // What an earlier branch assigned counts as read before assignment only where nothing ever assigns it.
      this.#uncertain = new Set([...before, ...[...this.assigned].filter((name) => !start.has(name))]);
      const result = run();
      ends.push({ assigned: new Set(this.assigned), uncertain: this.#uncertain });
      return result;
    });
    for (const end of ends) {
      for (const name of end.uncertain) uncertain.add(name);
      for (const name of this.assigned) if (!end.assigned.has(name)) uncertain.add(name);
    }
    this.#uncertain = uncertain;
    return results;
  }

  /** A parameter of the routine. */
  parameter(name: string): string {
    const unique = this.#unique(name);
    this.assigned.add(unique);
    this.#innermost().set(name, { kind: 'local', name: unique, length: 1, counter: false });
    return unique;
  }

  /** Declares a local in the innermost block; returns its name in the program. */
  declare(name: string, length = 1, counter = false): string {
    const unique = this.#unique(name);
    this.locals.push({ name: unique, length });
    this.#innermost().set(name, { kind: 'local', name: unique, length, counter });
    if (counter) this.assigned.add(unique);
    return unique;
  }

  /** A local that no text names. */
  fresh(hint: string, length = 1): string {
    const unique = this.#unique(`${hint}.`);
    this.locals.push({ name: unique, length });
    this.assigned.add(unique);
    return unique;
  }

  bind(name: string, meaning: LocalName): void {
    this.#innermost().set(name, meaning);
  }

  find(name: string): LocalName | undefined {
    for (let i = this.#blocks.length - 1; i >= 0; i--) {
      const found = this.#blocks[i]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  names(): string[] {
    return this.#blocks.flatMap((block) => [...block.keys()]);
  }

  /** Runs something with an inner block. */
  inner<T>(run: () => T): T {
    this.#blocks.push(new Map());
    try {
      return run();
    } finally {
      this.#blocks.pop();
    }
  }

  #innermost(): Map<string, LocalName> {
    return this.#blocks.at(-1) ?? new Map();
  }

  #unique(name: string): string {
    let unique = name;
    for (let i = 2; this.#taken.has(unique); i++) unique = `${name}.${i}`;
    this.#taken.add(unique);
    return unique;
  }
}
