/**
 * The order in which a pass computes its values. What is computed for one store after the other is one long chain, of which a
 * core sees too little at a time to have enough to do; so where a value waits for another one, later ones go before it.
 */
import { argumentsOf, type Graph, type GraphNode, type NodeId } from '../graph.ts';

/** A value to compute, or a store (by its index) of a value that is there. */
export type Task = { readonly value: NodeId } | { readonly store: number };

/** How far ahead values are taken from: the farther, the more of them wait in registers, of which there are 16. */
const AHEAD = 24;

/** Turns until a result is there, where each turn starts one operation. */
const LATENCY: Partial<Record<GraphNode['op'], number>> = { div: 14, sqrt: 14, exp: 20, expm1: 20, log: 20, pow: 40 };
const USUAL_LATENCY = 4;

/** @param inPlace values that are written where they are used: numbers, loads, factors of fused products */
export function schedule({ nodes, stores }: Graph, inPlace: (id: NodeId) => boolean): Task[] {
  const tasks: Task[] = [];
  const waitsFor: NodeId[][] = [];
  const seen = new Set<NodeId>();
  /** The values that an argument stands for, itself or those it is made of. */
  const needs = (id: NodeId): NodeId[] => (inPlace(id) ? argumentsOf(nodes[id] as GraphNode).flatMap(needs) : [id]);
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const given = argumentsOf(nodes[id] as GraphNode).flatMap(needs);
    given.forEach(visit);
    tasks.push({ value: id });
    waitsFor.push(given);
  };
  for (const [store, { value }] of stores.entries()) {
    const given = needs(value);
    given.forEach(visit);
    tasks.push({ store });
    waitsFor.push(given);
  }
  return inTurns(tasks, waitsFor, (id) => LATENCY[(nodes[id] as GraphNode).op] ?? USUAL_LATENCY);
}

function inTurns(
  tasks: readonly Task[],
  waitsFor: readonly (readonly NodeId[])[],
  latency: (id: NodeId) => number,
): Task[] {
  /** The turn in which a value is there. */
  const there = new Map<NodeId, number>();
  const left = tasks.map((_, k) => k);
  const ordered: Task[] = [];
  for (let turn = 0; left.length > 0; turn++) {
    const ahead = left.slice(0, AHEAD);
    const isReady = (k: number, by: number): boolean =>
      (waitsFor[k] ?? []).every((id) => (there.get(id) ?? Number.POSITIVE_INFINITY) <= by);
    const chosen = ahead.find((k) => isReady(k, turn)) ?? left[0];
    const task = tasks[chosen as number] as Task;
    left.splice(left.indexOf(chosen as number), 1);
    if ('value' in task) there.set(task.value, turn + latency(task.value));
    ordered.push(task);
  }
  return ordered;
}
