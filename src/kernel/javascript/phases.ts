/** The phases: loops over all instances that do around a routine what NEURON's generated code does around it. */
import type { IonUse, KernelProgram, Place, Routine, Step, Value } from '../program.ts';
import type { Names } from './names.ts';

/** Statements that copy ion variables from the node, and back to it; `k` is the node. */
function ionCopies(program: KernelProgram, names: Names, wanted: (variable: string) => boolean = () => true) {
  const copies = (use: IonUse, list: IonUse['reads']): { variable: string; node: string; field: string }[] =>
    list
      .filter(({ variable }) => wanted(variable))
      .map(({ field, variable }) => ({
        variable: `${names.instance(variable).code}[i]`,
        node: `${names.ion(use.ion, field)}[k]`,
        field,
      }));
  const reads = program.ions.flatMap((use) => copies(use, use.reads));
  const writes = program.ions.flatMap((use) => copies(use, use.writes));
  return {
    into: reads.map(({ variable, node }) => `${variable} = ${node};`),
    /** Currents are not copied but added, in the current phase only. */
    back: writes.filter(({ field }) => field !== 'current').map(({ variable, node }) => `${node} = ${variable};`),
  };
}

export function phasesCode(program: KernelProgram, names: Names): string[] {
  const { phases } = program;
  const ions = ionCopies(program, names);
  const plain = (name: string, routine: string | undefined): string[] =>
    loop(program, name, routine === undefined ? null : [...ions.into, `${names.routine(routine)}(i);`, ...ions.back]);
  const bare = (name: string, routine: string | undefined): string[] =>
    routine === undefined
      ? [`function ${name}() {}`]
      : [`function ${name}() {`, '  for (let i = 0; i < n; i++) ', `    ${names.routine(routine)}(i);`, '}'];
  return [
    'function tables() {',
    ...(phases.tables === undefined ? [] : [`  if (n > 0) ${names.routine(phases.tables)}(0);`]),
    '}',
    ...plain('initialize', phases.initialize),
    ...plain('state', phases.state),
    ...currentCode(program, names, ions),
    ...bare('constructInstances', phases.construct),
    ...bare('destroyInstances', phases.destroy),
    ...phases.hooks.flatMap(({ routine }, k) => plain(`hook${k}`, routine)),
    ...(program.diffusions ?? []).flatMap(({ routine }, k) => [
      `function diffusion${k}(element) {`,
      `  for (let i = 0; i < n; i++) { ${hasNode(program) ? 'V[i] = v[nodes[i]]; ' : ''}${names.routine(routine)}(i, element); }`,
      '}',
    ]),
    ...receiveCode(program, names),
    ...program.watches.flatMap(({ value }, k) => [
      `function watch${k}(i) {`,
      ...(hasNode(program) ? ['  V[i] = v[nodes[i]];'] : []),
      `  return ${names.routine(value)}(i);`,
      '}',
    ]),
    `return { tables, initialize, state, current, constructInstances, destroyInstances, receive, receiveInitial, ` +
      `hooks: [${phases.hooks.map((_, k) => `hook${k}`).join(', ')}], ` +
      `diffusions: [${(program.diffusions ?? []).map((_, k) => `diffusion${k}`).join(', ')}], ` +
      `watches: [${program.watches.map((_, k) => `watch${k}`).join(', ')}] };`,
  ];
}

const hasNode = (program: KernelProgram): boolean => program.kind !== 'artificial';

/** A loop over the instances; what a routine assigns to t, dt and the like lasts for one instance's call. */
function loop(program: KernelProgram, name: string, body: readonly string[] | null): string[] {
  if (body === null) return [`function ${name}() {}`];
  const clock = assignsClock(program);
  return [
    `function ${name}() {`,
    '  for (let i = 0; i < n; i++) {',
    ...(hasNode(program) ? ['    const k = nodes[i];', '    V[i] = v[k];'] : []),
    ...(clock ? ['    const t0 = clock[0], t1 = clock[1], t2 = clock[2], t3 = clock[3];'] : []),
    ...body.map((line) => `    ${line}`),
    ...(clock ? ['    clock[0] = t0; clock[1] = t1; clock[2] = t2; clock[3] = t3;'] : []),
    '  }',
    '}',
  ];
}

/**
 * The current at v + 0.001 and at v, in NEURON's order of operations. NEURON adds to the right-hand sides first and to the
 * diagonals in a second pass; the sums of each array come in the same order here.
 */
function currentCode(program: KernelProgram, names: Names, ions: { into: string[]; back: string[] }): string[] {
  const { current } = program.phases;
  if (current === undefined) return ['function current() {}'];
  const point = program.kind === 'point';
  const sum = ['0', ...program.currents.map(({ variable }) => variableCode(variable, names))].join(' + ');
  const writes = program.ions.flatMap(({ ion, writes }) =>
    writes.filter(({ field }) => field === 'current').map(({ variable }) => ({ ion, variable })),
  );
  const call = `${names.routine(current)}(i);`;
  const density = point ? ' * 100 / area[k]' : '';
  return loop(program, 'current', [
    ...ions.into,
    'V[i] = v[k] + 0.001;',
    call,
    `const above = ${sum};`,
    ...writes.map(({ variable }, n) => `const c${n} = ${variableCode(variable, names)};`),
    'V[i] = v[k];',
    call,
    `let here = ${sum};`,
    ...writes.map(
      ({ ion, variable }, n) =>
        `${names.ion(ion, 'slope')}[k] += (c${n} - ${variableCode(variable, names)}) / 0.001${density};`,
    ),
    'let slope = (above - here) / 0.001;',
    ...writes.map(
      ({ ion, variable }) => `${names.ion(ion, 'current')}[k] += ${variableCode(variable, names)}${density};`,
    ),
    ...ions.back,
    ...(point ? ['slope *= 100 / area[k];', 'here *= 100 / area[k];'] : []),
    program.electrode ? 'rhs[k] += here; d[k] -= slope;' : 'rhs[k] -= here; d[k] += slope;',
  ]);
}

function variableCode(name: string, names: Names): string {
  return `${names.instance(name).code}[i]`;
}

/**
 * NET_RECEIVE gets the node's v, and gives it back, only where its text has `v`; so with the concentrations it has. A
 * routine it calls otherwise sees what the last phase left. INITIAL inside it gets nothing.
 */
function receiveCode(program: KernelProgram, names: Names): string[] {
  const { receive, receiveInitial } = program.phases;
  const bodies = [receive, receiveInitial, ...program.watches.map(({ value }) => value)]
    .map((name) => (name === undefined ? undefined : program.routines.get(name)))
    .filter((routine) => routine !== undefined);
  const places = bodies.flatMap(placesOf);
  const voltage = hasNode(program) && places.some((place) => place.kind === 'ambient' && place.name === 'v');
  const mentioned = new Set(places.flatMap((place) => (place.kind === 'instance' ? [place.name] : [])));
  const concentrations = new Set(
    program.ions.flatMap(({ reads, writes }) =>
      [...reads, ...writes]
        .filter(({ field }) => field === 'inside' || field === 'outside')
        .map(({ variable }) => variable),
    ),
  );
  const ions = ionCopies(program, names, (name) => concentrations.has(name) && mentioned.has(name));
  const node = voltage || ions.into.length + ions.back.length > 0;
  return [
    'function receive(i, weights, flag) {',
    '  W = weights;',
    ...(node ? ['  const k = nodes[i];'] : []),
    ...(voltage ? ['  V[i] = v[k];'] : []),
    ...ions.into.map((line) => `  ${line}`),
    ...(receive === undefined ? [] : [`  ${names.routine(receive)}(i, flag);`]),
    ...ions.back.map((line) => `  ${line}`),
    ...(voltage ? ['  v[k] = V[i];'] : []),
    '}',
    'function receiveInitial(i, weights) {',
    '  W = weights;',
    ...(receiveInitial === undefined ? [] : [`  ${names.routine(receiveInitial)}(i);`]),
    '}',
  ];
}

function assignsClock(program: KernelProgram): boolean {
  const assigns = (steps: readonly Step[]): boolean =>
    steps.some((step) => {
      if (step.do === 'set') return step.place.kind === 'ambient' && step.place.name !== 'v';
      return bodiesOf(step).some(assigns);
    });
  return [...program.routines.values()].some(({ body }) => assigns(body));
}

function bodiesOf(step: Step): readonly (readonly Step[])[] {
  if (step.do === 'if') return [step.then, step.otherwise];
  return step.do === 'while' || step.do === 'for' || step.do === 'for-netcons' ? [step.body] : [];
}

/** Every place that a routine's own text reads or writes. */
function placesOf(routine: Routine): Place[] {
  const ofStep = (step: Step): Place[] => [
    ...('place' in step ? ofPlace(step.place) : []),
    ...Object.values(step as object).flatMap((part) => (isValue(part) ? ofValue(part) : [])),
    ...('arguments' in step ? step.arguments.flatMap(ofValue) : []),
    ...bodiesOf(step).flatMap((steps) => steps.flatMap(ofStep)),
  ];
  const ofPlace = (place: Place): Place[] => [
    place,
    ...('index' in place && typeof place.index === 'object' ? ofValue(place.index) : []),
  ];
  const ofValue = (value: Value): Place[] => {
    switch (value.op) {
      case 'number':
      case 'shared-draw':
        return [];
      case 'get':
        return ofPlace(value.place);
      case 'negate':
      case 'not':
        return ofValue(value.of);
      case 'binary':
        return [...ofValue(value.left), ...ofValue(value.right)];
      case 'at-time':
        return ofValue(value.time);
      default:
        return value.arguments.flatMap(ofValue);
    }
  };
  return routine.body.flatMap(ofStep);
}

function isValue(part: unknown): part is Value {
  return typeof part === 'object' && part !== null && 'op' in part;
}
