/**
 * Loaded before a command that runs as a wrapper's child: stops it when the wrapper dies.
 *
 * The wrapper holds the other end of a pipe and never writes; the pipe's end means that the wrapper is gone. The command
 * then gets the SIGTERM that it would have been sent, and is ended if it does not go.
 */
import { Socket } from 'node:net';

const GRACE_MS = 5_000;
const fd = Number(process.env.TWINCELL_LEASH);
delete process.env.TWINCELL_LEASH;

if (Number.isInteger(fd) && fd > 2) {
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on('error', () => {});
  pipe.on('close', () => {
    setTimeout(() => process.exit(143), GRACE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  pipe.resume();
  pipe.unref();
}
