/** The commander tree: one row a command, its file loaded when it is the one asked for. */
import { Command, CommanderError } from 'commander';
import { MISUSE } from './codes.ts';
import { createConsole, type Console } from './console.ts';
import { VERSION } from './version.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Adds arguments, flags and action to the bare command. */
  readonly load: () => Promise<(command: Command, console: Console) => void>;
}

// prettier-ignore
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'run',        summary: 'replay contracts against a target, or against the embedded endpoint', load: async () => (await import('./commands/run.ts')).defineRun },
  { name: 'check',      summary: 'check contract files, without sending anything',                      load: async () => (await import('./commands/check.ts')).defineCheck },
  { name: 'list',       summary: 'show the cases that a run would send',                                load: async () => (await import('./commands/list.ts')).defineList },
  { name: 'mock',       summary: 'serve contracts as an endpoint that keeps them',                      load: async () => (await import('./commands/mock.ts')).defineMock },
  { name: 'proxy',      summary: 'pass traffic on unchanged, and judge both directions',                load: async () => (await import('./commands/proxy.ts')).defineProxy },
  { name: 'traffic',    summary: 'judge recorded requests: HAR, NDJSON, curl commands or raw HTTP',            load: async () => (await import('./commands/traffic.ts')).defineTraffic },
  { name: 'mutate',     summary: 'would the contracts notice a faulty endpoint? and what to add where not',    load: async () => (await import('./commands/mutate.ts')).defineMutate },
  { name: 'convert',    summary: 'make contracts from Rest.li descriptions, HAR or curl, and OpenAPI from them', load: async () => (await import('./commands/convert.ts')).defineConvert },
  { name: 'report',     summary: 'render the results of an earlier run again',                          load: async () => (await import('./commands/report.ts')).defineReport },
  { name: 'explain',    summary: 'explain a rule or a request method',                                  load: async () => (await import('./commands/explain.ts')).defineExplain },
  { name: 'init',       summary: 'write a config and a first contract that runs',                       load: async () => (await import('./commands/init.ts')).defineInit },
  { name: 'completion', summary: 'print completion for bash, zsh or fish',                              load: async () => (await import('./commands/completion.ts')).defineCompletion },
];

/** Runs one command line; ends with `process.exitCode` set. */
export async function main(args: readonly string[]): Promise<void> {
  const console = createConsole(args);
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (reason: unknown) => process.exit(console.crash(reason)));
  if (!args.some((arg) => !['--no-color', '--debug'].includes(arg))) {
    console.err(shortHelp());
    process.exitCode = MISUSE;
    return;
  }
  try {
    await (await buildProgram(console, args)).parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? exitOf(error) : console.crash(error);
  }
}

/**
 * The tree with the wanted command filled in; all of them are when it is for completion or `all` is set.
 */
export async function buildProgram(console: Console, args: readonly string[], all = false): Promise<Command> {
  const program = new Command('restli-contract');
  program
    .description('Contract tests for APIs that speak the 14 Rest.li request methods.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .option('--no-color', 'never colour the output')
    .option('--debug', 'show stack traces')
    .configureOutput({
      writeOut: (text) => console.out(text),
      writeErr: (text) => console.err(text),
      // What is refused is quoted, and must not show credentials.
      outputError: (text, write) => write(text.replace(/\/\/[^/@\s]*@/g, '//‹redacted›@')),
    })
    .showSuggestionAfterError(true)
    .exitOverride()
    .usage('<command> [options]')
    .addHelpText('after', '\nA first look:\n  restli-contract init && restli-contract run\n');

  const asked = args.find((arg) => !arg.startsWith('-'));
  const wanted = asked === 'help' ? args[args.indexOf('help') + 1] : asked;
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).description(summary);
    // Flags that stand for every command are known wherever they are written.
    command.option('--no-color', 'never colour the output').option('--debug', 'show stack traces');
    if (all || name === wanted) (await load())(command, console);
    command.exitOverride();
  }
  return program;
}

/** What stands on stderr when no command was given. */
function shortHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const rows = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `restli-contract: name a command\n\n${rows.join('\n')}\n\nrestli-contract <command> --help tells more.\n`;
}

function exitOf(error: CommanderError): number {
  if (error.exitCode === 0 || error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0;
  return MISUSE;
}
