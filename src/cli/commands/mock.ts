/** `mock [files…]`: serves contracts until it is stopped. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Console } from '../console.ts';
import { each, list, oneOf, wholeNumber } from '../flags.ts';
import type { OutputFlags } from '../outputs.ts';
import { addConfigFlags, type ConfigFlags } from '../selection-flags.ts';

export interface MockFlags extends ConfigFlags, OutputFlags {
  readonly port?: number;
  readonly host?: string;
  readonly mode?: 'strict' | 'oss';
  readonly fault?: readonly string[];
  readonly delay?: readonly string[];
  readonly status?: readonly string[];
  readonly record?: readonly string[];
  readonly stateless?: boolean;
  readonly quiet?: boolean;
  readonly failOnViolation?: boolean;
}

export function defineMock(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs');
  addConfigFlags(command);
  command
    .option('--port <number>', 'port to listen on; 0: one that is free (default: 8080)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .addOption(
      new Option(
        '--mode <mode>',
        'strict: refuse what the contract does not allow; oss: do as the open-source server',
      ).argParser(oneOf('strict', 'oss')),
    )
    .option('--fault <names>', 'faults to have, repeatable; an unknown name lists them', list)
    .option('--stateless', 'answer from the examples only')
    .option(
      '--delay <what=duration>',
      'wait before these answers: GET=200ms, books/FINDER/search=2s, *=1s; repeatable',
      each,
    )
    .option('--status <what=status>', 'answer these so: CREATE=503, books/GET=429x2 (twice only); repeatable', each)
    .option('--record <file>', 'keep what passes, redacted: HAR if it ends in .har, else NDJSON; repeatable', each)
    .option('--quiet', 'show only requests that break the contract')
    .option('--fail-on-violation', 'exit with 1 when a request broke the contract')
    .option('--reporter <name[=path]>', 'what to render at the end, as for `run`; repeatable (default: none)', each)
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: MockFlags) => {
      const { mock } = await import('../mock-action.ts');
      process.exitCode = await mock(files, flags, console);
    });
}

const EXAMPLES = `
  restli-contract mock contracts/ --port 8080
  restli-contract mock contracts/ --port 0 --fail-on-violation & npm test; kill %1; wait %1

The address is printed on standard output. SIGINT or SIGTERM ends it: 0, or 1 under --fail-on-violation.
`;
