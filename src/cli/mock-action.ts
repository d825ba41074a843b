/** What `mock` does: serves contracts until SIGINT or SIGTERM, then says what it was asked. */
import { serveContracts, ServeError, type Served } from '../mock/server.ts';
import { RULE_HEADER } from '../mock/understand-strict.ts';
import { headerOf, type Exchange } from '../transport/exchange.ts';
import { createRedactor } from '../transport/redact.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { MockFlags } from './commands/mock.ts';
import type { Console } from './console.ts';
import { unknownFault } from './fault-names.ts';
import { stopOnSignals } from './signals.ts';
import { openWorkspace } from './workspace.ts';

const DEFAULT_PORT = 8080;

export async function mock(files: readonly string[], flags: MockFlags, console: Console): Promise<number> {
  const fault = await unknownFault(flags.fault ?? []);
  if (fault !== null) {
    console.err(`error: ${fault}\n`);
    return MISUSE;
  }
  const workspace = await openWorkspace(files, flags, console);
  if (workspace === null || workspace.contracts.length === 0) return MISUSE;

  const tally = new Map<string, number>();
  const redactor = createRedactor();
  let served: Served;
  try {
    served = await serveContracts(workspace.contracts, {
      port: flags.port ?? DEFAULT_PORT,
      dialects: workspace.config.dialects,
      faults: flags.fault ?? [],
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.mode === undefined ? {} : { mode: flags.mode }),
      stateless: flags.stateless === true,
      onExchange: (exchange) => {
        const rule = ruleOf(exchange);
        tally.set(rule ?? '', (tally.get(rule ?? '') ?? 0) + 1);
        if (flags.quiet !== true) console.err(`${redactor.redactText(lineOf(exchange, rule))}\n`);
      },
    });
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    console.err(`error: ${error.message}\n`);
    return BROKEN;
  }

  // The address is what a script waits for; all else goes to standard error.
  console.out(`${served.url}\n`);
  for (const { resource, path } of workspace.contracts) console.err(`serving ${resource} at ${served.url}${path}\n`);
  const signals = stopOnSignals('stopping');
  await new Promise<void>((resolve) => {
    signals.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  signals.dispose();

  const broken = [...tally].filter(([rule]) => rule !== '');
  const total = [...tally.values()].reduce((sum, count) => sum + count, 0);
  console.err(
    `${total} request${total === 1 ? '' : 's'}, ${broken.reduce((sum, [, count]) => sum + count, 0)} against the contract\n`,
  );
  for (const [rule, count] of broken.toSorted(([, a], [, b]) => b - a))
    console.err(`  ${String(count).padStart(5)}  ${rule}\n`);
  return broken.length > 0 && flags.failOnViolation === true ? 1 : 0;
}

function ruleOf({ response }: Exchange): string | null {
  return response === null ? null : headerOf(response.headers, RULE_HEADER);
}

function lineOf({ request, response }: Exchange, rule: string | null): string {
  return `${request.verb} ${request.target} -> ${response?.status ?? 'no answer'}${rule === null ? '' : `  ${rule}`}`;
}
