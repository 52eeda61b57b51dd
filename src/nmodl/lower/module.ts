/** A mechanism while it is being compiled: what is known of it, and the program so far. */
import type { Diffusion, Field, Place, Routine, Step, Value, Watch } from '../../kernel/program.ts';
import type { Declarations, RoutineBlock } from '../check/declarations.ts';
import type { Report } from '../check/report.ts';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '../diagnostics.ts';
import type { Source } from '../source.ts';
import type { Body, Expression, Statement } from '../syntax.ts';
import { type CFile, parseFile } from '../verbatim/parse.ts';
import type { CExpression, CType } from '../verbatim/syntax.ts';
import type { Macros } from '../verbatim/tokens.ts';
import { Scope } from './scope.ts';
import { binary, get, local, number, set, when } from './values.ts';

/** Which kind of text is being compiled; what is allowed depends on it. */
export type Setting = 'initial' | 'breakpoint' | 'routine' | 'receive' | 'receive-initial' | 'solve' | 'hook' | 'life';

/** Diagnostics of code that a run never reaches matter only where NEURON's compiler would stop as well. */
const ALWAYS: ReadonlySet<DiagnosticCode> = new Set([
  'undeclared-name',
  'wrong-argument-count',
  'not-a-variable',
  'not-a-function',
  'needs-index',
  'not-an-array',
  'assigns-special',
  'out-of-place',
]);

/** What earlier passes found out. */
export interface ModuleFacts {
  readonly threadSafe: boolean;
  readonly mentions: readonly string[];
  /** The text of VERBATIMs at file level. */
  readonly verbatim: string;
}

/** A value of C with its type; every pointer is null here: nothing that a run does sets one. */
export interface Typed {
  readonly type: CType;
  readonly value: Value;
}

/** Where steps go that must run before the expression of C that is being compiled. */
export interface CContext {
  readonly module: Module;
  readonly before: Step[];
}

/** What the parts of a text ask for that hold each other: each file imports only what lies below it. */
export interface Inner {
  readonly body: (module: Module, body: Body) => Step[];
  readonly call: (module: Module, call: Extract<Expression, { kind: 'call' }>, needsValue: boolean) => Value;
  readonly callOfC: (context: CContext, call: Extract<CExpression, { kind: 'call' }>) => Typed;
  readonly table: (module: Module, block: RoutineBlock, table: Extract<Statement, { kind: 'table' }>) => void;
}

export class Module {
  readonly inner: Inner;
  readonly source: Source;
  readonly declarations: Declarations;
  readonly threadSafe: boolean;
  /** Names in the order in which they first stand in the file. */
  readonly mentions: readonly string[];
  /** The first SOLVE of each block, by the block's name. */
  readonly solves = new Map<string, Extract<Statement, { kind: 'solve' }>>();
  readonly diagnostics: Diagnostic[] = [];
  readonly instance: Field[] = [];
  readonly global: Field[] = [];
  readonly routines = new Map<string, Routine>();
  readonly watches: Watch[] = [];
  /** States that spread along the cable. */
  readonly diffusions: Diffusion[] = [];
  /** Whether the state phase takes half a step at secondorder. */
  halvesStep = false;
  /** Checks of TABLEs, by name of the routine that makes them. */
  readonly tableChecks = new Set<string>();
  readonly #names = new Map<string, number>();
  readonly #derivatives = new Map<string, string>();
  /** What a solve method does with statements that only it understands. */
  custom: ((statement: Statement) => Step[] | null) | null = null;
  /** What VERBATIMs at file level define, in C. */
  readonly c: CFile;
  readonly macros: Macros = new Map();
  /** Functions of C that are being compiled. */
  readonly underWayC = new Set<string>();
  /** POINTERs that something reads or writes. */
  readonly usedPointers = new Set<string>();
  /** POINTERs that C takes for NULL, which they are only where nothing sets them. */
  readonly nullPointers = new Set<string>();
  /** Fields that keep what an ion variable was as the phase began, by variable. */
  readonly ionShadows = new Map<string, string>();
  /** What of the C of a VERBATIM stands under conditions and is not understood. */
  leftOut: string[] = [];
  /** The local that says whether the loop of C that is being compiled was left by `break`. */
  broken: string | null = null;
  /** Braces that a VERBATIM opened and a later one closes. */
  openBraces = 0;
  /** The local of NET_RECEIVE that says whether a WATCH has run, where there may be a second. */
  counter: string | null = null;
  scope = new Scope();
  setting: Setting = 'routine';
  /** False while code that no run reaches is checked. */
  reachable = true;

  constructor(source: Source, declarations: Declarations, facts: ModuleFacts, inner: Inner) {
    this.inner = inner;
    this.source = source;
    this.declarations = declarations;
    this.threadSafe = facts.threadSafe;
    this.mentions = facts.mentions;
    this.c = parseFile(facts.verbatim, this.macros);
    for (const meaning of declarations.meanings.values())
      if (meaning.kind === 'field') this[meaning.where].push(meaning.field);
  }

  readonly report: Report = (code, span, parameters) => {
    if (!this.reachable && !ALWAYS.has(code)) return;
    const { start, end } = span;
    const same = this.diagnostics.some((one) => one.code === code && one.span.start === start && one.span.end === end);
    if (!same) this.diagnostics.push(diagnostic(code, { start, end }, parameters));
  };

  /** Builds a routine in a scope of its own and adds it; returns its name. */
  build(
    name: string,
    setting: Setting,
    parameters: readonly string[],
    result: string | null,
    body: (scope: Scope, unique: readonly string[], result: string | null) => Step[],
  ): string {
    const { setting: before, custom, openBraces, broken } = this;
    const outer = { scope: this.scope, setting: before, custom, openBraces, broken };
    const scope = new Scope();
    this.scope = scope;
    this.setting = setting;
    this.custom = null;
    this.openBraces = 0;
    this.broken = null;
    try {
      const unique = parameters.map((parameter) => scope.parameter(parameter));
      const returned = result === null ? null : scope.declare(result);
      scope.result = returned;
      const steps = body(scope, unique, returned);
      const unassigned = [...scope.guarded].map((guarded) => set(local(guarded), number(Number.NaN)));
      const whole = [...unassigned, ...steps];
      this.routines.set(name, { name, parameters: unique, locals: scope.locals, result: returned, body: whole });
    } finally {
      Object.assign(this, outer);
    }
    return name;
  }

  /** A name for a routine, field or array that no mod file can have. */
  unusedName(hint: string): string {
    const count = (this.#names.get(hint) ?? 0) + 1;
    this.#names.set(hint, count);
    return `${hint}.${count}`;
  }

  /** A global array of the compiler's own. */
  workspace(hint: string, length: number, initial = 0): string {
    const name = this.unusedName(hint);
    this.global.push({ name, length, role: 'internal', initial, units: '', visible: false, line: 0 });
    return name;
  }

  scratch(hint: string, length: number): string {
    const name = this.unusedName(hint);
    this.instance.push({ name, length, role: 'internal', initial: 0, units: '', visible: false, line: 0 });
    return name;
  }

  /** The instance field of a state's derivative. */
  derivative(state: string, length: number): string {
    const name = this.#derivatives.get(state) ?? this.scratch(`D${state}`, length);
    this.#derivatives.set(state, name);
    return name;
  }

  /** The field that keeps what the ion had as the phase began: `_ion_cai` in VERBATIM. */
  ionShadow(variable: string): string {
    const name = this.ionShadows.get(variable) ?? this.scratch(`ion ${variable}`, 1);
    this.ionShadows.set(variable, name);
    return name;
  }

  /** A local's value, where something was assigned to it; else the run ends, as what C reads there is an accident. */
  guarded(name: string, unique: string): Value {
    this.scope.guarded.add(unique);
    const routine = `LOCAL ${name}`;
    const message = `LOCAL ${name} of ${this.declarations.neuron.name} is read before anything is assigned to it`;
    if (!this.routines.has(routine))
      this.build(routine, 'routine', ['x'], 'y', (_, [x = 'x'], y) => [
        // Nothing but NaN differs from itself.
        when(binary('!=', get(local(x)), get(local(x))), [{ do: 'fail', message }]),
        set(local(y ?? 'y'), get(local(x))),
      ]);
    return { op: 'invoke', routine, arguments: [get(local(unique))] };
  }

  /** x², as a call, so that x is computed once. */
  square(value: Value): Value {
    if (!this.routines.has('square.'))
      this.build('square.', 'routine', ['x'], 'y', (_, [x = 'x'], y) => [
        {
          do: 'set',
          place: { kind: 'local', name: y ?? 'y' },
          value: { op: 'binary', operator: '*', left: read(x), right: read(x) },
        },
      ]);
    return { op: 'invoke', routine: 'square.', arguments: [value] };
  }
}

function read(name: string): Value {
  const place: Place = { kind: 'local', name };
  return { op: 'get', place };
}
