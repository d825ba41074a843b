/** `traffic <recordings…> [contracts…]`: judges what others sent, from recordings. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Console } from '../console.ts';
import { basePath, each, oneOf } from '../flags.ts';
import type { OutputFlags } from '../outputs.ts';
import { addConfigFlags, type ConfigFlags } from '../selection-flags.ts';

export interface TrafficFlags extends ConfigFlags, OutputFlags {
  readonly format?: 'har' | 'ndjson' | 'curl' | 'http';
  readonly dialect?: string;
  readonly basePath?: string;
}

export function defineTraffic(command: Command, console: Console): void {
  command.argument(
    '<files...>',
    'recordings (HAR, NDJSON, curl commands, raw HTTP; - is standard input), and contract files or folders',
  );
  addConfigFlags(command);
  command
    .addOption(
      new Option('--format <name>', 'read all recordings as har, ndjson, curl or http (default: by content)').argParser(
        oneOf('har', 'ndjson', 'curl', 'http'),
      ),
    )
    .option(
      '--dialect <name>',
      'dialect to judge by: restli, linkedin, or one of the config (default: each contract’s)',
    )
    .option(
      '--base-path <path>',
      'what stands before the paths of the resources, beside the bases of the dialect',
      basePath,
    )
    .option('--reporter <name[=path]>', 'text, dot, ndjson, html, junit, github, markdown, summary; repeatable', each)
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .option('--no-report', 'write no files, only to the terminal')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: TrafficFlags) => {
      const { traffic } = await import('../traffic-action.ts');
      process.exitCode = await traffic(files, flags, console);
    });
}

const EXAMPLES = `
Arguments that are folders, or named *.contract.yaml, .json or .ts, are contracts; without any those of the config count.

  restli-contract traffic calls.har contracts/
  pbpaste | restli-contract traffic - contracts/adAccounts.contract.yaml --dialect linkedin

Exit codes: 0 every request that a contract covers keeps it; 1 one does not, or none is covered; 2 usage, contract or
recording cannot be read; 3 an output could not be written.
`;
