/**
 * TABLE: the results of a routine at equal steps of its argument, between which NEURON interpolates. Everything is as NEURON
 * generates it: abscissae accumulate, the ends clamp, only DEPEND variables and a first use make the table again.
 */
import type { Place, Step, Value } from '../../kernel/program.ts';
import { type RoutineBlock, USETABLE } from '../check/declarations.ts';
import type { Statement } from '../syntax.ts';
import { lowerExpression, placeOf } from './expressions.ts';
import { constantOf } from './fold.ts';
import type { Module } from './module.ts';
import { buildPlain } from './routines.ts';
import { binary, call, get, global, local, number, set, when } from './values.ts';

type Table = Extract<Statement, { kind: 'table' }>;

/** One value that is kept at every abscissa: `table` is its global array, `place` what the routine writes. */
interface Column {
  readonly table: string;
  readonly place: Place | null;
}

interface Parts {
  readonly block: RoutineBlock;
  readonly table: Table;
  readonly steps: number;
  readonly columns: readonly Column[];
  /** Globals: lowest abscissa, 1 / step. */
  readonly lowest: string;
  readonly factor: string;
  readonly direct: string;
  readonly check: string;
}

/** Builds the routine `block.name`, which looks up; the one that computes; and the one that makes the table. */
export function buildTable(module: Module, block: RoutineBlock, table: Table): void {
  const steps = stepsOf(module, table);
  const columns = columnsOf(module, block, table, steps);
  if (steps === null || columns === null) {
    buildPlain(module, block, block.name);
    return;
  }
  const { name } = block;
  const parts: Parts = {
    block,
    table,
    steps,
    columns,
    lowest: module.workspace(`table ${name} lowest`, 1),
    factor: module.workspace(`table ${name} factor`, 1),
    direct: module.unusedName(`direct ${name}`),
    check: module.unusedName(`check ${name}`),
  };
  buildPlain(module, block, parts.direct);
  buildCheck(module, parts);
  buildLookup(module, parts);
  module.tableChecks.add(parts.check);
}

function stepsOf(module: Module, table: Table): number | null {
  const { steps } = table;
  const value =
    steps.kind === 'variable'
      ? module.declarations.defines.get(steps.name)
      : constantOf(lowerExpression(module, steps));
  if (value !== undefined && value !== null && Number.isInteger(value) && value > 0 && value < 1e7) return value;
  module.report('table-not-number', steps, {});
  return null;
}

function columnsOf(module: Module, block: RoutineBlock, table: Table, steps: number | null): Column[] | null {
  const { name } = block;
  if (block.arguments.length !== 1) {
    module.report('table-arguments', table, { name });
    return null;
  }
  if (block.keyword === 'FUNCTION') {
    if (table.names.length > 0)
      module.report('table-names', table, { name, problem: 'cannot list names: it is a FUNCTION' });
    return [{ table: module.workspace(`table ${name}`, (steps ?? 1) + 1), place: null }];
  }
  if (table.names.length === 0) module.report('table-names', table, { name, problem: 'lists no names' });
  return table.names.flatMap((variable) => {
    const meaning = module.declarations.meanings.get(variable);
    const length = meaning?.kind === 'field' ? meaning.field.length : 1;
    return Array.from({ length }, (_, element) => ({
      table: module.workspace(`table ${name} ${variable}`, (steps ?? 1) + 1),
      place: placeOf(module, variable, length > 1 ? number(element) : null, table),
    }));
  });
}

/** `_check_…`: makes the table where it must be made. */
function buildCheck(module: Module, parts: Parts): void {
  const { block, table, steps, columns, lowest, factor, direct } = parts;
  module.build(parts.check, 'routine', [], null, (scope) => {
    const stale = module.workspace(`table ${block.name} stale`, 1, 1);
    const depends = table.depend.flatMap((name) => {
      const place = placeOf(module, name, null, table);
      const constant = lowerExpression(module, {
        kind: 'variable',
        name,
        primes: 0,
        index: null,
        start: table.start,
        end: table.end,
      });
      return place === null
        ? []
        : [{ now: constant, saved: global(module.workspace(`table ${block.name} saved ${name}`, 1)) }];
    });
    const [highest, step, x, i] = ['highest', 'step', 'x', 'i'].map((hint) => scope.fresh(hint));
    if (highest === undefined || step === undefined || x === undefined || i === undefined) return [];
    const at = get(local(i));
    const compute = columns.flatMap((column): Step[] => {
      const stored = global(column.table, at);
      return column.place === null
        ? [set(stored, { op: 'invoke', routine: direct, arguments: [get(local(x))] })]
        : [set(stored, get(column.place))];
    });
    const call_: Step[] =
      block.keyword === 'FUNCTION' ? [] : [{ do: 'invoke', routine: direct, arguments: [get(local(x))] }];
    const make: Step[] = [
      set(global(stale), number(0)),
      set(global(lowest), lowerExpression(module, table.first)),
      set(local(highest), lowerExpression(module, table.last)),
      set(local(step), binary('/', binary('-', get(local(highest)), get(global(lowest))), number(steps))),
      set(global(factor), binary('/', number(1), get(local(step)))),
      set(local(x), get(global(lowest))),
      {
        do: 'for',
        local: i,
        first: number(0),
        last: number(steps),
        by: number(1),
        body: [...call_, ...compute, set(local(x), binary('+', get(local(x)), get(local(step))))],
      },
      ...depends.map(({ now, saved }) => set(saved, now)),
    ];
    return [
      when(binary('==', get(global(USETABLE)), number(0)), [{ do: 'return' }]),
      ...depends.map(({ now, saved }) => when(binary('!=', get(saved), now), [set(global(stale), number(1))])),
      when(binary('!=', get(global(stale)), number(0)), make),
    ];
  });
}

/** `_n_…`: looks up. */
function buildLookup(module: Module, { block, steps, columns, lowest, factor, direct, check }: Parts): void {
  const isFunction = block.keyword === 'FUNCTION';
  const [argument = 'x'] = block.arguments.map(({ name }) => name);
  module.build(block.name, 'routine', [argument], isFunction ? block.name : null, (scope, [x = argument], result) => {
    const parameter = get(local(x));
    const [xi, i, theta] = ['xi', 'i', 'theta'].map((hint) => scope.fresh(hint));
    if (xi === undefined || i === undefined || theta === undefined) return [];
    const assign = (value: (column: Column) => Value): Step[] => [
      ...columns.flatMap((column) => {
        const place = column.place ?? local(result ?? '');
        return [set(place, value(column))];
      }),
      { do: 'return' },
    ];
    const at = (column: Column, index: Value) => get(global(column.table, index));
    const whole = get(local(i));
    const run: Step = isFunction
      ? set(local(result ?? ''), { op: 'invoke', routine: direct, arguments: [parameter] })
      : { do: 'invoke', routine: direct, arguments: [parameter] };
    return [
      // A file that is not thread-safe makes its tables when a routine is called; others before each step.
      ...(module.threadSafe ? [] : [{ do: 'invoke', routine: check, arguments: [] } as const]),
      when(binary('==', get(global(USETABLE)), number(0)), [run, { do: 'return' }]),
      set(local(xi), binary('*', get(global(factor)), binary('-', parameter, get(global(lowest))))),
      when(
        binary('!=', get(local(xi)), get(local(xi))),
        assign(() => get(local(xi))),
      ),
      when(
        binary('<=', get(local(xi)), number(0)),
        assign((column) => at(column, number(0))),
      ),
      when(
        binary('>=', get(local(xi)), number(steps)),
        assign((column) => at(column, number(steps))),
      ),
      set(local(i), call('int', get(local(xi)))),
      set(local(theta), binary('-', get(local(xi)), whole)),
      ...assign((column) => {
        const next = at(column, binary('+', whole, number(1)));
        return binary('+', at(column, whole), binary('*', get(local(theta)), binary('-', next, at(column, whole))));
      }),
    ];
  });
}
