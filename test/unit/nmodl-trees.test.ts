import { describe, expect, test } from 'vitest';
import { printMechanism } from '../../src/nmodl/index.ts';
import { bare, EVERYTHING, read } from '../fixtures/nmodl-tree.ts';

describe('a file', () => {
  const mechanism = read(EVERYTHING);

  test('gives one block a construct, in order', () => {
    const kinds = mechanism.blocks.map((block) => ('keyword' in block ? block.keyword : block.kind));
    expect(kinds).toEqual(
      [
        'title',
        'include',
        'define',
        'marker',
        'neuron',
        'units',
        'INDEPENDENT',
        'PARAMETER',
        'STATE',
        'ASSIGNED',
        'local',
      ].concat(
        [
          'verbatim',
          'INITIAL',
          'BREAKPOINT',
          'DERIVATIVE',
          'KINETIC',
          'LINEAR',
          'FUNCTION',
          'function-table',
          'PROCEDURE',
        ],
        ['net-receive', 'hook', 'hook', 'CONSTRUCTOR', 'marker'],
      ),
    );
  });

  test('says what it uses of ions, and of parameters their value, units and limits', () => {
    const neuron = mechanism.blocks.find((block) => block.kind === 'neuron');
    expect(neuron?.statements.filter(({ kind }) => kind === 'ion').map(bare)).toEqual([
      { kind: 'ion', name: 'ca', read: ['cai', 'ica'], write: ['cao'], valence: '2', represents: null },
      { kind: 'ion', name: 'x', read: [], write: ['ix'], valence: '-1', represents: null },
    ]);
    const parameters = mechanism.blocks.find((block) => block.kind === 'variables' && block.keyword === 'PARAMETER');
    if (parameters?.kind !== 'variables') throw new Error('no PARAMETER');
    expect(
      parameters.variables.map(({ name, value: number, units, length, limits }) => [
        name,
        number,
        units,
        length,
        limits,
      ]),
    ).toEqual([
      ['a', '1', 'mV', null, ['0', '1e9']],
      ['b', '-2.5e-3', null, null, []],
      ['c', null, 'um', 'N', []],
      ['celsius', null, 'degC', null, []],
    ]);
  });

  test('reads reactions: both sides, arrow and rates', () => {
    const kinetic = mechanism.blocks.find((block) => block.kind === 'named' && block.keyword === 'KINETIC');
    if (kinetic?.kind !== 'named') throw new Error('no KINETIC');
    const reactions = kinetic.body.statements.filter(({ kind }) => kind === 'reaction');
    const shape = reactions.map(
      (one) =>
        one.kind === 'reaction' && [one.left.map((r) => r.coefficient), one.arrow, one.right.length, one.rates.length],
    );
    expect(shape).toEqual([
      [['2', null], '<->', 1, 2],
      [[null], '<<', 0, 1],
      [[null], '->', 0, 1],
    ]);
  });

  test('is the same tree when it is printed and read again, and prints the same again', () => {
    const printed = printMechanism(mechanism);
    const again = read(printed);
    expect(bare(again)).toEqual(bare(mechanism));
    expect(printMechanism(again)).toBe(printed);
  });

  test('every node’s place holds its own text', () => {
    const text = EVERYTHING;
    const check = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { start, end, name } = node as { start?: number; end?: number; name?: unknown };
      if (start !== undefined && end !== undefined) {
        expect(end).toBeGreaterThan(start);
        if (typeof name === 'string') expect(text.slice(start, end)).toContain(name);
      }
      Object.values(node).forEach(check);
    };
    check(mechanism.blocks);
  });
});
