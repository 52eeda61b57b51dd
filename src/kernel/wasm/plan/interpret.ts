/** Graphs one compartment at a time, in plain JavaScript: for what is computed once, and to compare compiled code with. */
import type { Libm } from '../../../libm/index.ts';
import type { CompartmentPlan, Graph, GraphNode } from '../graph.ts';
import { applyBinary, applyCall, applyUnary } from './arithmetic.ts';

/** Where numbers come from and go to, by index into the plan's `columns` and `uniforms`. */
export interface Access {
  column(index: number): number;
  uniform(index: number): number;
}

/** The value of every node, in order; masks are 1 and 0, and `fma` rounds twice. */
export function interpret(graph: Graph, access: Access, libm: Libm): Float64Array {
  const values = new Float64Array(graph.nodes.length);
  for (const [id, node] of graph.nodes.entries()) values[id] = evaluate(node, values, access, libm);
  return values;
}

/** What a pass over one compartment stores, column by column. */
export function interpretStores(graph: Graph, access: Access, libm: Libm): Map<number, number> {
  const values = interpret(graph, access, libm);
  return new Map(graph.stores.map(({ column, value }) => [column, values[value] as number]));
}

/** What the prologue makes for one compartment: made columns and made uniforms, by their `made` index. */
export function interpretPrologue(
  plan: CompartmentPlan,
  access: Access,
  libm: Libm,
): { readonly columns: Float64Array; readonly uniforms: Float64Array } {
  const { prologue } = plan;
  const values = interpret(prologue, access, libm);
  const columns = new Float64Array(prologue.stores.length);
  for (const { column, value } of prologue.stores) {
    const source = plan.columns[column];
    if (source?.kind === 'made') columns[source.index] = values[value] as number;
  }
  const uniforms = new Float64Array(prologue.uniformStores.length);
  for (const { index, value } of prologue.uniformStores) uniforms[index] = values[value] as number;
  return { columns, uniforms };
}

function evaluate(node: GraphNode, values: Float64Array, access: Access, libm: Libm): number {
  const at = (id: number): number => values[id] as number;
  switch (node.op) {
    case 'constant':
      return node.value;
    case 'uniform':
      return access.uniform(node.index);
    case 'load':
      return access.column(node.column);
    case 'fma':
      return at(node.a) * at(node.b) + at(node.c);
    case 'select':
      return at(node.mask) !== 0 ? at(node.a) : at(node.b);
    case 'call':
      return applyCall(node.function, node.arguments.map(at), libm);
    case 'neg':
    case 'abs':
    case 'sqrt':
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'exp':
    case 'expm1':
    case 'log':
    case 'not':
      return applyUnary(node.op, at(node.a), libm);
    default:
      return applyBinary(node.op, at(node.a), at(node.b), libm);
  }
}
