/** The flags that `run`, `list` and `mock` share: which contracts, which cases of them, which endpoint. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { baseUrl, each, header, list, oneOf, shard, variable, wholeNumber, type ShardFlag } from './flags.ts';

export interface SelectionFlags {
  readonly case?: readonly string[];
  readonly method?: readonly string[];
  readonly resource?: readonly string[];
  readonly tag?: readonly string[];
  readonly group?: readonly string[];
  readonly shard?: ShardFlag;
  readonly seed?: number;
}

export interface EndpointFlags {
  readonly baseUrl?: string;
  readonly target?: string;
  readonly protocol?: '2.0.0' | '1.0.0';
  readonly dialect?: string;
  readonly header?: readonly string[];
  readonly var?: readonly string[];
  readonly allowWrites?: boolean;
}

export interface ConfigFlags {
  readonly config?: string;
  readonly allowOutsideRoot?: boolean;
}

export function addConfigFlags(command: Command): void {
  command.option('--config <file>', 'the config file (default: restli-contract.config.{yaml,json,ts} in this folder)');
  command.option('--allow-outside-root', 'let contracts read schemas outside of this folder by `$ref`');
}

export function addSelectionFlags(command: Command): void {
  command
    .option(
      '--case <glob>',
      'cases by id: a glob (* within a segment, ** across), an id or the start of one, or one segment; repeatable',
      each,
    )
    .option('--method <names>', 'cases of these request methods, as in BATCH_GET', list)
    .option('--resource <names>', 'cases of these resources', list)
    .option('--tag <names>', 'cases with one of these tags', list)
    .option('--group <names>', 'groups of cases: contract,headers,laws,negative (default: the first three)', list)
    .option('--shard <i/n>', 'one of n parts of the plan', shard)
    .option('--seed <number>', 'seed of what is derived (default: 1)', wholeNumber(0, 4_294_967_295));
}

export function addEndpointFlags(command: Command): void {
  command
    .option('--base-url <url>', 'where the service is: everything before the path of a resource', baseUrl)
    .option('--target <name>', 'a target of the config; `mock` is the embedded endpoint')
    .addOption(new Option('--protocol <version>', 'protocol version to speak').argParser(oneOf('2.0.0', '1.0.0')))
    .option('--dialect <name>', 'dialect to speak: restli, linkedin, or one of the config')
    .option(
      '-H, --header <line>',
      "a header of every request, 'Name: value'; 'Name:' leaves it out, repeatable",
      header,
    )
    .option('--var <name=value>', 'a variable, repeatable', variable)
    .option('--allow-writes', 'send requests that write to a host that is not this machine');
}
