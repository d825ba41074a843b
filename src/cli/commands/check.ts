/** `check [files…]`: every problem of contract files, without sending anything. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addConfigFlags, type ConfigFlags } from '../selection-flags.ts';

export function defineCheck(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs');
  addConfigFlags(command);
  command
    .option('--json', 'print the problems as JSON')
    .action(async (files: readonly string[], flags: ConfigFlags & { readonly json?: boolean }) => {
      const { check } = await import('../check-action.ts');
      process.exitCode = await check(files, flags, console);
    });
}
