/** What `mock` does: serves contracts until SIGINT or SIGTERM, then says what it was asked. */
import { MOCK_PORT } from '../mock/address.ts';
import { Interventions, parseSelector, type Intervention } from '../mock/interventions.ts';
import { serveContracts, type Served } from '../mock/server.ts';
import { OutputError } from '../report/write.ts';
import { judgedRequest } from '../traffic/judge.ts';
import { ServeError } from '../transport/listen.ts';
import { createRedactor } from '../transport/redact.ts';
import type { RequestJudgement } from '../verify/check-request.ts';
import { aboutCommand } from './about.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { MockFlags } from './commands/mock.ts';
import type { Console } from './console.ts';
import { unknownFault } from './fault-names.ts';
import { duration } from './flags.ts';
import { LiveTraffic } from './live-traffic.ts';
import { planReporters } from './outputs.ts';
import { openRecorder } from './recorder.ts';
import { stopOnSignals } from './signals.ts';
import { openWorkspace } from './workspace.ts';

export async function mock(files: readonly string[], flags: MockFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const fault = await unknownFault(flags.fault ?? []);
  if (fault !== null) return misuse(fault);
  const plans = flags.reporter === undefined ? [] : planReporters(flags);
  if (typeof plans === 'string') return misuse(plans);
  const workspace = await openWorkspace(files, flags, console);
  if (workspace === null || workspace.contracts.length === 0) return MISUSE;
  const { contracts, config } = workspace;
  const told = interventionsOf(
    flags,
    contracts.map(({ resource }) => resource),
  );
  if (typeof told === 'string') return misuse(told);

  const recorder = await openRecorder(flags.record ?? []);
  if (recorder instanceof OutputError) {
    console.err(`error: ${recorder.message}\n`);
    return BROKEN;
  }
  const interventions = told.length === 0 ? null : new Interventions(told, contracts, config.dialects);
  const early: { live: LiveTraffic | null; judgement: RequestJudgement | null } = { live: null, judgement: null };
  let served: Served;
  try {
    served = await serveContracts(contracts, {
      port: flags.port ?? MOCK_PORT,
      dialects: config.dialects,
      faults: flags.fault ?? [],
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.mode === undefined ? {} : { mode: flags.mode }),
      stateless: flags.stateless === true,
      env: process.env,
      ...(interventions === null ? {} : { intervene: (request) => interventions.take(request) }),
      // The judge has spoken just before, of this very request; a fault may have changed what it saw.
      ...(flags.fault === undefined ? { onJudged: (judgement) => void (early.judgement = judgement) } : {}),
      onExchange: (exchange) => {
        const known = early.judgement === null ? null : judgedRequest(early.judgement);
        early.judgement = null;
        early.live?.see(exchange, null, known);
      },
    });
  } catch (error) {
    if (!(error instanceof ServeError) && !(error instanceof RangeError)) throw error;
    console.err(`error: ${error.message}\n`);
    await recorder?.finish();
    return error instanceof ServeError ? BROKEN : MISUSE;
  }
  const live = new LiveTraffic({
    console,
    contracts,
    // The answers are the mock's own: with a fault they are wrong on purpose.
    judge: { dialects: config.dialects, today: new Date().toISOString().slice(0, 10), judgesAnswers: false },
    redactor: createRedactor(),
    about: await aboutCommand('mock', workspace.notes),
    target: { name: 'mock', baseUrl: served.url, mode: 'mock', insecure: false, writes: true },
    plans,
    recorder,
    quiet: flags.quiet === true,
  });
  early.live = live;

  // The address is what a script waits for; all else goes to standard error.
  console.out(`${served.url}\n`);
  for (const { resource, path, dialect } of contracts) {
    const [base = ''] = config.dialects.get(dialect)?.bases ?? [];
    console.err(`serving ${resource} at ${served.url}${base}${path}\n`);
  }
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

/** `--delay books/GET=2s`, `--status CREATE=429x2`; or what is wrong with one of them, in one sentence. */
function interventionsOf(flags: MockFlags, resources: readonly string[]): readonly Intervention[] | string {
  const rows: Intervention[] = [];
  for (const text of flags.delay ?? []) {
    const row = interventionOf(text, '--delay', resources, (value) => {
      try {
        return { delayMs: duration(value), status: null, times: null };
      } catch {
        return 'a duration looks like 500ms, 2s or 1m';
      }
    });
    if (typeof row === 'string') return row;
    rows.push(row);
  }
  for (const text of flags.status ?? []) {
    const row = interventionOf(text, '--status', resources, (value) => {
      const [, status = '', times] = /^([1-5]\d\d)(?:x(\d{1,6}))?$/.exec(value) ?? [];
      if (Number(status) < 200) return 'a status looks like 503, or 503x2 for the first two times';
      return { delayMs: 0, status: Number(status), times: times === undefined ? null : Number(times) };
    });
    if (typeof row === 'string') return row;
    rows.push(row);
  }
  return rows;
}

function interventionOf(
  text: string,
  flag: string,
  resources: readonly string[],
  read: (value: string) => Omit<Intervention, 'selector'> | string,
): Intervention | string {
  const equals = text.lastIndexOf('=');
  if (equals < 1) return `\`${flag} ${text}\` lacks its value: books/GET=…`;
  const selector = parseSelector(text.slice(0, equals), resources);
  if (typeof selector === 'string') return `${flag}: ${selector}`;
  const value = read(text.slice(equals + 1));
  return typeof value === 'string' ? `${flag} ${text}: ${value}` : { selector, ...value };
}
