/** `run [files…]`: replays contracts against a target, or against the embedded endpoint. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import type { CoverageMinimums } from '../../run/coverage-minimums.ts';
import { baseUrl, duration, each, list, minCoverage, wholeNumber } from '../flags.ts';
import {
  addConfigFlags,
  addEndpointFlags,
  addSelectionFlags,
  type ConfigFlags,
  type EndpointFlags,
  type SelectionFlags,
} from '../selection-flags.ts';

export interface RunFlags extends SelectionFlags, EndpointFlags, ConfigFlags {
  readonly bail?: number | true;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly connectTimeout?: number;
  readonly retries?: number;
  readonly strict?: boolean;
  readonly minCoverage?: CoverageMinimums;
  readonly reporter?: readonly string[];
  readonly output?: string;
  /** False under `--no-report`. */
  readonly report?: boolean;
  readonly insecure?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly proxy?: string;
  readonly inProcess?: boolean;
  readonly fault?: readonly string[];
  readonly baselineUrl?: string;
}

export function defineRun(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs; FILE:LINE is the case at that line');
  addSelectionFlags(command);
  addEndpointFlags(command);
  addConfigFlags(command);
  command
    .option('--bail [failures]', 'begin nothing more after so many failures (default: 1)', wholeNumber(1, 1_000_000))
    .option('--concurrency <number>', 'cases under way at once (default: 16)', wholeNumber(1, 256))
    .option('--timeout <duration>', 'of one request, as in 500ms or 10s (default: 30s)', duration)
    .option('--connect-timeout <duration>', 'of a connection (default: 5s)', duration)
    .option(
      '--retries <number>',
      'run a failed case again; one that passes then is flaky (default: 0)',
      wholeNumber(0, 10),
    )
    .option('--strict', 'count flaky as failed')
    .option('--min-coverage <minimums>', 'fail below them, as in methods=100,statuses=80', minCoverage)
    .option('--reporter <name[=path]>', 'text, dot, ndjson, html, junit, github, markdown, summary; repeatable', each)
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .option('--no-report', 'write no files, only to the terminal')
    .option('--insecure', 'do not check the certificate of the server')
    .option('--ca <file>', 'PEM file of the authorities to trust')
    .option('--cert <file>', 'PEM file of the certificate of the client')
    .option('--key <file>', 'PEM file of its key')
    .option('--proxy <url>', 'proxy to go through (default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY)')
    .option(
      '--baseline-url <url>',
      'send everything there, too, and report what differs; headers and auth are those of the target',
      baseUrl,
    )
    .option('--in-process', 'ask the embedded endpoint without a socket')
    .option('--fault <names>', 'faults that the embedded endpoint is to have, repeatable', list)
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: RunFlags) => {
      const { run } = await import('../run-action.ts');
      process.exitCode = await run(files, flags, console);
    });
}

const EXAMPLES = `
Without a target the contracts are replayed against a mock made from them: that checks contracts, not a service.

  restli-contract run contracts/books.contract.yaml --base-url http://localhost:8080
  restli-contract run --target staging --case 'books/GET/**' --reporter junit=junit.xml
  restli-contract run contracts/books.contract.yaml:41
  restli-contract run --base-url http://new:8080 --baseline-url http://old:8080

Exit codes: 0 every promise kept; 1 a case failed or nothing was run; 2 usage, config or contract error;
3 nothing answered, or an output could not be written; 130, 143 interrupted.
`;
