/** What a run speaks to: a service over the wire, or the embedded endpoint, which is opened and closed with the run. */
import type { Contract } from '../contract/contract.ts';
import { createInProcess } from '../mock/in-process.ts';
import { createMock, SESSION_HEADER, type Mock } from '../mock/mock.ts';
import { serveMock } from '../mock/server.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { authorize, createAuth } from '../transport/auth.ts';
import type { Redactor } from '../transport/redact.ts';
import type { Transport } from '../transport/transport.ts';
import { createWire } from '../transport/wire.ts';
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

/** @throws ServeError when the embedded endpoint gets no port */
export async function openEndpoint(options: RunOptions, target: Target, redactor: Redactor): Promise<Endpoint> {
  return target.baseUrl === null ? openEmbedded(options) : openLive(options, target, target.baseUrl, redactor);
}

function openLive(options: RunOptions, target: Target, baseUrl: string, redactor: Redactor): Endpoint {
  const owned = options.transport === undefined ? openWire(options) : null;
  const plain = options.transport ?? owned ?? openWire(options);
  const transport =
    target.auth === null ? plain : authorize(plain, createAuth(target.auth, { transport: plain, redactor }));
  return {
    transport,
    anonymous: plain,
    baseUrlOf: () => baseUrl,
    sessionHeader: null,
    endSession: () => undefined,
    close: async () => owned?.close(),
  };
}

async function openEmbedded(options: RunOptions): Promise<Endpoint> {
  const mock = embeddedMock(options);
  if (options.inProcess === true) {
    return embedded(mock, createInProcess(mock), 'http://in-process', async () => undefined);
  }
  const served = await serveMock(mock);
  const wire = options.transport ?? openWire(options);
  return embedded(mock, wire, served.url, async () => {
    if (options.transport === undefined) await wire.close();
    await served.close();
  });
}

function embedded(mock: Mock, transport: Transport, origin: string, close: () => Promise<void>): Endpoint {
  return {
    transport,
    anonymous: transport,
    // Clients of a dialect find its endpoints below a base of its own; the mock takes it off.
    baseUrlOf: (_, dialect) => origin + (dialect.bases[0] ?? ''),
    sessionHeader: SESSION_HEADER,
    endSession: (session) => mock.endSession(session),
    close,
  };
}

function embeddedMock({ contracts, dialects, faults = [] }: RunOptions): Mock {
  return createMock(contracts, {
    faults,
    ...(dialects === undefined ? {} : { dialects }),
  });
}

function openWire({ wire, concurrency = DEFAULT_CONCURRENCY }: RunOptions): Transport {
  return createWire({ connections: concurrency, ...wire });
}
