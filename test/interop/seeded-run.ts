/**
 * The cases that `run` leaves alone on a service: writes to what it did not create, and creations that it could not take
 * back. This server is thrown away, so they are sent all the same.
 *
 * They are planned as for the embedded endpoint, on the examples of the contract, and sent to the server. What the
 * embedded endpoint does before each case is done here by an UPDATE of every example that can be put back.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { loadContracts } from '../../src/contract/load.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { scopeOf } from '../../src/contract/interpolate.ts';
import { SESSION_HEADER } from '../../src/mock/index.ts';
import { deriveSpec } from '../../src/plan/derive.ts';
import { parseGlob, type Glob } from '../../src/plan/glob.ts';
import { writable } from '../../src/plan/material.ts';
import { Preparer } from '../../src/plan/prepare.ts';
import { NO_FILTERS } from '../../src/plan/select.ts';
import { DIALECTS, type ProtocolVersion } from '../../src/protocol/dialects.ts';
import { HEADERS, isSameHeader } from '../../src/protocol/headers.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { EMBEDDED_TARGET } from '../../src/run/options.ts';
import { runContracts } from '../../src/run/run.ts';
import type { Exchange, HttpRequest } from '../../src/transport/exchange.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { createWire } from '../../src/transport/wire.ts';

/** Resources whose examples the server holds, or takes. Others fail or wait on purpose when they are written to. */
export const SEEDED: readonly string[] = [
  'associations',
  'chainedTyperefs',
  'createGreeting',
  'customTypes2',
  'customTypes3',
  'greeting',
  'groupMemberships',
  'mixed',
  'partialUpdateGreeting',
  'typerefKeys',
];

/** It throws on purpose. */
const NEVER = 'greeting/ACTION/**/exceptionTest/**';

interface SeededRun {
  /** Folder that holds `contracts/`. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly protocol: ProtocolVersion;
  /** Of the run before; those of {@link SEEDED} that it blocked are run. */
  readonly cases: readonly CaseFinished[];
}

/** @returns all cases, those that are run now in the place of the blocked ones */
export async function runBlocked({ folder, baseUrl, protocol, cases }: SeededRun): Promise<readonly CaseFinished[]> {
  const never = globOf(NEVER);
  const blocked = cases.filter(
    ({ id, verdict, resource }) =>
      verdict === 'blocked' && resource !== null && SEEDED.includes(resource) && !never.matches(id),
  );
  const contracts = await seededContracts(folder);
  const wire = createWire();
  const transport = seeding(wire, baseUrl, contracts);
  const ran = new Map<string, CaseFinished>();
  try {
    const events = runContracts({
      contracts,
      target: { ...EMBEDDED_TARGET, protocol },
      transport,
      // One after the other: they share what the server holds.
      concurrency: 1,
      filters: { ...NO_FILTERS, cases: blocked.map(({ id }) => globOf(id)) },
    });
    for await (const event of events) if (event.type === 'case') ran.set(event.id, event);
  } finally {
    await wire.close();
  }
  return cases.map((one) => ran.get(one.id) ?? one);
}

async function seededContracts(folder: string): Promise<readonly Contract[]> {
  const files = readdirSync(path.join(folder, 'contracts'))
    .filter((file) => SEEDED.some((name) => file === `${name}.contract.yaml`))
    .map((file) => path.join('contracts', file));
  const { contracts, diagnostics } = await loadContracts(files, { cwd: folder });
  if (contracts.length < files.length) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return contracts;
}

/** Sends to the server; between two cases takes away what the one wrote, and puts the examples back for the other. */
function seeding(wire: Transport, baseUrl: string, contracts: readonly Contract[]): Transport {
  const seeds = new Map(contracts.map((contract) => [contract.resource, putBack(contract, baseUrl)]));
  const written = new Map<string, HttpRequest>();
  let session: string | undefined;
  return {
    send: async (request, options) => {
      const own = request.headers.find(([name]) => isSameHeader(name, SESSION_HEADER))?.[1];
      const requests = seeds.get(/^\/(\w+)/.exec(request.target)?.[1] ?? '') ?? [];
      if (own !== session) {
        session = own;
        for (const one of written.values()) await wire.send(removalOf(one, baseUrl));
        written.clear();
        for (const one of requests) await wire.send(one);
      }
      const headers = request.headers.filter(([name]) => !isSameHeader(name, SESSION_HEADER));
      const exchange = await wire.send({ ...request, origin: baseUrl, headers }, options);
      if (requests.length > 0 && writes(exchange)) written.set(request.target, request);
      return exchange;
    },
    close: () => wire.close(),
  };
}

function writes({ request, response }: Exchange): boolean {
  const isRefused = response === null || response.status >= 400;
  return !isRefused && request.verb !== 'GET' && request.verb !== 'DELETE' && !request.target.includes('action=');
}

/** What was written under a key, or a list of keys, is removed under the same. */
function removalOf({ target, headers }: HttpRequest, origin: string): HttpRequest {
  const version = headers.filter(([name]) => isSameHeader(name, HEADERS.protocol));
  return { verb: 'DELETE', origin, target, headers: version, body: null };
}

/** An UPDATE of each example; none where the contract declares no UPDATE. */
function putBack(contract: Contract, baseUrl: string): readonly HttpRequest[] {
  const operation = contract.operations.find(({ method }) => method === 'UPDATE');
  if (operation === undefined) return [];
  const preparer = new Preparer({
    baseUrlOf: () => baseUrl,
    dialectOf: () => DIALECTS.restli,
    protocol: '2.0.0',
    targetHeaders: new Map(),
    flagHeaders: new Map(),
  });
  return contract.examples.map(({ key, entity }) => {
    const spec = deriveSpec(operation, { entity: writable(contract, entity), ...(key === null ? {} : { key }) });
    const prepared = preparer.prepareStep({ spec, contract, operation }, scopeOf({ layers: [contract.vars], env: {} }));
    if ('problem' in prepared) throw new Error(`${contract.resource}: ${prepared.problem}`);
    return prepared.request;
  });
}

function globOf(id: string): Glob {
  const glob = parseGlob(id);
  if (typeof glob === 'string') throw new Error(`${id}: ${glob}`);
  return glob;
}
