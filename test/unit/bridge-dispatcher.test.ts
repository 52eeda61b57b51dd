/** The request tracker alone: right messages find their call, wrong ones throw. */
import { describe, expect, test } from 'vitest';
import { type CallSink, Dispatcher } from '../../src/bridge/dispatcher.ts';
import type { Envelope } from '../../src/bridge/envelope.ts';
import { ProtocolError } from '../../src/errors.ts';

class Log implements CallSink {
  readonly lines: string[] = [];
  progress({ done, total }: { done: number; total: number }): void {
    this.lines.push(`progress ${done}/${total}`);
  }
  part({ value }: { value: unknown }): void {
    this.lines.push(`part ${JSON.stringify(value)}`);
  }
  finish(end: Error | { code: string } | null): void {
    this.lines.push(end === null ? 'end' : end instanceof Error ? `failed: ${end.message}` : `error ${end.code}`);
  }
}

function dispatch(dispatcher: Dispatcher, ...envelopes: Envelope[]): void {
  for (const envelope of envelopes) dispatcher.dispatch({ envelope, tables: {} });
}

const result = (id: number, sequence: number): Envelope => ({
  type: 'result',
  id,
  sequence,
  value: sequence,
  tables: [],
});
const end = (id: number, parts: number, cancelled = false): Envelope => ({ type: 'end', id, parts, cancelled });
const failure = (id: number): Envelope => ({
  type: 'error',
  id,
  code: 'odd',
  message: '',
  remedy: null,
  details: {},
  traceback: '',
});

describe('a dispatcher', () => {
  test('routes interleaved messages to their calls, in order', () => {
    const dispatcher = new Dispatcher();
    const [first, second] = [new Log(), new Log()];
    const a = dispatcher.open(first, 4);
    const b = dispatcher.open(second, 4);
    dispatch(dispatcher, result(a, 0), result(b, 0), { type: 'progress', id: a, done: 1, total: 2, message: '' });
    dispatch(dispatcher, result(a, 1), failure(b), end(a, 2));
    expect(first.lines).toEqual(['part 0', 'progress 1/2', 'part 1', 'end']);
    expect(second.lines).toEqual(['part 0', 'error odd']);
    expect(dispatcher.size).toBe(0);
  });

  test.each<[string, (dispatcher: Dispatcher, id: number) => Envelope[], RegExp]>([
    ['a call nobody opened', (_, id) => [result(id + 1, 0)], /call 2, which is not open/],
    ['a call that has ended', (_, id) => [end(id, 0), result(id, 0)], /call 1, which is not open/],
    ['two ends', (_, id) => [end(id, 0), end(id, 0)], /not open/],
    ['a part left out', (_, id) => [result(id, 0), result(id, 2)], /part 2 arrived where part 1 was expected/],
    ['a part repeated', (_, id) => [result(id, 0), result(id, 0)], /part 0 arrived where part 1/],
    ['more parts than granted', (_, id) => [result(id, 0), result(id, 1), result(id, 2)], /3 parts arrived, 2 were/],
    ['an end that miscounts', (_, id) => [result(id, 0), end(id, 2)], /ended after 2 parts, 1 arrived/],
    ['a cancelled end nobody asked for', (_, id) => [end(id, 0, true)], /nobody cancelled it/],
    ['a message of the client', () => [{ type: 'shutdown' }], /may not send shutdown/],
    ['a second hello', () => [{ type: 'welcome', protocol: 1, schemaHash: '' }], /may not send welcome/],
    ['its farewell', () => [{ type: 'fatal', message: 'no sense' }], /gave up: no sense/],
  ])('throws at %s', (_name, script, reason) => {
    const dispatcher = new Dispatcher();
    const envelopes = script(dispatcher, dispatcher.open(new Log(), 2));
    const last = envelopes.pop();
    dispatch(dispatcher, ...envelopes);
    expect(() => dispatch(dispatcher, ...(last === undefined ? [] : [last]))).toThrow(reason);
    expect(() => dispatch(dispatcher, ...(last === undefined ? [] : [last]))).toThrow(ProtocolError);
  });

  test('lets more parts through as they are granted', () => {
    const dispatcher = new Dispatcher();
    const log = new Log();
    const id = dispatcher.open(log, 1);
    dispatch(dispatcher, result(id, 0));
    expect(dispatcher.grant(id, 1)).toBe(true);
    dispatch(dispatcher, result(id, 1), end(id, 2));
    expect(dispatcher.grant(id, 1)).toBe(false);
    expect(log.lines).toEqual(['part 0', 'part 1', 'end']);
  });

  test('drops what still arrives of a cancelled call, until its end', () => {
    const dispatcher = new Dispatcher();
    const log = new Log();
    const id = dispatcher.open(log, 4);
    expect(dispatcher.cancel(id)).toBe(true);
    expect(dispatcher.cancel(id)).toBe(false);
    dispatch(dispatcher, result(id, 0), { type: 'progress', id, done: 1, total: 2, message: '' });
    expect(log.lines).toEqual([]);
    dispatch(dispatcher, end(id, 1, true));
    expect(dispatcher.size).toBe(0);
  });

  test('fails all open calls at once', () => {
    const dispatcher = new Dispatcher();
    const logs = [new Log(), new Log()];
    for (const log of logs) dispatcher.open(log, 1);
    dispatcher.failAll(new Error('gone'));
    expect(logs.map((log) => log.lines)).toEqual([['failed: gone'], ['failed: gone']]);
  });
});
