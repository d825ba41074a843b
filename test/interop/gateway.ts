/** A proxy that stands before the server and breaks one thing at a time, as gateways really do. For tests alone. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type HeaderLines = readonly (readonly [string, string])[];

export interface Forwarded {
  readonly verb: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: Buffer;
}

/** What a gateway remembers between requests. */
export type Memory = Map<string, Answered>;

export type Send = (request: Forwarded) => Promise<Answered>;

/** What the contracts must say of a fault: a violation of the rule, in a case that the glob matches. */
export interface Caught {
  readonly rule: string;
  readonly in: string;
}

export interface GatewayFault {
  readonly name: string;
  /** What gateways do that makes it happen. */
  readonly how: string;
  /** Each of these is found, the first of them is the one to show; absent with `harmless` only. */
  readonly caught?: readonly Caught[];
  /** Why nobody can tell it from a gateway that does nothing; absent: it changes what is promised. */
  readonly harmless?: string;
  readonly request?: (request: Forwarded) => Forwarded;
  /** How it reaches the server where that is more than one request; `send` asks once. */
  readonly reach?: (request: Forwarded, send: Send) => Promise<Answered>;
  /** An answer without asking the server. */
  readonly answer?: (request: Forwarded, memory: Memory) => Answered | undefined;
  /** `asked` is what the client sent. */
  readonly response?: (response: Answered, asked: Forwarded, memory: Memory) => Answered;
}

export interface Gateway {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Headers between two neighbours: they are the connection's, not the message's. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect']);

export async function startGateway(upstream: string, fault: GatewayFault | null): Promise<Gateway> {
  const { hostname, port } = new URL(upstream);
  const agent = new http.Agent({ keepAlive: true });
  const memory: Memory = new Map();
  const server = http.createServer((incoming, outgoing) => {
    void collect(incoming)
      .then(async (body) => {
        const asked: Forwarded = {
          verb: incoming.method ?? 'GET',
          target: incoming.url ?? '/',
          headers: linesOf(incoming.rawHeaders),
          body,
        };
        const known = fault?.answer?.(asked, memory);
        const send: Send = (request) => forward(request, hostname, Number(port), agent);
        const meant = fault?.request?.(asked) ?? asked;
        const response = known ?? (await (fault?.reach?.(meant, send) ?? send(meant)));
        const shown = fault?.response?.(response, asked, memory) ?? response;
        outgoing.writeHead(shown.status, groupedOf(shown.headers, shown));
        outgoing.end(shown.body);
      })
      .catch((error: unknown) => {
        outgoing.writeHead(502, { 'Content-Type': 'text/plain' });
        outgoing.end(`the gateway could not reach the server: ${String(error)}`);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${own}`,
    stop: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  { verb, target, headers, body }: Forwarded,
  host: string,
  port: number,
  agent: http.Agent,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, agent, method: verb, path: target, headers: groupedOf(headers, { body, status: 0 }) },
      (response) => {
        collect(response).then(
          (answer) =>
            resolve({ status: response.statusCode ?? 0, headers: linesOf(response.rawHeaders), body: answer }),
          reject,
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

async function collect(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function linesOf(raw: readonly string[]): HeaderLines {
  const lines: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) lines.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return lines.filter(([name]) => !HOP.has(name.toLowerCase()));
}

/** Lines as node takes them: a list where a name comes several times. */
function groupedOf(
  lines: HeaderLines,
  { body, status }: { readonly body: Buffer; readonly status: number },
): http.OutgoingHttpHeaders {
  const grouped = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of lines) {
    const known = grouped.get(name.toLowerCase());
    if (known === undefined) grouped.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  const headers = Object.fromEntries(
    [...grouped.values()].map(({ name, values }) => [name, values.length === 1 ? values[0] : values]),
  );
  return status === 204 ? headers : { ...headers, 'Content-Length': body.length };
}
