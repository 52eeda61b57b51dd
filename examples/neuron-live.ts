/**
 * NEURON by hand, from TypeScript: pythonia calls Python objects directly, which suits a look around and nothing that
 * moves data (a call takes about 0.2 ms, NaN arrives as null). Experiments go through the engines instead.
 *
 *     node --conditions=twincell-source examples/neuron-live.ts
 */
import { ensureEnvironment } from '../env/index.mjs';

/** A point of the resting potential of a passive soma, as NEURON integrates it. */
export async function restingPotential(): Promise<{ version: string; mv: number }> {
  const { python } = await ensureEnvironment('neuron');
  // pythonia reads this as it is imported, and starts the interpreter then.
  process.env.PYTHON_BIN = python;
  const { python: load } = await import('pythonia');
  try {
    const neuron = await load('neuron');
    const { h } = neuron;
    const soma = await h.Section$({ name: 'soma' });
    await soma.insert('pas');
    for await (const segment of await soma) segment.pas.e = -70;
    await h.finitialize(-65);
    for (let step = 0; step < 400; step++) await h.fadvance();
    const middle = await soma(0.5);
    return { version: await neuron.__version__, mv: await middle.v };
  } finally {
    load.exit();
  }
}

if (import.meta.main) {
  const { version, mv } = await restingPotential();
  console.log(`NEURON ${version}: after 10 ms the soma is at ${mv.toFixed(3)} mV`);
}
