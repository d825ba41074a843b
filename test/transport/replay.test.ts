import { describe, expect, it } from 'vitest';
import type { Exchange, HttpRequest } from '../../src/transport/exchange.ts';
import { createReplay } from '../../src/transport/replay.ts';
import { get, textOf } from './raw-server.ts';

const recorded = (request: HttpRequest, body: string): Exchange => ({
  request,
  response: { status: 200, headers: [], body: Buffer.from(body) },
  failure: null,
  durationMs: 7,
});
const post = (body: string): HttpRequest => ({ ...get('http://a', '/x'), verb: 'POST', body: Buffer.from(body) });

describe('a recording', () => {
  it('answers by verb, target and body, whatever origin and headers', async () => {
    const replay = createReplay([
      recorded(get('http://a', '/x'), 'get'),
      recorded(post('1'), 'one'),
      recorded(post('2'), 'two'),
    ]);
    const asked = get('https://b', '/x', [['A', 'b']]);
    const answer = await replay.send(asked);
    expect([textOf(answer.response?.body), answer.durationMs]).toEqual(['get', 7]);
    expect(answer.request).toBe(asked);
    expect(textOf((await replay.send(post('2'))).response?.body)).toBe('two');
  });

  it('answers in the order recorded, and stays at the last', async () => {
    const replay = createReplay(['before', 'after'].map((body) => recorded(get('http://a', '/x'), body)));
    const bodies: string[] = [];
    for (let i = 0; i < 3; i += 1) bodies.push(textOf((await replay.send(get('http://a', '/x'))).response?.body));
    expect(bodies).toEqual(['before', 'after', 'after']);
  });

  it('says what is missing', async () => {
    const replay = createReplay([recorded(post('1'), 'one')]);
    const { failure, response } = await replay.send(post('other'));
    expect(response).toBeNull();
    expect(failure).toMatchObject({
      code: 'not-recorded',
      message: 'POST /x is not recorded; that target is recorded 1 time with another body.',
    });
    expect((await replay.send(get('http://a', '/y'))).failure?.message).toContain(
      'nothing is recorded for that target',
    );
    await replay.close();
  });

  it('answers nothing once stopped', async () => {
    const replay = createReplay([recorded(get('http://a', '/x'), 'x')]);
    expect((await replay.send(get('http://a', '/x'), { signal: AbortSignal.abort() })).failure?.code).toBe('aborted');
  });
});
