/** The lower layers for real: sockets, folders and child processes, without Python. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Dealer } from 'zeromq';
import { prepareMeeting } from '../../src/bridge/endpoint.ts';
import { OutputTail } from '../../src/bridge/output-tail.ts';
import { schemaHash } from '../../src/bridge/schema-hash.ts';
import { Child } from '../../src/bridge/supervisor.ts';
import { bindRouter } from '../../src/bridge/transport.ts';
import { ProtocolError } from '../../src/errors.ts';

const posix = process.platform !== 'win32';

describe('a meeting place', () => {
  test.skipIf(!posix)(
    'is a socket in a folder nobody else may enter, and goes with it (Windows has no ipc sockets)',
    () => {
      const meeting = prepareMeeting({});
      const folder = dirname(meeting.address.replace('ipc://', ''));
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(Buffer.byteLength(meeting.address.replace('ipc://', ''))).toBeLessThanOrEqual(103);
      meeting.remove();
      expect(existsSync(folder)).toBe(false);
    },
  );

  test('is a port of this machine where TWINCELL_BRIDGE says so', () => {
    const meeting = prepareMeeting({ TWINCELL_BRIDGE: 'tcp' });
    expect(meeting.address).toMatch(/^tcp:\/\/127\.0\.0\.1:/);
    meeting.remove();
  });

  test('has a secret of its own', () => {
    const [a, b] = [prepareMeeting({}), prepareMeeting({})];
    expect(a.token).toMatch(/^[0-9a-f]{64}$/);
    expect(a.token).not.toBe(b.token);
    a.remove();
    b.remove();
  });
});

describe.each(posix ? ['ipc', 'tcp'] : ['tcp'])('a router over %s', (kind) => {
  test('moves frames both ways, many sends at once, in order', async () => {
    const meeting = prepareMeeting(kind === 'tcp' ? { TWINCELL_BRIDGE: 'tcp' } : {});
    const router = await bindRouter(meeting.address);
    const dealer = new Dealer({ linger: 0 });
    dealer.connect(router.endpoint);
    const large = new Uint8Array(3_000_000).map((_, index) => index);
    await dealer.send(['hello', large]);
    const arrivals = router.receive()[Symbol.asyncIterator]();
    const first = (await arrivals.next()).value as { peer: Uint8Array; frames: Uint8Array[] };
    expect(Buffer.from(first.frames[0] ?? []).toString()).toBe('hello');
    expect(Buffer.compare(first.frames[1] ?? new Uint8Array(), large)).toBe(0);
    // Without a queue of our own the second of these would fail with EBUSY.
    const sends = Array.from({ length: 50 }, (_, index) => router.send(first.peer, [Uint8Array.of(index), large]));
    for (let index = 0; index < 50; index++) {
      const [number, body] = await dealer.receive();
      expect(number?.[0]).toBe(index);
      expect(body?.length).toBe(large.length);
    }
    await Promise.all(sends);
    dealer.close();
    router.close();
    router.close();
    expect((await arrivals.next()).done).toBe(true);
    await expect(router.send(first.peer, [])).rejects.toThrow(/closed/);
    meeting.remove();
  });
});

test('a send to a peer that is not there is an error, not a silence', async () => {
  const meeting = prepareMeeting({});
  const router = await bindRouter(meeting.address);
  const dealer = new Dealer({ linger: 0 });
  dealer.connect(router.endpoint);
  await dealer.send('hello');
  await router.receive()[Symbol.asyncIterator]().next();
  await expect(router.send(Uint8Array.of(1, 2, 3), [Uint8Array.of(1)])).rejects.toBeInstanceOf(ProtocolError);
  dealer.close();
  router.close();
  meeting.remove();
});

test('a send that waits for a first peer ends with the socket', async () => {
  const meeting = prepareMeeting({});
  const router = await bindRouter(meeting.address);
  const waiting = router.send(Uint8Array.of(1, 2, 3), [Uint8Array.of(1)]);
  setImmediate(() => router.close());
  await expect(waiting).rejects.toBeInstanceOf(ProtocolError);
  meeting.remove();
});

describe('a supervised child', () => {
  const command = (script: string) => ({
    file: process.execPath,
    args: ['-e', script],
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: process.env,
  });

  test('says how it ended and what it wrote last', async () => {
    const child = new Child(command('console.error("last words"); process.exitCode = 7'));
    expect(await child.ended).toEqual({ status: 7, signal: null, error: null });
    expect(child.output.last()).toBe('last words');
  });

  test('that cannot be started is an end, not an exception', async () => {
    const child = new Child({ ...command(''), file: '/nonexistent/python' });
    expect((await child.ended).error).toMatchObject({ code: 'ENOENT' });
    expect((await child.stop(0)).error).toMatchObject({ code: 'ENOENT' });
  });

  test.skipIf(!posix)('is ended by SIGTERM where it does not end by itself (Windows has no signals)', async () => {
    const child = new Child(command('setInterval(() => 0, 1000)'));
    expect((await child.stop(1)).signal).toBe('SIGTERM');
  });

  test.skipIf(!posix)('is ended by SIGKILL where it is deaf to SIGTERM (Windows has no signals)', async () => {
    const child = new Child(command('process.on("SIGTERM", () => 0); console.log("deaf"); setInterval(() => 0, 1000)'));
    await expect.poll(() => child.output.last(), { timeout: 60_000 }).toBe('deaf');
    expect((await child.stop(200)).signal).toBe('SIGKILL');
  });

  test('holds a pipe whose end it can see', async () => {
    const child = new Child(command('process.stdin.on("end", () => process.exit(3)).resume()'));
    // Longer than any machine needs to see the end of a pipe: SIGTERM, which would show, never comes first.
    child.closeInput();
    expect(await child.ended).toMatchObject({ status: 3, signal: null });
  });
});

test('the tail of an output is bounded, in lines and in characters', () => {
  const tail = new OutputTail(100);
  for (let line = 0; line < 1000; line++) tail.push(`line ${line}\n`);
  expect(tail.last(2)).toBe('line 998\nline 999');
  expect(tail.last(1000).length).toBeLessThanOrEqual(100);
});

test('the schema hash is that of the folder, and not of another one', () => {
  const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url));
  const other = fileURLToPath(new URL('../fixtures/', import.meta.url));
  expect(schemaHash(schemas)).toBe(schemaHash(schemas));
  expect(schemaHash(schemas)).not.toBe(schemaHash(other));
});
