/** What `proxy` does: passes everything on until SIGINT or SIGTERM, and says what it saw. */
import type { JudgeOptions } from '../traffic/judge.ts';
import { PROXY_HEADER, serveProxy, type Proxy } from '../traffic/proxy.ts';
import { mayWrite } from '../traffic/write-guard.ts';
import { ServeError } from '../transport/listen.ts';
import { isLoopback } from '../transport/loopback.ts';
import { createRedactor } from '../transport/redact.ts';
import { OutputError } from '../report/write.ts';
import { aboutCommand } from './about.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { ProxyFlags } from './commands/proxy.ts';
import type { Console } from './console.ts';
import { showDiagnostics } from './diagnostics.ts';
import { endpointOf } from './endpoint-flags.ts';
import { LiveTraffic } from './live-traffic.ts';
import { planReporters } from './outputs.ts';
import { openRecorder } from './recorder.ts';
import { stopOnSignals } from './signals.ts';
import { openWorkspace } from './workspace.ts';

const DEFAULT_PORT = 8081;

export async function proxy(files: readonly string[], flags: ProxyFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const plans = flags.reporter === undefined ? [] : planReporters(flags);
  if (typeof plans === 'string') return misuse(plans);
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
  const { target, wire } = endpoint;
  if (target.baseUrl === null)
    return misuse('name the endpoint with --base-url or --target; to answer without one there is `mock`');
  if (contracts.length === 0) return MISUSE;

  const { origin, pathname } = new URL(target.baseUrl);
  const base = pathname.replace(/\/+$/, '');
  const judge: JudgeOptions = {
    dialects: config.dialects,
    today: new Date().toISOString().slice(0, 10),
    ...(target.dialect === null ? {} : { dialect: target.dialect }),
    ...(base === '' ? {} : { basePath: base }),
  };
  const recorder = await openRecorder(flags.record ?? []);
  if (recorder instanceof OutputError) {
    console.err(`error: ${recorder.message}\n`);
    return BROKEN;
  }

  const writes = isLoopback(origin) || flags.allowWrites === true || target.writes;
  let served: Proxy;
  const early: { live: LiveTraffic | null } = { live: null };
  try {
    served = await serveProxy({
      origin,
      port: flags.port ?? DEFAULT_PORT,
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(wire.tls === undefined ? {} : { tls: wire.tls }),
      refuse: (head) => (writes || !mayWrite(head, contracts, judge) ? null : WRITES_OFF),
      onExchange: ({ exchange, unjudged }) => {
        early.live?.see(exchange, unjudged);
      },
    });
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    console.err(`error: ${error.message}\n`);
    await recorder?.finish();
    return BROKEN;
  }
  const live = new LiveTraffic({
    console,
    contracts,
    judge,
    redactor,
    about: await aboutCommand('proxy', workspace.notes),
    target: { name: target.name, baseUrl: target.baseUrl, mode: 'live', insecure: wire.tls?.insecure === true, writes },
    plans,
    recorder,
    quiet: flags.quiet === true,
  });
  early.live = live;

  // The address is what a script waits for; all else goes to standard error.
  console.out(`${served.url}${base}\n`);
  console.err(
    `passing on to ${redactor.redactText(target.baseUrl)}${writes ? '' : ', but for writes (--allow-writes)'}\n`,
  );
  const signals = stopOnSignals('stopping');
  await new Promise<void>((resolve) => {
    signals.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  const failed = await live.end();
  signals.dispose();
  if (failed) return BROKEN;
  return live.brokenCount > 0 && flags.failOnViolation === true ? 1 : 0;
}

const WRITES_OFF = `not passed on: it may write, and writes to a host that is not this machine are off; --allow-writes turns them on (${PROXY_HEADER})`;
