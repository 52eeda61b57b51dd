/** What the bench writes into a page leaves the rest of it alone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { commandOf, withPart } from '../bench/page.ts';

describe('a part of a page', () => {
  const around = fc.string().filter((text) => !text.includes('<!--'));

  it('is replaced, whatever stood there, and nothing else is', () => {
    fc.assert(
      fc.property(around, around, around, (before, old, after) => {
        const page = `${before}<!-- bench -->\n${old}<!-- end of bench -->${after}`;
        expect(withPart(page, 'bench', 'new')).toBe(`${before}<!-- bench -->\nnew\n<!-- end of bench -->${after}`);
      }),
    );
  });

  it('must be there', () => {
    expect(() => withPart('no such part', 'bench', 'new')).toThrow('<!-- bench -->');
  });

  it('is there for both cells and the curve', async () => {
    const page = await readFile(join(packageFolder(), 'docs', 'performance.md'), 'utf8');
    for (const name of ['bench l5pc-hay', 'bench l5pc-bbp', 'accuracy']) {
      expect(withPart(page, name, 'measured')).toContain(`<!-- ${name} -->\nmeasured\n`);
    }
  });
});

describe('the command of a part', () => {
  it('says what a reader types, and names no folder of this machine', () => {
    const argv = ['--models', '/home/me/models', '--page', '--peers', '--json'];
    expect(commandOf('bench', argv)).toBe('npm run bench -- --models FOLDER --peers');
    expect(commandOf('bench', ['--page'])).toBe('npm run bench');
  });
});
