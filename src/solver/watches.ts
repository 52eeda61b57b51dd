/**
 * WATCH: conditions that an instance has asked to be told of. A condition fires once when it comes true, not where it was
 * true already as it was set.
 */

/** How near to true counts as true when a condition is set. */
const NEAR = 1e-11;

export interface Watching {
  readonly instance: number;
  readonly watch: number;
  readonly flag: number;
}

/** The conditions of one mechanism's instances that are active, in the order in which they were set. */
export interface Watches {
  /** All conditions go. */
  reset(): void;
  /** The instance's conditions go. */
  clear(instance: number): void;
  set(instance: number, watch: number, flag: number): void;
}

interface Condition extends Watching {
  readonly value: () => number;
  /** Whether it has been true since it was last false. */
  high: boolean;
}

/** The active conditions of a whole circuit, checked together. */
export interface WatchList {
  /**
   * @param value left side of condition `watch` minus its right side, with the sign that makes rising above 0 the event
   * @param fire told of each condition that comes true
   */
  mechanism(value: (instance: number, watch: number) => number, fire: (what: Watching) => void): Watches;
  check(): void;
}

export function createWatchList(): WatchList {
  let active: (Condition & { readonly fire: (what: Watching) => void })[] = [];
  return {
    mechanism(value, fire) {
      const owner = fire;
      const ofOther = (instance: number) => (one: (typeof active)[number]) =>
        one.fire !== owner || one.instance !== instance;
      return {
        reset() {
          active = active.filter((one) => one.fire !== owner);
        },
        clear(instance) {
          if (active.length > 0) active = active.filter(ofOther(instance));
        },
        set(instance, watch, flag) {
          active = active.filter((one) => ofOther(instance)(one) || one.watch !== watch);
          const measure = (): number => value(instance, watch);
          active.push({ instance, watch, flag, value: measure, high: measure() >= -NEAR, fire });
        },
      };
    },
    check() {
      for (const condition of active) {
        if (!(condition.value() > 0)) condition.high = false;
        else if (!condition.high) {
          condition.high = true;
          condition.fire(condition);
        }
      }
    },
  };
}
