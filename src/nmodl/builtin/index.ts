/**
 * The mechanisms that NEURON has built in, as NMODL texts of our own, so that a simulation without NEURON (in a browser, too)
 * has them. Each behaves as NEURON 9.0.2's to the last bit: test/conformance/builtins.test.ts has NEURON run both. What
 * cannot be a mechanism of ours is refused by name.
 *
 * ```ts
 * const { program } = compile({ file: 'hh.mod', text: BUILTIN_MECHANISMS.get('hh') ?? '' });
 * ```
 */
import { HH, PAS } from './channels.ts';
import { I_CLAMP, SE_CLAMP, V_CLAMP } from './electrodes.ts';
import { INT_FIRE1, INT_FIRE2 } from './integrate-and-fire.ts';
import { AP_COUNT, NET_STIM } from './spikes.ts';
import { ALPHA_SYNAPSE, EXP_SYN, EXP2_SYN } from './synapses.ts';
import { INT_FIRE4 } from './two-currents.ts';

/** Text of each mechanism, by its name in NEURON. */
export const BUILTIN_MECHANISMS: ReadonlyMap<string, string> = new Map([
  ['pas', PAS],
  ['hh', HH],
  ['ExpSyn', EXP_SYN],
  ['Exp2Syn', EXP2_SYN],
  ['AlphaSynapse', ALPHA_SYNAPSE],
  ['IClamp', I_CLAMP],
  ['SEClamp', SE_CLAMP],
  ['VClamp', V_CLAMP],
  ['APCount', AP_COUNT],
  ['NetStim', NET_STIM],
  ['IntFire1', INT_FIRE1],
  ['IntFire2', INT_FIRE2],
  ['IntFire4', INT_FIRE4],
]);

/** Mechanisms that NEURON has built in and that are not run here, with why not. */
export const REFUSED_MECHANISMS: ReadonlyMap<string, string> = new Map([
  [
    'extracellular',
    'extracellular adds layers outside the membrane with voltages of their own to the cable equation; only the inside is solved here',
  ],
  [
    'PatternStim',
    'PatternStim plays the spikes of a parallel network run from memory that only C code reaches; use a spike train instead',
  ],
  [
    'LinearMechanism',
    'LinearMechanism adds equations of a program to the cable equation while it runs; only mechanisms of mod files are solved here',
  ],
]);
