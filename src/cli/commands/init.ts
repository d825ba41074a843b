/** `init [folder]`: a config and a first contract that runs. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';

export function defineInit(command: Command, console: Console): void {
  command.argument('[folder]', 'where to write (default: here)', '.').action(async (folder: string) => {
    const { init } = await import('../init-action.ts');
    process.exitCode = await init(folder, console);
  });
}
