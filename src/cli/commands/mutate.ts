/** `mutate [files…]`: would the contracts notice a faulty endpoint? */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { each, list, percent, variable } from '../flags.ts';
import { addConfigFlags, addSelectionFlags, type ConfigFlags, type SelectionFlags } from '../selection-flags.ts';

export interface MutateFlags extends SelectionFlags, ConfigFlags {
  readonly var?: readonly string[];
  readonly fault?: readonly string[];
  readonly minScore?: number;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly reporter?: readonly string[];
  readonly output?: string;
}

export function defineMutate(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs');
  addSelectionFlags(command);
  addConfigFlags(command);
  command
    .option('--var <name=value>', 'a variable, repeatable', variable)
    .option('--fault <names>', 'only these faults, repeatable (default: all)', list)
    .option('--min-score <percent>', 'fail unless so many of the mutants are noticed', percent)
    .option('--json', 'print what came of the mutants as JSON, and nothing else')
    .option('--strict', 'count flaky as failed')
    .option('--reporter <name[=path]>', 'as in run: text (default), html, markdown, summary, ndjson…; repeatable', each)
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: MutateFlags) => {
      const { mutate } = await import('../mutate-action.ts');
      process.exitCode = await mutate(files, flags, console);
    });
}

const EXAMPLES = `
The cases are run against mocks that are each broken in one known way. A mutant is one fault in one method of one
resource; one that no case notices is shown with a case to paste. Nothing is sent anywhere.

  restli-contract mutate contracts/books.contract.yaml --min-score 90
  restli-contract mutate --group contract --reporter text --reporter html

Exit codes: 0 the score is reached; 1 it is not, or a case fails without any fault; 2 usage, config or contract error.
`;
