import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/transport/exchange.ts';
import { createWire } from '../../src/transport/wire.ts';
import { SESSION_HEADER } from '../../src/mock/mock.ts';
import { serveContracts, ServeError, type Served, type ServeOptions } from '../../src/mock/server.ts';
import { at, bodyOf, LIBRARY, request, type Sent } from './library.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function serve(options: ServeOptions = {}): Promise<{ served: Served; send: (sent: Sent) => Promise<Exchange> }> {
  const served = await serveContracts(LIBRARY, { now: () => 5_000, ...options });
  const wire = createWire();
  open.push(served, wire);
  return { served, send: (sent) => wire.send({ ...request(sent), origin: served.url }) };
}

const session = (token: string): Record<string, string> => ({ [SESSION_HEADER]: token });

/** Sends bytes as they are and gives back all that comes until the server hangs up. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('serveContracts', () => {
  it('answers over a socket, its port chosen freely', async () => {
    const { served, send } = await serve();
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    const { response } = await send({ verb: 'GET', target: '/books/9007199254740993' });
    expect(response === null ? null : at(bodyOf(response), 'id')).toBe(9007199254740993n);
  });

  it('sees the target of the request byte for byte', async () => {
    const targets: string[] = [];
    const { send } = await serve({ onExchange: ({ request: { target } }) => targets.push(target) });
    await send({ verb: 'GET', target: "/books/../books/''?fields=id&x='%27" });
    expect(targets).toEqual(["/books/../books/''?fields=id&x='%27"]);
  });

  it('sees doubled headers as two lines', async () => {
    const seen: Exchange[] = [];
    const { served } = await serve({ onExchange: (exchange) => seen.push(exchange) });
    await raw(
      served.port,
      'GET /books/1 HTTP/1.1\r\nHost: x\r\nX-RestLi-Protocol-Version: 2.0.0\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n',
    );
    expect(seen[0]?.request.headers.filter(([name]) => name === 'X-A')).toEqual([
      ['X-A', '1'],
      ['X-A', '2'],
    ]);
  });

  it('sends key texts beyond ASCII as UTF-8', async () => {
    const { served } = await serve();
    const body = JSON.stringify({ room: '☺', row: 1, label: 'L' });
    const head = `POST /shelves HTTP/1.1\r\nHost: x\r\nX-RestLi-Protocol-Version: 2.0.0\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
    const answer = Buffer.from(await raw(served.port, head + body), 'latin1').toString('utf8');
    expect(answer).toContain('X-RestLi-Id: (room:☺,row:1)');
    expect(answer).toContain('Location: /shelves/(room:%E2%98%BA,row:1)');
  });

  it('names a port that is in use', async () => {
    const { served } = await serve();
    const failure = await serveContracts(LIBRARY, { port: served.port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServeError);
    expect(failure).toMatchObject({ code: 'port-in-use' });
    expect(String(failure)).toContain(String(served.port));
  });

  it('keeps connections alive, and frees the port although they are', async () => {
    const { served, send } = await serve();
    await send({ verb: 'GET', target: '/books/1' });
    await served.close();
    const again = await serveContracts(LIBRARY, { port: served.port });
    open.push(again);
    expect(again.port).toBe(served.port);
  });

  it('answers 413 to a body beyond the limit, and goes on', async () => {
    const { send } = await serve({ maxBodyBytes: 100 });
    const large = { isbn: 'x'.repeat(200), title: 'T', genre: 'POETRY' };
    const refused = await send({ verb: 'POST', target: '/books', body: large });
    expect(refused.response?.status).toBe(413);
    expect((await send({ verb: 'GET', target: '/books/1' })).response?.status).toBe(200);
  });
});

describe('states of a served mock', () => {
  it('keeps what a request wrote until it is reset', async () => {
    const { served, send } = await serve();
    await send({ verb: 'DELETE', target: '/books/1' });
    expect((await send({ verb: 'GET', target: '/books/1' })).response?.status).toBe(404);
    served.reset();
    expect((await send({ verb: 'GET', target: '/books/1' })).response?.status).toBe(200);
  });

  it('gives each session token a state of its own, from the examples', async () => {
    const { served, send } = await serve();
    await send({ verb: 'DELETE', target: '/books/1', headers: session('a') });
    const status = async (headers: Record<string, string>) =>
      (await send({ verb: 'GET', target: '/books/1', headers })).response?.status;
    expect([await status(session('a')), await status(session('b')), await status({})]).toEqual([404, 200, 200]);

    served.mock.endSession('a');
    expect(await status(session('a'))).toBe(200);
  });

  it('forgets every write when it is stateless', async () => {
    const { send } = await serve({ stateless: true });
    expect((await send({ verb: 'DELETE', target: '/books/1' })).response?.status).toBe(204);
    expect((await send({ verb: 'GET', target: '/books/1' })).response?.status).toBe(200);
  });
});
