/** Where the two sides meet: a socket file in a private folder, or a port of this machine where such files are missing. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a socket file that every system takes (bytes): Linux has 107, macOS 103. */
const LONGEST_PATH = 100;

export interface Meeting {
  /** What the transport binds. */
  readonly address: string;
  /** An empty folder of the sidecar's own, where it starts: NEURON loads `./x86_64` of its working directory by itself. */
  readonly workFolder: string;
  /** What the sidecar proves with that it is our child. */
  readonly token: string;
  /** Removes the folder and all in it. */
  remove(): void;
}

/** Folders to remove should this process end in the middle of things. (After a SIGKILL one small folder stays.) */
const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) removeFolder(folder);
});

function removeFolder(folder: string): void {
  folders.delete(folder);
  // Windows holds on to a dead process's working directory for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Makes a private folder (mode 0700) and an address. `TWINCELL_BRIDGE=tcp` asks for tcp where ipc would do. */
export function prepareMeeting(environment: NodeJS.ProcessEnv = process.env): Meeting {
  const folder = mkdtempSync(join(tmpdir(), 'twincell-'));
  folders.add(folder);
  chmodSync(folder, 0o700);
  const workFolder = join(folder, 'work');
  mkdirSync(workFolder);
  const socket = join(folder, 's');
  const ipc =
    process.platform !== 'win32' && environment.TWINCELL_BRIDGE !== 'tcp' && Buffer.byteLength(socket) <= LONGEST_PATH;
  return {
    address: ipc ? `ipc://${socket}` : 'tcp://127.0.0.1:*',
    workFolder,
    token: randomBytes(32).toString('hex'),
    remove: () => removeFolder(folder),
  };
}
