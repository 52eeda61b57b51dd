/** All exponentials of the potential among a plan's values, before any is computed: as few as can be shall be. */
import { Algebra } from './algebra.ts';
import { type Base, type Bases, chooseBases } from './bases.ts';
import { LEVEL, type Values } from './values.ts';

/** Bases for all exponentials among the values. */
export function basesOf(values: Values): Bases {
  const alone = new Algebra(values, chooseBases([]));
  const found: Base[] = [];
  const count = values.nodes.length;
  for (let id = 0; id < count; id++) {
    const node = values.node(id);
    if (node.op !== 'exp' || values.level(id) < LEVEL.varying) continue;
    const affine = alone.affine(alone.form(node.a));
    if (affine !== null) found.push({ slope: affine.slope, offset: affine.offset });
  }
  return chooseBases(found);
}
