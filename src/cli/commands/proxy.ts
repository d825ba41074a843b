/** `proxy [files…] --base-url URL`: passes traffic on unchanged and judges both directions. */
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { baseUrl, each, wholeNumber } from '../flags.ts';
import type { OutputFlags } from '../outputs.ts';
import { addConfigFlags, type ConfigFlags } from '../selection-flags.ts';

export interface ProxyFlags extends ConfigFlags, OutputFlags {
  readonly baseUrl?: string;
  readonly target?: string;
  readonly port?: number;
  readonly host?: string;
  readonly dialect?: string;
  readonly allowWrites?: boolean;
  readonly record?: readonly string[];
  readonly quiet?: boolean;
  readonly failOnViolation?: boolean;
  readonly insecure?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export function defineProxy(command: Command, console: Console): void {
  command.argument('[files...]', 'contract files, folders or globs');
  addConfigFlags(command);
  command
    .option('--base-url <url>', 'the endpoint that everything is passed on to', baseUrl)
    .option('--target <name>', 'a target of the config in its place')
    .option('--port <number>', 'port to listen on; 0: one that is free (default: 8081)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--dialect <name>', 'dialect to judge by: restli, linkedin, or one of the config')
    .option('--allow-writes', 'pass on requests that write to a host that is not this machine')
    .option('--record <file>', 'keep what passes, redacted: HAR if it ends in .har, else NDJSON; repeatable', each)
    .option('--quiet', 'show only requests that break a contract')
    .option('--fail-on-violation', 'exit with 1 when an exchange broke a contract')
    .option('--reporter <name[=path]>', 'what to render at the end, as for `run`; repeatable (default: none)', each)
    .option('--output <folder>', 'where reports without a path go (default: reports)')
    .option('--insecure', 'do not check the certificate of the endpoint')
    .option('--ca <file>', 'PEM file of the authorities to trust')
    .option('--cert <file>', 'PEM file of the certificate of the client')
    .option('--key <file>', 'PEM file of its key')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: ProxyFlags) => {
      const { proxy } = await import('../proxy-action.ts');
      process.exitCode = await proxy(files, flags, console);
    });
}

const EXAMPLES = `
  restli-contract proxy contracts/ --base-url https://api.example.com/rest --record calls.har

Point the client at the address that is printed. SIGINT ends it: 0, or 1 under --fail-on-violation.
`;
