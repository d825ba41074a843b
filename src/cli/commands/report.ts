/** `report <stream…>`: renders the results of an earlier run again, or of its shards together, without a network. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { each } from '../flags.ts';

interface ReportFlags {
  readonly reporter?: readonly string[];
  readonly output?: string;
  readonly strict?: boolean;
}

export function defineReport(command: Command, console: Console): void {
  command
    .argument('<streams...>', 'results.ndjson of a run, or of each of its shards')
    .option(
      '--reporter <name[=path]>',
      'what to render, repeatable (default: text, and html into the output folder)',
      each,
    )
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .option('--strict', 'count flaky as failed')
    .action(async (files: readonly string[], flags: ReportFlags) => {
      const { renderAgain } = await import('../render-again.ts');
      process.exitCode = await renderAgain(files, flags, console);
    });
}
