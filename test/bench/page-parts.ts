/**
 * Runs the measurements that print plain text and puts what they print into docs/performance.md, each in its part:
 *
 *     npm run performance -- [profile] [start] [workers] [--models FOLDER]        all of them where none is named
 *
 * With the folder that holds l5pc-hay's morphology the profile is of that cell.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFolder } from '../../env/index.mjs';
import { shownArguments, writePart } from './page.ts';

const { values, positionals: asked } = parseArgs({ options: { models: { type: 'string' } }, allowPositionals: true });

/** A part's name, which is its program's too → arguments. */
const PARTS = new Map<string, readonly string[]>([
  ['profile', values.models === undefined ? [] : ['--models', values.models]],
  ['start', []],
  ['workers', []],
]);

async function put(name: string, args: readonly string[]): Promise<void> {
  process.stderr.write(`performance: ${name}\n`);
  const program = ['--conditions=twincell-source', `test/bench/${name}.ts`, ...args];
  const text = execFileSync(process.execPath, program, {
    cwd: packageFolder(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const date = new Date().toISOString().slice(0, 10);
  const intro = `\`${['node', ...shownArguments(program)].join(' ')}\`, ${date}, ${cpus()[0]?.model.trim()}:`;
  await writePart(name, `${intro}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``);
}

const unknown = asked.find((name) => !PARTS.has(name));
if (unknown !== undefined) {
  process.stderr.write(`${unknown}: there are ${[...PARTS.keys()].join(', ')} in ${join('docs', 'performance.md')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, args] of PARTS) if (asked.length === 0 || asked.includes(name)) await put(name, args);
}
