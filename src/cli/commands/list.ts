/** `list [files…]`: the cases that a run would send. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import {
  addConfigFlags,
  addEndpointFlags,
  addSelectionFlags,
  type ConfigFlags,
  type EndpointFlags,
  type SelectionFlags,
} from '../selection-flags.ts';

export interface ListFlags extends SelectionFlags, EndpointFlags, ConfigFlags {
  readonly requests?: boolean;
  readonly json?: boolean;
}

export function defineList(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs; FILE:LINE is the case at that line');
  addSelectionFlags(command);
  addEndpointFlags(command);
  addConfigFlags(command);
  command
    .option('--requests', 'show the final request of each step, with the origin of each header')
    .option('--json', 'print an array of JSON objects')
    .action(async (files: readonly string[], flags: ListFlags) => {
      const { listCases } = await import('../list-action.ts');
      process.exitCode = await listCases(files, flags, console);
    });
}
