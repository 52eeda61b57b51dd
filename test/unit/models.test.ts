/** Finding models: cards in folders, and the paper's morphology, which only its authors distribute. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { InvalidExperimentError, ModelNotFoundError } from '../../src/errors.ts';
import { listModels, resolveModel } from '../../src/model/index.ts';
import { ensureModelDbFile } from '../../src/model/modeldb.ts';
import { LEAK_MOD, writeSmallModel } from '../fixtures/small-model.ts';

let folder: string;
let server: Server;
let address: string;
let answer: { status: number; body: Uint8Array } = { status: 404, body: new Uint8Array() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-models-'));
  server = createServer((_, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/entry.zip`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.unstubAllEnvs());

describe('a model’s own folder', () => {
  test('has the hashes of what its mechanisms include, from above their folder too', async () => {
    const mod = `INCLUDE "unit.inc"\n${LEAK_MOD}`;
    const models = await writeSmallModel(join(folder, 'including'), { mod });
    const texts = {
      'unit.inc': 'INCLUDE "../shared/deep.inc"\n',
      '../shared/deep.inc': 'UNITS { (mV) = (millivolt) }\n',
    };
    const hashes = async () => (await resolveModel({ model: 'small', models })).hashes;
    const files = Object.entries(texts).map(([name, text]) => ({ name, text, path: join(models, 'small', name) }));
    await mkdir(join(models, 'shared'));
    for (const { path, text } of files) await writeFile(path, text);
    const found = await hashes();
    for (const { name, text } of files) {
      expect(found[`ownleak.mod: ${name}`]).toBe(createHash('sha256').update(text).digest('hex'));
    }
    expect(Object.keys(found)).toHaveLength(4);
  });

  test('is found by the card’s name, with the hashes of its files', async () => {
    const models = await writeSmallModel(join(folder, 'own'));
    const resolved = await resolveModel({ model: 'small', models });
    expect(Object.keys(resolved.hashes).sort()).toEqual(['ownleak.mod', 'small.asc']);
    expect(resolved.folder).toBe(join(models, 'small'));
    // The folder itself can be named, too.
    expect((await resolveModel({ model: 'small', models: join(models, 'small') })).hashes).toEqual(resolved.hashes);
    expect(await listModels(models)).toEqual(['l5pc-bbp', 'l5pc-hay', 'small']);
  });

  test('with a card that is none is refused by file and path', async () => {
    const models = join(folder, 'bad');
    await mkdir(models);
    await writeFile(join(models, 'model.json'), JSON.stringify({ name: 'bad', celsius: 'warm' }));
    const error = await resolveModel({ model: 'bad', models }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidExperimentError);
    expect((error as InvalidExperimentError).message).toContain(`${join(models, 'model.json')}: /celsius`);
  });

  test('that lacks a file of its card names the file', async () => {
    const models = await writeSmallModel(join(folder, 'lacking'));
    await rm(join(models, 'small', 'ownleak.mod'));
    await expect(resolveModel({ model: 'small', models })).rejects.toThrow(/ownleak\.mod/);
  });

  test('an unknown name lists those there are', async () => {
    await expect(resolveModel({ model: 'purkinje' })).rejects.toThrow(/l5pc-bbp, l5pc-hay/);
  });
});

describe('a file of ModelDB', () => {
  // sha256 of "abc": FIPS 180-2, appendix B.1.
  const file = { file: 'cell.asc', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' };
  const abc = new TextEncoder().encode('abc');
  const other = new TextEncoder().encode('abd');

  async function fetched(cache: string, status: number, body: Uint8Array): Promise<string> {
    vi.stubEnv('TWINCELL_CACHE', join(folder, cache));
    vi.stubEnv('TWINCELL_MODELDB', address);
    answer = { status, body };
    return ensureModelDbFile(file, { model: 'hay' });
  }

  test('comes from the archive, whatever its folder, and then from the cache', async () => {
    const first = await fetched('cache-a', 200, zipSync({ 'L5b/morphologies/cell.asc': abc, 'cell.asc': other }));
    expect(first).toContain('cache-a');
    expect(await fetched('cache-a', 404, new Uint8Array())).toBe(first);
  });

  test('with other contents is refused by hash', async () => {
    await expect(fetched('cache-b', 200, zipSync({ 'cell.asc': other }))).rejects.toThrow(/sha256/);
  });

  test.each([
    ['not there', 404, new Uint8Array(), /HTTP 404/],
    ['not an archive', 200, abc, /not a zip archive/],
    ['an archive without it', 200, zipSync({ 'readme.txt': abc }), /no such file/],
  ] as const)('%s: the error says how to get it', async (_, status, body, reason) => {
    const error = await fetched('cache-c', status, body).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect(String(error)).toMatch(reason);
    expect((error as ModelNotFoundError).remedy).toMatch(/139653.*--models/s);
  });

  test('of the user’s own is taken when it is the right one, and refused when it is not', async () => {
    const models = join(folder, 'hay');
    await mkdir(join(models, 'inner'), { recursive: true });
    await writeFile(join(models, 'inner', 'cell.asc'), abc);
    expect(await ensureModelDbFile(file, { model: 'hay', models })).toBe(join(models, 'inner', 'cell.asc'));
    await writeFile(join(models, 'inner', 'cell.asc'), other);
    await expect(ensureModelDbFile(file, { model: 'hay', models })).rejects.toThrow(/is not the file/);
  });
});
