/** Whether NEURON makes a thread-safe mechanism of a file; when TABLEs are made depends on it. */
import type { Block } from '../syntax.ts';
import type { Declarations } from './declarations.ts';
import { visitNodes } from './walk.ts';

const UNSAFE_CALLS = new Set(
  'force deflate expfit derivs spline exprand gauss normrand poisrand poisson setseed scop_random boundary romberg invert stepforce schedule set_seed nrn_random_play'.split(
    ' ',
  ),
);

export function isThreadSafe(blocks: readonly Block[], { neuron, meanings }: Declarations): boolean {
  const asserted = neuron.threadsafe;
  const kinds = new Map<string, string>();
  for (const block of blocks) if (block.kind === 'named') kinds.set(block.name, block.keyword);
  let safe = neuron.name !== 'nothing';
  if (neuron.kind === 'artificial' && blocks.some((block) => block.kind === 'local')) safe = false;
  const protectedNames = new Set<string>();
  visitNodes(blocks, (node) => {
    if (node.kind === 'protect' && node.statement.kind === 'assign' && node.statement.target.kind === 'variable')
      protectedNames.add(node.statement.target.name);
  });
  visitNodes(blocks, (node) => {
    if (node.kind === 'verbatim' && !asserted) safe = false;
    else if (node.kind === 'call' && UNSAFE_CALLS.has(node.name) && !asserted) safe = false;
    else if (node.kind === 'solve') {
      const kind = kinds.get(node.name);
      const { method } = node;
      if (kind === 'LINEAR' || kind === 'NONLINEAR' || kind === 'DISCRETE') safe = false;
      if (kind === 'KINETIC' && method !== 'sparse') safe = false;
      if (kind === 'DERIVATIVE' && method === 'runge') safe = false;
    } else if (node.kind === 'assign' && node.target.kind === 'variable' && !asserted) {
      const { name } = node.target;
      const meaning = meanings.get(name);
      const isGlobal = meaning?.kind === 'field' && meaning.where === 'global' && meaning.field.visible;
      if (isGlobal && !protectedNames.has(name)) safe = false;
    }
  });
  return safe;
}
