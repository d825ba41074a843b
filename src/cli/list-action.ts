/** What `list` does: the plan, and on request the requests of it; nothing is sent. */
import type { Case, Step } from '../plan/case.ts';
import { Preparer } from '../plan/prepare.ts';
import type { Json } from '../protocol/json.ts';
import type { RunOptions } from '../run/options.ts';
import { dialectOf } from '../run/case-context.ts';
import { planOf } from '../run/run.ts';
import { createScopes } from '../run/scopes.ts';
import { headerOf } from '../transport/exchange.ts';
import { createRedactor, type Redactor } from '../transport/redact.ts';
import { MISUSE } from './codes.ts';
import type { ListFlags } from './commands/list.ts';
import type { Console } from './console.ts';
import { showDiagnostics } from './diagnostics.ts';
import { endpointOf } from './endpoint-flags.ts';
import { unmatchedIn } from './unmatched.ts';
import { selectionOf } from './selection.ts';
import { openWorkspace } from './workspace.ts';

export async function listCases(files: readonly string[], flags: ListFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const selection = selectionOf(flags);
  if (typeof selection === 'string') return misuse(selection);
  const workspace = await openWorkspace(files, flags, console);
  if (workspace === null) return MISUSE;

  const { config, contracts } = workspace;
  const redactor = createRedactor();
  const endpoint = endpointOf(flags, { config, env: process.env, redactor });
  if (typeof endpoint === 'string') return misuse(endpoint);
  if (!('target' in endpoint)) {
    showDiagnostics(endpoint, console);
    return MISUSE;
  }
  const options: RunOptions = {
    contracts,
    ...selection,
    filters: { ...selection.filters, lines: workspace.lines },
    target: endpoint.target,
    headers: endpoint.headers,
    vars: endpoint.vars,
    configVars: config.vars,
    dialects: config.dialects,
    env: process.env,
    allowWrites: flags.allowWrites === true,
  };
  const plan = planOf(options);
  const requests = flags.requests === true ? requestLister(options, redactor) : null;
  const listed = plan.cases.map((one) => ({ one, requests: requests?.(one) ?? null }));
  if (flags.json === true)
    console.out(
      `${JSON.stringify(
        listed.map(({ one, requests: shown }) => asJson(one, shown)),
        null,
        2,
      )}\n`,
    );
  else for (const { one, requests: shown } of listed) console.out(asText(one, shown));

  for (const text of unmatchedIn(options)) console.err(`warning: ${text}\n`);
  console.err(`${plan.cases.length} of ${plan.total} cases, plan ${plan.planHash}, seed ${plan.seed}\n`);
  return workspace.hasErrors ? MISUSE : 0;
}

/** The embedded endpoint has a port only while it runs: its requests are shown by their path. */
const EMBEDDED = 'http://embedded.invalid';

interface ListedRequest {
  readonly step: string;
  /** Null where only the run knows what is captured. */
  readonly line: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string | null; readonly origin: string }[];
  readonly body: string | null;
  readonly problem: string | null;
}

/** Requests as they would be sent, secrets masked. Captures of flows stand as `‹name›`. */
function requestLister(options: RunOptions, redactor: Redactor): (one: Case) => readonly ListedRequest[] {
  const target = options.target;
  if (target === undefined) return () => [];
  const dialect = dialectOf(options, target);
  const preparer = new Preparer({
    baseUrlOf: (_, { bases }) => target.baseUrl ?? `${EMBEDDED}${bases[0] ?? ''}`,
    dialectOf: dialect,
    protocol: target.protocol,
    targetHeaders: target.headers,
    flagHeaders: options.headers ?? new Map(),
    isEmbedded: target.baseUrl === null,
  });
  const scopes = createScopes(options, target, redactor);

  return (one) => {
    const captures = new Map<string, Json>();
    return [...one.steps, ...one.cleanup].map((step): ListedRequest => {
      const scope = scopes(step.contract, captures);
      const prepared = preparer.prepareStep(step, scope);
      for (const name of step.spec.capture.keys()) captures.set(name, `‹${name}›`);
      const name = nameOf(step);
      if ('problem' in prepared) return { step: name, line: null, headers: [], body: null, problem: prepared.problem };

      const request = step.rewrite?.(prepared.request) ?? prepared.request;
      const origins = new Map(
        preparer.headersOf(step, scope).map((header) => [header.name.toLowerCase(), header.origin]),
      );
      const isRewritten = (header: string): boolean =>
        headerOf(request.headers, header) !== headerOf(prepared.request.headers, header);
      const left = preparer.headersOf(step, scope).filter(({ value }) => value === null);
      return {
        step: name,
        line: redactor.redactText(
          `${request.verb} ${request.origin === EMBEDDED ? '' : request.origin}${request.target}`,
        ),
        headers: [
          ...redactor.redactHeaders(request.headers).map(([header, value]) => ({
            name: header,
            value,
            origin: isRewritten(header) ? 'case' : (origins.get(header.toLowerCase()) ?? 'profile'),
          })),
          ...left.map(({ name: header, origin }) => ({ name: header, value: null, origin })),
        ],
        body: request.body === null ? null : redactor.redactText(new TextDecoder().decode(request.body)),
        problem: null,
      };
    });
  };
}

function nameOf({ spec }: Step): string {
  return spec.name ?? spec.method;
}

function asJson(one: Case, requests: readonly ListedRequest[] | null): object {
  const { id, name, group, method, operation, derived, reason, contract, pointer, tags, writes, skip, blocked } = one;
  const { line, col } = contract.locate(pointer);
  return {
    id,
    name,
    group,
    resource: contract.resource,
    method,
    operation: operation?.name ?? null,
    derived,
    reason,
    file: contract.file,
    line,
    col,
    tags,
    writes,
    skip,
    blocked,
    ...(requests === null ? {} : { requests }),
  };
}

function asText(one: Case, requests: readonly ListedRequest[] | null): string {
  const { line } = one.contract.locate(one.pointer);
  const state = one.skip !== null ? `  skip: ${one.skip}` : one.blocked !== null ? `  blocked: ${one.blocked}` : '';
  const head = `${one.id}  ${one.contract.file}:${line}${state}\n`;
  return requests === null ? head : head + requests.map(requestText).join('') + '\n';
}

function requestText({ line, headers, body, problem, step }: ListedRequest): string {
  if (line === null) return `    ${step}: ${problem ?? ''}\n`;
  const width = Math.max(...headers.map(({ name, value }) => name.length + (value ?? '(left out)').length)) + 2;
  const rows = headers.map(
    ({ name, value, origin }) => `      ${`${name}: ${value ?? '(left out)'}`.padEnd(width)}  ${origin}\n`,
  );
  return `    ${line}\n${rows.join('')}${body === null ? '' : `\n      ${body}\n`}`;
}
