/** The archive of Node itself: a registry that serves something else under its name is refused. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';

const ENV = join(packageFolder(), 'env');
const LOCK = JSON.parse(readFileSync(join(ENV, 'node.lock.json'), 'utf8')) as {
  newest: Record<string, { package: string; version: string; integrity: string } | undefined>;
};

/** A tar archive of one file, as small as the format allows. */
function tar(name: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0ustar\x0000', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(512);
  body.write(text);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}

test('a Node that the registry vouches for and the lock does not is refused, and never started', async ({ skip }) => {
  const locked = LOCK.newest[`${process.platform}-${process.arch}`];
  if (locked === undefined) return skip(`no Node is locked for ${process.platform}-${process.arch}`);
  const manifest = JSON.stringify({ name: locked.package, version: locked.version });
  const archive = gzipSync(tar('package/package.json', manifest));
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(archive);
    const tarball = `http://${request.headers.host}/${locked.package}.tgz`;
    const version = { name: locked.package, version: locked.version, dist: { tarball, integrity } };
    return response.end(
      JSON.stringify({ name: locked.package, versions: { [locked.version]: version }, 'dist-tags': {} }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const cache = mkdtempSync(join(tmpdir(), 'twincell-node-archive-'));
  try {
    const program = `
import { ensureNode } from '${pathToFileURL(join(ENV, 'index.mjs')).href}';
await ensureNode('newest').catch((error) => { console.log(error.text); process.exitCode = error.exitCode; });`;
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const env = { ...process.env, TWINCELL_CACHE: cache, npm_config_registry: registry };
    const said = await new Promise<{ code: unknown; stdout: string }>((done) => {
      execFile(process.execPath, ['--input-type=module', '-e', program], { env }, (error, stdout) => {
        done({ code: error?.code, stdout });
      });
    });
    expect(said.stdout).toContain(`found:    ${integrity}`);
    expect(said.stdout).toContain(`required: ${locked.integrity}`);
    expect(said.code).toBe(3);
    expect(readdirSync(cache)).not.toContain('node');
    expect(readdirSync(join(cache, 'building'))).toEqual([]);
  } finally {
    server.close();
    rmSync(cache, { recursive: true, force: true });
  }
});
