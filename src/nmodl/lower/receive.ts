/** NET_RECEIVE, and what only stands in it: WATCH, FOR_NETCONS. */
import type { Phases, Step } from '../../kernel/program.ts';
import { visitNodes } from '../check/walk.ts';
import type { Block, Body, Statement } from '../syntax.ts';
import { lowerExpression } from './expressions.ts';
import { foldBinary } from './fold.ts';
import type { Module } from './module.ts';
import { lowerBody } from './statements.ts';
import { get, local, set } from './values.ts';

type Receive = Extract<Block, { kind: 'net-receive' }>;

/** Builds the routines of NET_RECEIVE; its arguments are numbers of the NetCon that delivers. */
export function buildReceive(module: Module, block: Receive): Pick<Phases, 'receive' | 'receiveInitial'> {
  checkIons(module, block.body);
  checkWatches(module, block.body);
  const receive = module.build('net receive', 'receive', ['flag'], null, (scope) => {
    block.arguments.forEach((argument, index) => {
      scope.bind(argument.name, { kind: 'weight', index });
    });
    return scope.inner(() => lowerBody(module, block.body));
  });
  const initial = block.body.statements.find((one) => one.kind === 'initial');
  if (initial === undefined) return { receive };
  const receiveInitial = module.build('net initial', 'receive-initial', [], null, (scope) => {
    scope.bind('flag', { kind: 'constant', value: 0 });
    block.arguments.forEach((argument, index) => {
      scope.bind(argument.name, { kind: 'weight', index });
    });
    return scope.inner(() => lowerBody(module, initial.body));
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

/** Every WATCH of one delivery adds to the first, in NEURON; here one statement must hold them all. */
function checkWatches(module: Module, body: Body): boolean {
  let seen = false;
  let previous: Statement | null = null;
  for (const statement of body.statements) {
    if (statement.kind === 'watch') {
      if (seen && previous?.kind !== 'watch') module.report('watch-refused', statement, {});
      seen = true;
    } else {
      const inner = innerBodies(statement).map((one) => checkWatches(module, one));
      if (seen && inner.includes(true)) module.report('watch-refused', statement, {});
      seen ||= inner.includes(true);
    }
    previous = statement;
  }
  return seen;
}

function innerBodies(statement: Statement): Body[] {
  if (statement.kind === 'if')
    return statement.otherwise === null ? [statement.then] : [statement.then, statement.otherwise];
  return statement.kind === 'while' || statement.kind === 'from' ? [statement.body] : [];
}

export function lowerWatch(module: Module, statement: Extract<Statement, { kind: 'watch' }>): Step[] {
  if (module.setting !== 'receive') {
    module.report('out-of-place', statement, { what: 'WATCH', where: 'NET_RECEIVE' });
    return [];
  }
  const watches = statement.conditions.flatMap(({ when, flag }) => {
    const condition = when.kind === 'group' ? when.inner : when;
    if (condition.kind !== 'binary' || (condition.operator !== '>' && condition.operator !== '<')) {
      module.report('out-of-place', when, {
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
  return [{ do: 'watch', watches }];
}

/** Consecutive WATCH statements are one. */
export function joinWatches(steps: readonly Step[]): Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.at(-1);
    if (step.do === 'watch' && last?.do === 'watch')
      joined[joined.length - 1] = { do: 'watch', watches: [...last.watches, ...step.watches] };
    else joined.push(step);
  }
  return joined;
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
    return lowerBody(module, statement.body);
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
