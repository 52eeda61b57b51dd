/** What the JavaScript back end writes has no name and no message of the mod file in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJavaScript, type KernelProgram } from '../../src/kernel/index.ts';
import { bin, get, num, place, programOf, routine, set, variable } from '../fixtures/kernel-program.ts';

describe('no text of a mod file reaches the source', () => {
  const hostile = [
    `\`\${process.exit(1)}\``,
    "'; throw 1; //",
    '*/ }',
    '\u2028\u2029',
    'ünïcode π',
    '__proto__',
    'i',
    'constructor',
  ];

  /** One of everything that has a name or a message, named by `name`. */
  function everything(name: (k: number) => string): KernelProgram {
    const [instance, global, local, main, receive, pointer, random, message] = Array.from({ length: 8 }, (_, k) =>
      name(k),
    );
    const all = { instance, global, local, main, receive, pointer, random, message } as Record<string, string>;
    const at = (kind: 'instance' | 'global' | 'local') => place(kind, all[kind] as string);
    const body = [
      set(at('instance'), bin(get(at('global')), '+', get(at('local')))),
      set({ kind: 'pointer', name: all.pointer as string }, num(1)),
      { do: 'random-sequence', random: all.random as string, at: num(0) },
      { do: 'fail', message: all.message as string },
    ] as const;
    return programOf(
      [
        routine(all.main as string, body, { locals: [{ name: all.local as string, length: 1 }] }),
        routine(all.receive as string, [{ do: 'invoke', routine: all.main as string, arguments: [] }], {
          parameters: [all.local as string],
        }),
      ],
      {
        name: name(0),
        file: name(1),
        kind: 'point',
        instance: [variable(all.instance as string)],
        global: [variable(all.global as string)],
        pointers: [all.pointer as string],
        randoms: [all.random as string],
        weights: [name(3)],
        ions: [
          { ion: name(5), valence: 1, reads: [{ field: 'inside', variable: all.instance as string }], writes: [] },
        ],
        functionTables: [],
        phases: { state: all.main as string, receive: all.receive as string, hooks: [] },
      },
    );
  }

  const plain = compileJavaScript(everything((k) => `plain${k}`)).source;

  test('hostile names and messages give the very source that plain ones give', () => {
    for (let shift = 0; shift < hostile.length; shift++) {
      const { source } = compileJavaScript(everything((k) => hostile[(k + shift) % hostile.length] as string));
      expect(source).toBe(plain);
    }
  });

  test('so do names of any characters', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 8, maxLength: 8 }),
        (names) => {
          expect(compileJavaScript(everything((k) => names[k] as string)).source).toBe(plain);
        },
      ),
    );
  });
});
