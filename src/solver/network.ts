/**
 * Events between instances: NetCons with their sources, delays and weights, events that instances send themselves, watched
 * conditions, and the queue they all wait in. Times in ms.
 */
import { RefusedError, UsageError } from '../errors.ts';
import { CLOCK, type EventSink, type LinkedKernel } from '../kernel/linkage.ts';
import type { EventSource, NetConPlacement } from './circuit.ts';
import type { PlayedEvents, Player } from './played.ts';
import { createEventQueue, type Waiting } from './queue.ts';
import { createWatchList, type Watches, type Watching } from './watches.ts';

/** A source's spikes are due this much later than the step at which its threshold was found crossed (ms). */
const CROSSING_DELAY = 1e-10;
/** What NEURON watches of a POINT_PROCESS without NET_RECEIVE that a NetCon starts at, and the threshold it takes. */
const WATCHED = 'x';
const WATCHED_THRESHOLD = 10;

/** A connection with the weights it holds, which its target may change. */
interface NetCon {
  readonly target: NetConPlacement['target'];
  readonly delay: number;
  readonly weights: Float64Array;
}

interface Source {
  readonly from: EventSource;
  readonly netcons: NetCon[];
  /** NEURON keeps one event for all where there are more than two and all have this delay. */
  readonly sharedDelay: number | null;
  threshold: number;
  /** Set as a run starts: the numbers in which the source's one crosses the threshold; null for the potentials. */
  watched: Float64Array | null;
  /** Whether the potential was above the threshold when last seen. */
  high: boolean;
  firings: number[];
}

type Event =
  | { readonly kind: 'netcon'; readonly netcon: NetCon }
  | { readonly kind: 'source'; readonly source: Source }
  | {
      readonly kind: 'self';
      readonly mechanism: number;
      readonly instance: number;
      readonly flag: number;
      readonly weights: Float64Array;
    }
  | { readonly kind: 'watch'; readonly mechanism: number; readonly watching: Watching };

export interface Network {
  /** What the instances of a mechanism call; made before the mechanism's kernel. */
  sink(mechanism: number): EventSink;
  /** Before anything starts: nothing is due. */
  clear(): void;
  /** After the mechanisms' INITIAL: those of NET_RECEIVE run, and events at given times enter the queue. */
  initialize(played: PlayedEvents | undefined): void;
  /** Whether a source's spikes are seen in a variable of its instance. */
  readsInstances(): boolean;
  /** Start of a step: sources and conditions that have come above their thresholds send events. */
  check(v: Float64Array): void;
  /** Delivers, in order, all that is due at `time` or before. The clock shows each event's own time meanwhile. */
  deliver(time: number): void;
  /** When the source of a NetCon fired since the start (ms). */
  firings(netcon: number): readonly number[];
  /** The weights a NetCon holds. */
  weights(netcon: number): Float64Array;
}

export interface NetworkParts {
  readonly placements: readonly NetConPlacement[];
  /** Filled as mechanisms are linked. */
  readonly kernels: readonly LinkedKernel[];
  readonly clock: Float64Array;
  readonly player: Player;
}

/** What instances hold that no NetCon has reached; NEURON would read a null pointer. */
const NO_WEIGHTS = new Float64Array(16).fill(Number.NaN);

export function createNetwork({ placements, kernels, clock, player }: NetworkParts): Network {
  const queue = createEventQueue<Event>();
  const watchList = createWatchList();
  const netcons = placements.map(netconOf);
  const sources = sourcesOf(placements, netcons);
  const sourceOf = (netcon: number): Source =>
    sources.find((source) => source.netcons.includes(netcons[netcon] as NetCon)) as Source;
  let crossing: Source[] = [];
  const watches: Watches[] = [];
  /** By mechanism and instance: the event with flag 1 that net_move moves, and watched conditions waiting to be told. */
  const movable: Map<number, Waiting<Event>>[] = [];
  const told: Map<number, Set<Waiting<Event>>>[] = [];
  const instanceSources: Map<number, Source>[] = [];
  /** While an instance receives: the weights it was given, and whether it has already dropped its conditions. */
  let weightsNow: Float64Array = NO_WEIGHTS;
  let dropped = false;

  const now = (): number => clock[CLOCK.t] as number;

  function receive(mechanism: number, instance: number, weights: Float64Array, flag: number): void {
    if (flag === 1) movable[mechanism]?.delete(instance);
    const before = weightsNow;
    weightsNow = weights;
    dropped = false;
    (kernels[mechanism] as LinkedKernel).receive(instance, weights, flag);
    weightsNow = before;
  }

  function reach(netcon: NetCon): void {
    if (netcon.target !== null) receive(netcon.target.mechanism, netcon.target.instance, netcon.weights, 0);
  }

  function fire(source: Source, time: number): void {
    source.firings.push(time);
    if (source.sharedDelay !== null) {
      queue.insert(time + source.sharedDelay, { kind: 'source', source });
      return;
    }
    for (const netcon of source.netcons) {
      if (netcon.target !== null) queue.insert(time + netcon.delay, { kind: 'netcon', netcon });
    }
  }

  function happen(item: Waiting<Event>): void {
    const { event } = item;
    if (event.kind === 'netcon') reach(event.netcon);
    else if (event.kind === 'source') event.source.netcons.forEach(reach);
    else if (event.kind === 'self') receive(event.mechanism, event.instance, event.weights, event.flag);
    else {
      told[event.mechanism]?.get(event.watching.instance)?.delete(item);
      receive(event.mechanism, event.watching.instance, NO_WEIGHTS, event.watching.flag);
    }
  }

  function checkedTime(mechanism: number, what: string, time: number): number {
    if (time >= now()) return time;
    const { name } = (kernels[mechanism] as LinkedKernel).program;
    throw new RefusedError(`${name} calls ${what} for ${time} ms at ${now()} ms; NEURON stops there too`, {
      construct: `${what} into the past in ${name}`,
      remedy: 'Give it a delay of 0 or more.',
    });
  }

  /** A mechanism's conditions; one that has come true waits in the queue like any event. */
  function watchesOf(mechanism: number): Watches {
    const tell = (watching: Watching): void => {
      const item = queue.insert(now(), { kind: 'watch', mechanism, watching });
      const mine = told[mechanism] as Map<number, Set<Waiting<Event>>>;
      const waiting = mine.get(watching.instance) ?? new Set();
      waiting.add(item);
      mine.set(watching.instance, waiting);
    };
    const value = (instance: number, watch: number): number => {
      const kernel = kernels[mechanism] as LinkedKernel;
      const difference = kernel.watchValue(instance, watch);
      return kernel.program.watches[watch]?.direction === '<' ? -difference : difference;
    };
    return watchList.mechanism(value, tell);
  }

  return {
    sink(mechanism) {
      const mine = watchesOf(mechanism);
      const moves = new Map<number, Waiting<Event>>();
      const telling = new Map<number, Set<Waiting<Event>>>();
      watches[mechanism] = mine;
      movable[mechanism] = moves;
      told[mechanism] = telling;
      instanceSources[mechanism] = sourcesOfInstances(sources, mechanism);
      return {
        send(instance, delay, flag) {
          const time = checkedTime(mechanism, 'net_send', now() + delay);
          const item = queue.insert(time, { kind: 'self', mechanism, instance, flag, weights: weightsNow });
          if (flag === 1) moves.set(instance, item);
        },
        event(instance, time) {
          const source = instanceSources[mechanism]?.get(instance);
          if (source !== undefined) fire(source, checkedTime(mechanism, 'net_event', time));
        },
        move(instance, time) {
          const item = moves.get(instance);
          if (item === undefined) throw nothingToMove(kernels[mechanism] as LinkedKernel);
          queue.move(item, checkedTime(mechanism, 'net_move', time));
        },
        // All WATCH statements of one NET_RECEIVE add up: only the first of a call drops the earlier ones.
        clearWatches(instance) {
          if (dropped) return;
          dropped = true;
          mine.clear(instance);
          for (const item of telling.get(instance) ?? []) queue.remove(item);
          telling.delete(instance);
        },
        watch: mine.set,
        netcons: (instance) => weightsReaching(sources, mechanism, instance),
      };
    },
    clear() {
      queue.clear();
      for (const moves of movable) moves?.clear();
      for (const telling of told) telling?.clear();
      weightsNow = NO_WEIGHTS;
    },
    initialize(played) {
      for (const source of sources) {
        source.high = false;
        source.firings = [];
        source.watched = watchedOf(source.from, kernels);
      }
      crossing = sources.filter(({ from, watched }) => from.kind === 'voltage' || watched !== null);
      for (const netcon of netcons) {
        weightsNow = netcon.weights;
        startWeights(netcon, kernels);
      }
      weightsNow = NO_WEIGHTS;
      for (const mine of watches) mine?.reset();
      for (const { from, netcons: reached } of sources) {
        if (from.kind !== 'times') continue;
        for (const netcon of reached) {
          for (const time of from.times) queue.insert(time + netcon.delay, { kind: 'netcon', netcon });
        }
      }
      player.start(played);
    },
    readsInstances: () => sources.some(({ from }) => watchedOf(from, kernels) !== null),
    check(v) {
      for (const source of crossing) {
        const { from, watched } = source;
        if (from.kind === 'times') continue;
        const value = (watched ?? v)[from.kind === 'voltage' ? from.node : from.instance] as number;
        if (!(value - source.threshold > 0)) source.high = false;
        else if (!source.high) {
          source.high = true;
          fire(source, now() + CROSSING_DELAY);
        }
      }
      watchList.check();
    },
    deliver(time) {
      const saved = now();
      for (;;) {
        if (player.next <= time && player.next <= queue.next) {
          clock[CLOCK.t] = player.next;
          player.deliver(receive);
          continue;
        }
        const item = queue.take(time);
        if (item === null) break;
        clock[CLOCK.t] = item.time;
        happen(item);
      }
      clock[CLOCK.t] = saved;
    },
    firings: (netcon) => sourceOf(netcon).firings,
    weights: (netcon) => (netcons[netcon] as NetCon).weights,
  };
}

function netconOf({ target, delay, weights }: NetConPlacement): NetCon {
  if (!(delay >= 0)) throw new UsageError(`a connection's delay must be 0 ms or more, not ${delay}`);
  return { target, delay, weights: Float64Array.from(weights) };
}

/** One source for all NetCons that start at the same place; the last threshold given there holds for all. */
function sourcesOf(placements: readonly NetConPlacement[], netcons: readonly NetCon[]): Source[] {
  const groups = new Map<string, { from: EventSource; netcons: NetCon[]; threshold: number }>();
  for (const [k, { source }] of placements.entries()) {
    const key = keyOf(source, k);
    const group = groups.get(key) ?? { from: source, netcons: [], threshold: WATCHED_THRESHOLD };
    group.netcons.push(netcons[k] as NetCon);
    if (source.kind === 'voltage') group.threshold = source.threshold;
    groups.set(key, group);
  }
  return Array.from(groups.values(), (group) => {
    const delay = group.netcons[0]?.delay ?? 0;
    const shared = group.netcons.length > 2 && group.netcons.every((netcon) => netcon.delay === delay);
    return { ...group, sharedDelay: shared ? delay : null, watched: null, high: false, firings: [] };
  });
}

/** The values of x of a POINT_PROCESS that has no NET_RECEIVE: it sends where they cross the threshold. */
function watchedOf(from: EventSource, kernels: readonly LinkedKernel[]): Float64Array | null {
  const kernel = from.kind === 'instance' ? kernels[from.mechanism] : undefined;
  if (kernel === undefined) return null;
  const { kind, phases, instance } = kernel.program;
  const has = instance.some(({ name, visible, length }) => name === WATCHED && visible && length === 1);
  return kind === 'point' && phases.receive === undefined && has ? kernel.instance(WATCHED) : null;
}

function keyOf(source: EventSource, netcon: number): string {
  if (source.kind === 'voltage') return `v ${source.node}`;
  if (source.kind === 'instance') return `${source.mechanism} ${source.instance}`;
  return `times ${netcon}`;
}

function sourcesOfInstances(sources: readonly Source[], mechanism: number): Map<number, Source> {
  const found = new Map<number, Source>();
  for (const source of sources) {
    if (source.from.kind === 'instance' && source.from.mechanism === mechanism) found.set(source.from.instance, source);
  }
  return found;
}

function weightsReaching(sources: readonly Source[], mechanism: number, instance: number): Float64Array[] {
  const reaches = ({ target }: NetCon): boolean => target?.mechanism === mechanism && target.instance === instance;
  return sources.flatMap(({ netcons }) => netcons.filter(reaches).map(({ weights }) => weights));
}

/** INITIAL of NET_RECEIVE, or else all arguments but the weight become 0. */
function startWeights({ target, weights }: NetCon, kernels: readonly LinkedKernel[]): void {
  const kernel = target === null ? undefined : kernels[target.mechanism];
  if (target === null || kernel === undefined) return;
  if (kernel.program.phases.receiveInitial !== undefined) kernel.receiveInitial(target.instance, weights);
  else weights.fill(0, 1);
}

function nothingToMove({ program }: LinkedKernel): RefusedError {
  return new RefusedError(
    `${program.name} calls net_move and no event with flag 1 is waiting; NEURON stops there too`,
    {
      construct: `net_move without an event in ${program.name}`,
      remedy: 'Call net_send(…, 1) before net_move.',
    },
  );
}
