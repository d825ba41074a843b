/** `mock [files…]`: serves contracts until it is stopped. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Console } from '../console.ts';
import { list, oneOf, wholeNumber } from '../flags.ts';
import { addConfigFlags, type ConfigFlags } from '../selection-flags.ts';

export interface MockFlags extends ConfigFlags {
  readonly port?: number;
  readonly host?: string;
  readonly mode?: 'strict' | 'oss';
  readonly fault?: readonly string[];
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
    .option('--quiet', 'do not print a line a request')
    .option('--fail-on-violation', 'exit with 1 when a request broke the contract')
    .action(async (files: readonly string[], flags: MockFlags) => {
      const { mock } = await import('../mock-action.ts');
      process.exitCode = await mock(files, flags, console);
    });
}
