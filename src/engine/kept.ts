/**
 * What the solver made of a cell, kept in the cache folder for the next process. One file for each thing, whole or not there;
 * one that is not what it should be is made again. Nothing here fails: where there is no cache, or it cannot be read or
 * written, everything is made anew.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { endianness } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { cacheFolder } from '../../env/index.mjs';
import type { KeptStore } from '../kernel/wasm/kept.ts';

/** Before the bytes of a file: whose it is, their checksum and number, and the digest of their key. */
const MAGIC = Buffer.from('twincell', 'latin1');
const DIGEST = 32;
const HEAD = MAGIC.length + 8 + DIGEST;
/** What a folder may take before the oldest files go. */
const MOST_BYTES = 200e6;
const DAY_MS = 86_400_000;

/** The store in the cache folder; none before there is a cache. */
export function cachedStore(): KeptStore | undefined {
  return existsSync(cacheFolder()) ? createStore(join(cacheFolder(), 'solver')) : undefined;
}

/** @param most bytes that the folder may take before its oldest files go */
export function createStore(folder: string, most: number = MOST_BYTES): KeptStore {
  const digestOf = (key: string): Buffer => createHash('sha256').update(codeDigest()).update(key).digest();
  const pathOf = (digest: Buffer): string => join(folder, `${digest.toString('hex')}.bin`);
  return {
    find(key) {
      return attempt(() => {
        const digest = digestOf(key);
        return contentOf(readAligned(pathOf(digest)), digest);
      });
    },
    keep(key, bytes) {
      attempt(() => {
        const digest = digestOf(key);
        mkdirSync(folder, { recursive: true });
        writeWhole(folder, pathOf(digest), [headOf(bytes, digest), bytes]);
        removeOldest(folder, most);
      });
    },
  };
}

function headOf(bytes: Uint8Array, digest: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  MAGIC.copy(head);
  head.writeUInt32LE(crc32(bytes), MAGIC.length);
  head.writeUInt32LE(bytes.length, MAGIC.length + 4);
  digest.copy(head, HEAD - DIGEST);
  return head;
}

function contentOf(file: Buffer, digest: Buffer): Uint8Array | null {
  const bytes = file.subarray(HEAD);
  return headOf(bytes, digest).equals(file.subarray(0, HEAD)) ? bytes : null;
}

/** In memory of its own, so that numbers stand where they can be read in place. */
function readAligned(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    const bytes = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    for (let read = 1; at < size && read > 0; at += read) read = readSync(file, bytes, at, size - at, at);
    if (Date.now() - mtimeMs > DAY_MS) attempt(() => futimesSync(file, new Date(), new Date()));
    return bytes;
  } finally {
    closeSync(file);
  }
}

/** Under another name first: processes that make the same at once each put a whole file in its place. */
function writeWhole(folder: string, path: string, parts: readonly Uint8Array[]): void {
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    writeFileSync(temporary, Buffer.concat(parts), { flag: 'wx' });
    renameSync(temporary, path);
  } catch (cause) {
    attempt(() => rmSync(temporary, { force: true }));
    throw cause;
  }
}

function removeOldest(folder: string, most: number): void {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    return [{ path, size, mtimeMs }];
  });
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= most) return;
    rmSync(path, { force: true });
    total -= size;
  }
}

/** The code that makes what is kept, and reads it: other code may make something else of the same. */
export const CODE_FOLDERS = ['kernel', 'kernel/wasm', 'kernel/wasm/plan', 'kernel/wasm/tables', 'libm'];
let digestOfCode: Buffer | undefined;

function codeDigest(): Buffer {
  if (digestOfCode !== undefined) return digestOfCode;
  const hash = createHash('sha256').update(`${process.versions.v8} ${process.arch} ${endianness()}`);
  const type = extname(fileURLToPath(import.meta.url));
  for (const folder of CODE_FOLDERS) {
    const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
    const files = readdirSync(path).filter((name) => name.endsWith(type) && !name.endsWith('.d.ts'));
    // Without its code, nothing tells what was kept by another version.
    if (files.length === 0) throw new RangeError(`no ${type} in ${path}`);
    for (const name of files.sort()) hash.update(`${folder}/${name}`).update(readFileSync(join(path, name)));
  }
  digestOfCode = hash.digest();
  return digestOfCode;
}

function attempt<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}
