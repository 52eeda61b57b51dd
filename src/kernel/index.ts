/**
 * Kernels: what a mechanism does, as a program of plain arithmetic that is independent of who runs it, and back ends that
 * turn such a program into code. Code is linked to a cell's memory, any number of times, and then runs phase by phase over
 * all instances of the mechanism.
 */
export { compileJavaScript } from './javascript/index.ts';
export type {
  CompiledKernel,
  EventSink,
  IonStore,
  Linkage,
  LinkedKernel,
  PointerTarget,
  RandomStream,
  Storage,
} from './linkage.ts';
export { CLOCK } from './linkage.ts';
export type * from './program.ts';
