/** The Node packages of a checkout: `npm ci`, once for each state of package-lock.json. */
import { existsSync } from 'node:fs';
import { lstat, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, SetupFailure, throwIfAborted } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { inCheckout, packageFolder, platformName } from './paths.mjs';

const STEP = 'Node packages';

/**
 * Whether node_modules is what package-lock.json asks for. An installed package has nothing to do here.
 */
export async function packagesAreCurrent() {
  if (!inCheckout()) return true;
  const marker = markerFile();
  return existsSync(marker) && (await readFile(marker, 'utf8')).trim() === (await lockHash());
}

function markerFile() {
  return join(packageFolder(), 'node_modules', '.twincell-lock');
}

async function lockHash() {
  return sha256Of([await readFile(join(packageFolder(), 'package-lock.json')), platformName()]);
}

/**
 * npm ci goes through a link and empties the folder behind it, which may be another checkout's.
 * @param {string} folder
 */
async function refuseLink(folder) {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isSymbolicLink()) return;
  throw new SetupFailure({
    what: `${folder} is a symbolic link, and installing the Node packages would empty the folder that it points to.`,
    found: `a link to ${await readlink(folder)}, without the packages that package-lock.json asks for`,
    required: 'a folder of this checkout’s own, or none: set-up makes it',
    mend: [
      `remove the link (rm "${folder}"; what it points to stays), then run set-up again`,
      'or run set-up where it points to, with the same package-lock.json',
    ],
  });
}

/**
 * Installs the locked Node packages in a checkout. No package's script runs: none is needed.
 * @param {import('./build.mjs').Options} [options]
 */
export async function ensurePackages({ report, signal } = {}) {
  if (await packagesAreCurrent()) {
    report?.({ step: STEP, state: 'skip' });
    return;
  }
  const folder = packageFolder();
  await withLock(
    `packages-${sha256Of([folder]).slice(0, 12)}`,
    async () => {
      if (await packagesAreCurrent()) return;
      await refuseLink(join(folder, 'node_modules'));
      report?.({ step: STEP, state: 'start' });
      const installed = await npm(['ci', '--ignore-scripts', '--prefer-offline', '--no-progress'], {
        cwd: folder,
        signal,
      });
      throwIfAborted(signal);
      if (installed.status !== 0) {
        throw explain({ what: 'Installing the Node packages (npm ci) failed.', output: installed.output, folder });
      }
      await writeFile(markerFile(), `${await lockHash()}\n`);
      report?.({ step: STEP, state: 'done' });
    },
    {
      signal,
      onWait: (holder) =>
        report?.({ step: STEP, state: 'progress', message: `waiting: process ${holder.pid} is installing them` }),
    },
  );
}
