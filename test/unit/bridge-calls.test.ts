/** Handshake and calls over a transport without sockets: the test is the sidecar. */
import { encode } from '@msgpack/msgpack';
import { Type } from 'typebox';
import { describe, expect, test, vi } from 'vitest';
import { callMethod } from '../../src/bridge/calls.ts';
import { accept, type Connection } from '../../src/bridge/connection.ts';
import { type Envelope, PART_WINDOW, PROTOCOL_VERSION } from '../../src/bridge/envelope.ts';
import type { CallOptions } from '../../src/bridge/types.ts';
import { InterruptedError, ProtocolError, RemoteError } from '../../src/errors.ts';
import { collect } from '../fixtures/collect.ts';
import { FakeTransport, helloOf, SCHEMA_HASH, TOKEN } from '../fixtures/fake-transport.ts';

const expected = { kind: 'fake', token: TOKEN, schemaHash: SCHEMA_HASH };
const method = {
  name: 'count',
  params: Type.Object({ to: Type.Integer() }, { additionalProperties: false }),
  result: Type.Object({ index: Type.Integer() }),
};

async function connected(): Promise<{ transport: FakeTransport; connection: Connection; broken: Error[] }> {
  const transport = new FakeTransport();
  const broken: Error[] = [];
  const accepting = accept(transport, expected, (error) => broken.push(error));
  transport.say(helloOf());
  return { transport, connection: await accepting, broken };
}

/** Waits for something that comes for certain: the limit only keeps a broken test from hanging. */
function until<T>(condition: () => T): Promise<NonNullable<T>> {
  return vi.waitUntil(condition, { timeout: 60_000, interval: 5 }) as Promise<NonNullable<T>>;
}

/** Waits until the fake sidecar has received a message of this type and gives it. */
async function received<T extends Envelope['type']>(transport: FakeTransport, type: T, count = 1) {
  return await until(() => {
    const found = transport.sent.filter((envelope) => envelope.type === type);
    return found.length >= count ? (found[count - 1] as Extract<Envelope, { type: T }>) : undefined;
  });
}

const part = (id: number, sequence: number): Envelope => ({
  type: 'result',
  id,
  sequence,
  value: { index: sequence },
  tables: [],
});

describe('the handshake', () => {
  test('answers a hello that fits', async () => {
    const { transport, connection } = await connected();
    expect(transport.sent).toEqual([{ type: 'welcome', protocol: PROTOCOL_VERSION, schemaHash: SCHEMA_HASH }]);
    expect(connection.hello.versions).toEqual({ python: '3.12.0' });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['protocol', { protocol: 99 }, new RegExp(`protocol version 99, this side has ${PROTOCOL_VERSION}`)],
    ['schemas', { schemaHash: 'cd'.repeat(32) }, /schema hash (cd){32}, this side has (ab){32}/],
    ['kind', { kind: 'other' }, /kind other, this side has fake/],
  ])('says both sides where the %s differ, and tells the sidecar too', async (_name, changes, reason) => {
    const transport = new FakeTransport();
    const accepting = accept(transport, expected, () => undefined);
    transport.say(helloOf(changes));
    const error: unknown = await accepting.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).message).toMatch(reason);
    expect((error as ProtocolError).remedy).toMatch(/one installation/);
    expect(transport.sent).toHaveLength(1);
  });

  test('recognises a newer version though its hello has another shape', async () => {
    const transport = new FakeTransport();
    const accepting = accept(transport, expected, () => undefined);
    transport.arrive([encode({ type: 'hello', protocol: 7, token: TOKEN, novelty: true })]);
    await expect(accepting).rejects.toThrow(/protocol version 7/);
  });

  test('listens to nobody who lacks the token, before and after', async () => {
    const transport = new FakeTransport();
    const accepting = accept(transport, expected, () => undefined);
    const stranger = new Uint8Array([9]);
    transport.say(helloOf({ token: 'guess' }), stranger);
    transport.arrive([new Uint8Array([0xc1, 0xff])], stranger);
    transport.arrive([], stranger);
    transport.say(helloOf());
    const connection = await accepting;
    expect(transport.sent).toHaveLength(1);
    const parts = callMethod(connection, method, { to: 1 });
    const first = parts.next();
    const { id } = await received(transport, 'call');
    transport.say({ type: 'fatal', message: 'from a stranger' }, stranger);
    transport.say(part(id, 0));
    expect((await first).value).toMatchObject({ value: { index: 0 } });
  });
});

describe('a call', () => {
  test('is sent when iteration starts, and gives parts until its end', async () => {
    const { transport, connection } = await connected();
    const iteration = collect(callMethod(connection, method, { to: 2 }));
    const { id, params, credit } = await received(transport, 'call');
    expect({ params, credit }).toEqual({ params: { to: 2 }, credit: PART_WINDOW });
    transport.say(part(id, 0));
    transport.say(part(id, 1));
    transport.say({ type: 'end', id, parts: 2, cancelled: false });
    expect((await iteration).map(({ value }) => value)).toEqual([{ index: 0 }, { index: 1 }]);
  });

  test('grants a further part for each one that was consumed, not for those that wait', async () => {
    const { transport, connection } = await connected();
    const parts = callMethod(connection, method, { to: 9 });
    const first = parts.next();
    const { id } = await received(transport, 'call');
    for (let sequence = 0; sequence < PART_WINDOW; sequence++) transport.say(part(id, sequence));
    await first;
    expect(transport.sent.filter(({ type }) => type === 'credit')).toHaveLength(0);
    await parts.next();
    await parts.next();
    expect(transport.sent.filter(({ type }) => type === 'credit')).toHaveLength(2);
  });

  test('that is broken off is cancelled', async () => {
    const { transport, connection } = await connected();
    const consume = (async () => {
      for await (const { value } of callMethod(connection, method, { to: 9 })) if (value.index === 0) break;
    })();
    const { id } = await received(transport, 'call');
    transport.say(part(id, 0));
    await consume;
    expect(await received(transport, 'cancel')).toEqual({ type: 'cancel', id });
    transport.say(part(id, 1));
    transport.say({ type: 'end', id, parts: 2, cancelled: true });
    await until(() => connection.dispatcher.size === 0);
    expect(connection.failure).toBeNull();
  });

  test('that is aborted throws an InterruptedError at once and is cancelled', async () => {
    const { transport, connection } = await connected();
    const controller = new AbortController();
    const iteration = collect(callMethod(connection, method, { to: 9 }, { signal: controller.signal }));
    const { id } = await received(transport, 'call');
    controller.abort();
    await expect(iteration).rejects.toBeInstanceOf(InterruptedError);
    expect(await received(transport, 'cancel')).toEqual({ type: 'cancel', id });
  });

  test('that was aborted before is never sent', async () => {
    const { transport, connection } = await connected();
    const iteration = collect(callMethod(connection, method, { to: 1 }, { signal: AbortSignal.abort() }));
    await expect(iteration).rejects.toBeInstanceOf(InterruptedError);
    expect(transport.sent.map(({ type }) => type)).toEqual(['welcome']);
  });

  test('gives the parts that came before an error, then a RemoteError with all it carries', async () => {
    const { transport, connection } = await connected();
    const parts = callMethod(connection, method, { to: 9 });
    const first = parts.next();
    const { id } = await received(transport, 'call');
    transport.say(part(id, 0));
    const details = { file: 'a.asc' };
    const error = {
      type: 'error',
      id,
      code: 'cell-broken',
      message: 'm',
      remedy: 'r',
      details,
      traceback: 't',
    } as const;
    transport.say(error);
    expect((await first).value).toMatchObject({ value: { index: 0 } });
    const thrown: unknown = await parts.next().catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(RemoteError);
    expect(thrown).toMatchObject({ code: 'cell-broken', message: 'm', remedy: 'r', details, traceback: 't' });
  });

  test('with parameters that do not fit is refused here, naming the field', async () => {
    const { transport, connection } = await connected();
    const wrong = { to: 'three' } as unknown as { to: number };
    await expect(callMethod(connection, method, wrong).next()).rejects.toThrow(/parameters of count: \/to/);
    expect(transport.sent.map(({ type }) => type)).toEqual(['welcome']);
  });

  test('with a result that does not fit throws, naming the field, and is cancelled', async () => {
    const { transport, connection } = await connected();
    const first = callMethod(connection, method, { to: 1 }).next();
    const { id } = await received(transport, 'call');
    transport.say({ type: 'result', id, sequence: 0, value: { index: 'zero' }, tables: [] });
    await expect(first).rejects.toThrow(/result of count: \/index/);
    expect(await received(transport, 'cancel')).toEqual({ type: 'cancel', id });
  });

  test('reports progress; an error of the reporter ends that call alone', async () => {
    const { transport, connection } = await connected();
    const seen: number[] = [];
    const run = (options: CallOptions) => collect(callMethod(connection, method, { to: 1 }, options));
    const good = run({ onProgress: ({ done }) => seen.push(done) });
    const bad = run({
      onProgress: () => {
        throw new RangeError('mine');
      },
    });
    const { id } = await received(transport, 'call');
    const { id: other } = await received(transport, 'call', 2);
    for (const call of [id, other]) transport.say({ type: 'progress', id: call, done: 3, total: 4, message: '' });
    await expect(bad).rejects.toBeInstanceOf(RangeError);
    transport.say({ type: 'end', id, parts: 0, cancelled: false });
    expect(await good).toEqual([]);
    expect(seen).toEqual([3]);
  });

  test('fails with the others where the sidecar breaks the protocol, and later calls with them', async () => {
    const { transport, connection, broken } = await connected();
    const calls = [callMethod(connection, method, { to: 1 }), callMethod(connection, method, { to: 1 })];
    const outcomes = calls.map((call) => call.next().catch((cause: unknown) => cause));
    const { id } = await received(transport, 'call', 2);
    transport.say(part(id, 5));
    for (const outcome of outcomes) expect(await outcome).toBeInstanceOf(ProtocolError);
    expect(broken).toHaveLength(1);
    await expect(callMethod(connection, method, { to: 1 }).next()).rejects.toThrow(/part 5 arrived/);
  });

  test('that cannot be sent reports the connection as broken', async () => {
    const { transport, connection, broken } = await connected();
    transport.broken = new ProtocolError('the sidecar is not connected');
    const first = callMethod(connection, method, { to: 1 }).next();
    await until(() => broken.length === 1);
    // Whoever knows the process then says what became of it.
    connection.fail(new Error('it died'));
    await expect(first).rejects.toThrow('it died');
  });
});
