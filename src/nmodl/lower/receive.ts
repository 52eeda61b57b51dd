/** NET_RECEIVE, and what only stands in it: WATCH, FOR_NETCONS. */
import type { Phases, Step } from '../../kernel/program.ts';
import { visitNodes } from '../check/walk.ts';
import type { Block, Body, Statement } from '../syntax.ts';
import { lowerExpression } from './expressions.ts';
import { foldBinary } from './fold.ts';
import type { Module } from './module.ts';
import { get, local, number, set, when } from './values.ts';

type Receive = Extract<Block, { kind: 'net-receive' }>;

/** Builds the routines of NET_RECEIVE; its arguments are numbers of the NetCon that delivers. */
export function buildReceive(module: Module, block: Receive): Pick<Phases, 'receive' | 'receiveInitial'> {
  checkIons(module, block.body);
  const receive = module.build('net receive', 'receive', ['flag'], null, (scope) => {
    block.arguments.forEach((argument, index) => {
      scope.bind(argument.name, { kind: 'weight', index });
    });
    module.counter = watchesTwice(block.body) ? scope.fresh('watched') : null;
    return scope.inner(() => module.inner.body(module, block.body));
  });
  const initial = block.body.statements.find((one) => one.kind === 'initial');
  if (initial === undefined) return { receive };
  const receiveInitial = module.build('net initial', 'receive-initial', [], null, (scope) => {
    scope.bind('flag', { kind: 'constant', value: 0 });
    block.arguments.forEach((argument, index) => {
      scope.bind(argument.name, { kind: 'weight', index });
    });
    return scope.inner(() => module.inner.body(module, initial.body));
  });
  return { receive, receiveInitial };
}

const FIELDS = {
  current: 'current',
  reversal: 'reversal potential',
  inside: 'concentration',
  outside: 'concentration',
};

/** At an event NEURON gives a mechanism the concentrations its text names, and takes back those that are states. */
function checkIons(module: Module, body: Body): void {
  const written = new Set<string>();
  visitNodes(body, (node) => {
    if (node.kind === 'assign' && node.target.kind === 'variable') written.add(node.target.name);
  });
  visitNodes(body, (node) => {
    if (node.kind !== 'variable') return;
    const { name } = node;
    const ion = module.declarations.ionVariables.get(name);
    if (ion === undefined) return;
    const isConcentration = ion.field === 'inside' || ion.field === 'outside';
    if (isConcentration && (!written.has(name) || module.declarations.states.has(name))) return;
    module.report('ion-at-event-refused', node, { name, field: FIELDS[ion.field] });
  });
}

/** Whether one delivery may meet a second WATCH after a first one. */
function watchesTwice(body: Body): boolean {
  let count = 0;
  visitNodes(body, (node) => {
    if (node.kind === 'watch') count += 1;
  });
  return count > 1;
}

export function lowerWatch(module: Module, statement: Extract<Statement, { kind: 'watch' }>): Step[] {
  if (module.setting !== 'receive') {
    module.report('out-of-place', statement, { what: 'WATCH', where: 'NET_RECEIVE' });
    return [];
  }
  const watches = statement.conditions.flatMap(({ when: text, flag }) => {
    const condition = text.kind === 'group' ? text.inner : text;
    if (condition.kind !== 'binary' || (condition.operator !== '>' && condition.operator !== '<')) {
      module.report('out-of-place', text, {
        what: 'this condition',
        where: 'the form (left > right) or (left < right)',
      });
      return [];
    }
    const { left, right, operator } = condition;
    const value = module.build(`watch ${module.watches.length}`, 'routine', [], 'difference', (_, __, result) => [
      set(local(result ?? ''), foldBinary('-', lowerExpression(module, left), lowerExpression(module, right))),
    ]);
    module.watches.push({ direction: operator, value });
    return [{ watch: module.watches.length - 1, flag: lowerExpression(module, flag) }];
  });
  const { counter } = module;
  if (counter === null) return [{ do: 'watch', watches }];
  // The first WATCH of a delivery takes the place of those from before, the others add to it.
  return [
    when(get(local(counter)), [{ do: 'watch', watches, adds: true }], [{ do: 'watch', watches }]),
    set(local(counter), number(1)),
  ];
}

/** The body once for each NetCon. Arguments of NET_RECEIVE itself are kept in locals, as they are another NetCon's. */
export function lowerNetcons(module: Module, statement: Extract<Statement, { kind: 'for-netcons' }>): Step[] {
  if (module.setting !== 'receive') {
    module.report('out-of-place', statement, { what: 'FOR_NETCONS', where: 'NET_RECEIVE' });
    return [];
  }
  const before: Step[] = [];
  const body = module.scope.inner(() => {
    const own = new Set(statement.names.map(({ name }) => name));
    for (const name of usedNames(statement.body)) {
      const outer = module.scope.find(name);
      if (outer?.kind !== 'weight' || own.has(name)) continue;
      const kept = module.scope.fresh(name);
      before.push(set(local(kept), get({ kind: 'weight', index: outer.index })));
      module.scope.bind(name, { kind: 'local', name: kept, length: 1, counter: false });
      if (assigns(statement.body, name)) module.report('outer-weight-refused', statement, { name });
    }
    statement.names.forEach(({ name }, index) => {
      module.scope.bind(name, { kind: 'weight', index });
    });
    return module.inner.body(module, statement.body);
  });
  return [...before, { do: 'for-netcons', body }];
}

function usedNames(body: Body): Set<string> {
  const names = new Set<string>();
  visitNodes(body, (node) => {
    if (node.kind === 'variable') names.add(node.name);
  });
  return names;
}

function assigns(body: Body, name: string): boolean {
  let found = false;
  visitNodes(body, (node) => {
    if (node.kind === 'assign' && node.target.kind === 'variable' && node.target.name === name) found = true;
  });
  return found;
}
