/** Writing so that a file is either whole or not there: temporary name, fsync, rename, fsync of the folder. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DiskFullError, UsageError } from './errors.ts';

/** Writes a whole file or none. @throws DiskFullError, UsageError (not permitted) */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await using(await open(temporary, 'wx'), async (file) => {
      await file.writeFile(data);
      await file.sync();
    });
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (cause) {
    // What kept it from being written may keep it from being removed; the first is what to tell.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asWriteError(cause, path);
  }
}

/** Appends one line and makes it last. */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    await using(await open(path, 'a'), async (file) => {
      await file.appendFile(`${line}\n`);
      await file.sync();
    });
  } catch (cause) {
    throw asWriteError(cause, path);
  }
}

/** Codes of what a user can mend; EEXIST is what making a folder says where a file stands. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST']);

/** A file system's error on writing, as one of ours where a user can mend it. */
export function asWriteError(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DiskFullError(path, { cause });
  if (code !== undefined && IN_THE_WAY.has(code)) {
    const remedy = 'Choose another folder with --out, or change its permissions.';
    return new UsageError(`cannot write ${path} (${code})`, { cause, remedy });
  }
  if (code === 'ENOENT') return new UsageError(`cannot write ${path}: its folder does not exist`, { cause });
  return cause;
}

async function using(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its rename is durable enough for what we promise there.
  if (process.platform === 'win32') return;
  await using(await open(folder, 'r'), (handle) => handle.sync());
}
