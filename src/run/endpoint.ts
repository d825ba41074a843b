/**
 * What a run speaks to: a service over the wire, or the embedded endpoint, which is opened and closed with the run.
 * Mock and wire are loaded when they are used: a run of one case starts in half the time without the other.
 */
import type { TargetAuth } from '../contract/config.ts';
import type { Contract } from '../contract/contract.ts';
import { MOCK_ORIGIN } from '../mock/address.ts';
import type { Mock } from '../mock/mock.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Transport } from '../transport/transport.ts';
import { DEFAULT_CONCURRENCY, type RunOptions, type Target } from './options.ts';

export interface Endpoint {
  readonly transport: Transport;
  /** The same without the target's authorization, for cases that leave it out. */
  readonly anonymous: Transport;
  readonly baseUrlOf: (contract: Contract, dialect: Dialect) => string;
  /** The header that names a state of the embedded endpoint; null: what requests change stays changed. */
  readonly sessionHeader: string | null;
  /** Forgets a state of the embedded endpoint. */
  endSession(session: string): void;
  close(): Promise<void>;
}

/**
 * @param now - time of the embedded endpoint, epoch milliseconds; the clock of this machine by default
 * @throws ServeError when the embedded endpoint gets no port
 */
export async function openEndpoint(
  options: RunOptions,
  target: Target,
  redactor: Redactor,
  now?: () => number,
): Promise<Endpoint> {
  return target.baseUrl === null ? openEmbedded(options, now) : openLive(options, target, target.baseUrl, redactor);
}

async function openLive(options: RunOptions, target: Target, baseUrl: string, redactor: Redactor): Promise<Endpoint> {
  const owned = options.transport === undefined ? await openWire(options) : null;
  const plain = options.transport ?? owned ?? (await openWire(options));
  const transport = target.auth === null ? plain : await authorized(plain, target.auth, redactor);
  return {
    transport,
    anonymous: plain,
    baseUrlOf: () => baseUrl,
    sessionHeader: null,
    endSession: () => undefined,
    close: async () => owned?.close(),
  };
}

async function openEmbedded(options: RunOptions, now: (() => number) | undefined): Promise<Endpoint> {
  const { SESSION_HEADER } = await import('../mock/mock.ts');
  const mock = await embeddedMock(options, now);
  if (options.inProcess === true) {
    const { createInProcess } = await import('../mock/in-process.ts');
    return embedded(mock, SESSION_HEADER, createInProcess(mock), MOCK_ORIGIN, async () => undefined);
  }
  const { serveMock } = await import('../mock/server.ts');
  const served = await serveMock(mock);
  // A transport of the caller's knows no other way than to the port itself.
  if (options.transport !== undefined)
    return embedded(mock, SESSION_HEADER, options.transport, served.url, () => served.close());
  // The port is another each time, and gone afterwards: only the connection knows it, so that runs are the same byte for byte.
  const wire = await openWire({
    ...options,
    wire: { ...options.wire, connectTo: new Map([[MOCK_ORIGIN, served.url]]) },
  });
  return embedded(mock, SESSION_HEADER, wire, MOCK_ORIGIN, async () => {
    await wire.close();
    await served.close();
  });
}

function embedded(
  mock: Mock,
  sessionHeader: string,
  transport: Transport,
  origin: string,
  close: () => Promise<void>,
): Endpoint {
  return {
    transport,
    anonymous: transport,
    // Clients of a dialect find its endpoints below a base of its own; the mock takes it off.
    baseUrlOf: (_, dialect) => origin + (dialect.bases[0] ?? ''),
    sessionHeader,
    endSession: (session) => mock.endSession(session),
    close,
  };
}

async function embeddedMock(
  { contracts, dialects, faults = [] }: RunOptions,
  now: (() => number) | undefined,
): Promise<Mock> {
  const { createMock } = await import('../mock/mock.ts');
  return createMock(contracts, {
    faults,
    ...(now === undefined ? {} : { now }),
    ...(dialects === undefined ? {} : { dialects }),
  });
}

async function openWire({ wire, concurrency = DEFAULT_CONCURRENCY }: RunOptions): Promise<Transport> {
  const { createWire } = await import('../transport/wire.ts');
  return createWire({ connections: concurrency, ...wire });
}

async function authorized(plain: Transport, auth: TargetAuth, redactor: Redactor): Promise<Transport> {
  const { authorize, createAuth } = await import('../transport/auth.ts');
  return authorize(plain, createAuth(auth, { transport: plain, redactor }));
}
